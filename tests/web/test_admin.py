"""The pages of the web admin: what they show and what their forms do."""

from __future__ import annotations

import re
import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from attendance import commitments, draws, outcomes, prompts
from attendance.admin import texts
from attendance.models import Call, CheckIn, Draw, Prompt, Review
from policy import domiciles
from policy.models import Domicile, LocationRead, RoleGrant, Roster, Scheme, User
from tests import make
from tests.make import HOME, MALL, MONDAY, at, wib

pytestmark = pytest.mark.django_db


def desk(person) -> Client:
    """A browser signed in as an employee or a user."""
    client = Client()
    client.force_login(getattr(person, "user", person), "policy.signin.NumberBackend")
    return client


def home(person, **query) -> str:
    response = desk(person).get("/admin/", query)
    assert response.status_code == 200
    return response.content.decode()


def page(person, name: str, *args):
    return desk(person).get(reverse(f"admin:{name}", args=args))


def words(html: str) -> str:
    """The text of a page with single spaces."""
    body = re.sub(r"<(script|style).*?</\1>", " ", html, flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


@pytest.fixture
def prompt(cast, check_in, monday) -> Prompt:
    """Ani was drawn at 10:00; it is 10:03."""
    cast.scheme.draw_percent = 100
    cast.scheme.save()
    check_in(cast.ani)
    commitments.commit(wib("05:00"))
    draws.draw_due(wib("10:00"))
    prompts.notify_pending(wib("10:00"))
    monday("10:03")
    return Prompt.objects.get()


def a_call(**changes) -> dict:
    said = {"id": str(uuid.uuid4()), "outcome": "verified", "stated_place": "Ruang kerja di rumah"}
    return said | {"at_home": "yes", "in_uniform": "unseen", "note": ""} | changes


# The home page


def test_the_login_page_asks_for_nrk_or_nip(client, cast):
    text = words(client.get("/admin/login/").content.decode())
    assert "Selamat datang di Hadir" in text and "NRK atau NIP" in text


def test_signing_in_by_nrk_leads_home(client, cast):
    said = {"username": cast.citra.nrk, "password": make.PASSWORD, "next": "/admin/"}
    assert client.post("/admin/login/", said)["Location"] == "/admin/"
    assert 'name="next" value="/admin/" form="login-form"' in Client().get("/admin/login/").content.decode()


def test_a_superior_sees_figures_calls_reviews_and_people(cast, check_in, prompt, monday):
    check_in(cast.bayu, "08:20", **at(make.OFFICE))
    monday("10:05")
    text = words(home(cast.citra))
    assert "Hadir 2 dari 3 pegawai" in text and "Panggilan 1 menunggu Anda" in text
    assert "15 menit lagi" in text and "Buka panggilan" in text
    assert "Masuk, 21 Agu 2023 08.20 WIB" in text and "Perlu ditinjau 1 presensi" in text
    assert "07.10 WIB" in text and "Belum presensi" in text


def test_the_video_link_opens_apart_and_tells_nothing(cast, prompt):
    html = home(cast.citra)
    link = f'href="https://vicon.example.go.id/{prompt.room}" target="_blank" rel="noopener noreferrer"'
    assert link in html


def test_pages_call_no_foreign_host(cast, prompt):
    for person in (cast.citra, cast.eko, cast.dewi, cast.joni):
        links = re.findall(r'(?:src|href|action)="(https?:)?//([^"/]+)', home(person))
        assert {host for _scheme, host in links} <= {"vicon.example.go.id"}


def test_an_open_session_does_not_reach_the_superior_yet(cast, check_in, monday):
    check_in(cast.ani, "07:10", uniform_photo=False)
    monday("07:11")
    assert "Perlu ditinjau 0 presensi" in words(home(cast.citra))
    monday("07:12")
    assert "Perlu ditinjau 1 presensi" in words(home(cast.citra))


def test_a_superior_sees_a_distance_band_and_no_metres(cast, check_in, monday):
    check_in(cast.ani, **at(MALL))
    monday("09:00")
    event = CheckIn.objects.get()
    shown = home(cast.citra) + page(cast.citra, "attendance_checkin_change", event.pk).content.decode()
    assert "lebih dari 2 km" in shown
    assert f"{event.distance_m:.0f} m" not in shown and str(HOME[0]) not in shown
    assert (
        f"{event.distance_m:.0f} m" in page(cast.eko, "attendance_checkin_change", event.pk).content.decode()
    )


def test_hr_sees_the_table_of_units_with_the_cap(cast, check_in, prompt):
    context = desk(cast.eko).get("/admin/").context
    (agency,) = [s for s in context["sections"] if "units" in s]
    (bureau,) = [row for row in agency["units"] if row["name"] == "Biro Organisasi"]
    figures = dict(zip((name for name, *_ in agency["columns"]), bureau["figures"], strict=True))
    assert {name: figures[name]["value"] for name in ("headcount", "planned_wfh", "cap", "present", "drawn")} == {
        "headcount": 5, "planned_wfh": 1, "cap": 2, "present": 1, "drawn": 1,
    }  # fmt: skip


def test_an_auditor_sees_the_table_and_no_domiciles_to_decide(cast):
    text = words(home(cast.fajar))
    assert "Seksi Tata Laksana" not in text and "Biro Organisasi" in text
    assert "Domisili menunggu keputusan" not in text


def test_a_missed_draw_is_an_alert(cast, monday):
    Draw.objects.create(
        agency=cast.dki, date=MONDAY, zone="Asia/Jakarta", slot="10:00", state="missed", drawn_at=wib("11:00")
    )
    monday("11:00")
    assert "Undian verifikasi pukul 10.00 terlewat" in words(home(cast.eko))


def test_several_roles_stand_one_below_another_and_nobody_twice(cast, monday):
    make.make_grant(cast.citra.user, "officer", cast.dki, cast.section)
    monday("09:00")
    sections = desk(cast.citra).get("/admin/").context["sections"]
    names = [row.name for section in sections for row in section.get("people", [])]
    assert sorted(names) == ["Ani", "Bayu", "Citra", "Dewi"]


def test_somebody_without_a_role_reads_a_friendly_sentence(cast, monday):
    stranger = make.make_employee(cast.section, cast.office, "Wati", is_staff=True)
    monday("09:00")
    assert "Selamat datang" in words(home(stranger)) and "Ani" not in home(stranger)


@pytest.mark.parametrize(
    "text", ["31-02-2023", "2023-02-30", "kemarin", "0000-00-00", "9999-12-31", "2023-08-21'"]
)
def test_an_unreadable_date_gives_today_and_a_sentence(cast, monday, text):
    monday("09:00")
    shown = words(home(cast.citra, date=text))
    assert "Tanggal tersebut tidak dapat dibaca" in shown and "Senin, 21 Agustus 2023" in shown


def test_another_day_can_be_looked_at(cast, check_in, monday):
    check_in(cast.ani)
    monday("09:00", MONDAY.replace(day=22))
    assert "Selasa, 22 Agustus 2023" in words(home(cast.citra))
    assert "07.10 WIB" in words(home(cast.citra, date="2023-08-21"))


def test_a_rehearsal_shows_its_simulated_time(cast, monday, settings):
    monday("10:05")
    assert "GLADI" not in home(cast.citra)
    settings.HADIR_REHEARSAL = True
    assert "waktu simulasi: 21 Agu 2023, 10.05 WIB" in words(home(cast.citra))


# Calls


def test_the_superior_records_a_call(cast, prompt):
    desk(cast.citra).post(reverse("admin:attendance_prompt_call", args=[prompt.pk]), a_call())
    call = Call.objects.get()
    assert (call.outcome, call.at_home, call.in_uniform, call.recorded_by) == (
        "verified",
        True,
        None,
        cast.citra.user,
    )
    assert "Tidak ada panggilan yang menunggu Anda." in words(home(cast.citra))


def test_a_double_submit_gives_one_call(cast, prompt):
    said, address = a_call(), reverse("admin:attendance_prompt_call", args=[prompt.pk])
    for _ in range(2):
        assert desk(cast.citra).post(address, said).status_code == 302
    assert Call.objects.count() == 1


def test_every_opened_form_carries_an_id_of_its_own(cast, prompt):
    found = [
        page(cast.citra, "attendance_prompt_call", prompt.pk).context["form"]["id"].value() for _ in range(2)
    ]
    assert found[0] != found[1]


def test_a_form_sent_again_with_other_words_is_refused_with_a_sentence(cast, prompt):
    said, address = a_call(), reverse("admin:attendance_prompt_call", args=[prompt.pk])
    client = desk(cast.citra)
    client.post(address, said)
    answer = client.post(address, said | {"outcome": "elsewhere"}, follow=True)
    assert "Formulir ini sudah dikirim dengan isi lain" in words(answer.content.decode())
    assert Call.objects.get().outcome == "verified"


@pytest.mark.parametrize("missing", ["outcome", "at_home", "in_uniform", "id"])
def test_an_incomplete_call_is_shown_again(cast, prompt, missing):
    said = {name: value for name, value in a_call().items() if name != missing}
    answer = desk(cast.citra).post(reverse("admin:attendance_prompt_call", args=[prompt.pk]), said)
    assert answer.status_code == 200 and Call.objects.count() == 0


def test_only_the_superior_may_record_a_call(cast, prompt):
    for person, status in [
        (cast.eko, 403),
        (cast.dewi, 403),
        (cast.fajar, 403),
        (cast.indra, 404),
        (cast.hasan, 404),
    ]:
        for method in ("get", "post"):
            address = reverse("admin:attendance_prompt_call", args=[prompt.pk])
            assert getattr(desk(person), method)(address, a_call()).status_code == status
    assert Call.objects.count() == 0


def test_nobody_calls_himself_even_as_a_stand_in(cast, prompt):
    cast.ani.user.is_staff = True
    cast.ani.user.save()
    cast.ani.deputations.create(superior=cast.citra, kind="plh", starts=MONDAY)
    address = reverse("admin:attendance_prompt_call", args=[prompt.pk])
    assert desk(cast.ani).post(address, a_call()).status_code == 403
    assert "Buka panggilan" not in home(cast.ani)


# Reviews


def decide(person, event, decision="accepted", note="Sudah dihubungi."):
    address = reverse("admin:attendance_checkin_decide", args=[event.pk])
    return desk(person).post(address, {"decision": decision, "note": note}, follow=True)


@pytest.fixture
def doubtful(cast, check_in, monday) -> CheckIn:
    """Ani's check-in without uniform, its session closed."""
    check_in(cast.ani, uniform_photo=False)
    monday("09:00")
    return CheckIn.objects.get()


@pytest.mark.parametrize("who", ["citra", "eko"])
def test_the_superior_of_that_day_and_hr_decide(cast, doubtful, who):
    text = words(decide(getattr(cast, who), doubtful, note="Foto menyusul.").content.decode())
    assert "Keputusan Anda telah dicatat." in text and "Foto menyusul." in text
    assert Review.objects.get().decided_by == getattr(cast, who).user


@pytest.mark.parametrize(
    ("decision", "note"), [("accepted", ""), ("accepted", "   "), ("maybe", "ya"), ("", "ya")]
)
def test_a_decision_needs_a_choice_and_a_note(cast, doubtful, decision, note):
    text = words(decide(cast.citra, doubtful, decision, note).content.decode())
    assert "Mohon" in text and Review.objects.count() == 0


def test_nobody_decides_on_his_own_check_in(cast, check_in, monday):
    check_in(cast.eko, "08:30", **at(make.OFFICE))
    monday("09:00")
    event = CheckIn.objects.get()
    assert decide(cast.eko, event).status_code == 403
    shown = words(page(cast.eko, "attendance_checkin_change", event.pk).content.decode())
    assert "Keputusan Anda" not in shown and "Petunjuk bagi peninjau" not in shown


def test_an_accepted_check_in_offers_no_decision_and_refuses_one(cast, check_in, monday):
    check_in(cast.ani)
    monday("09:00")
    text = words(decide(cast.citra, CheckIn.objects.get()).content.decode())
    assert "tidak memerlukan keputusan" in text and "Keputusan Anda" not in text
    assert Review.objects.count() == 0


def test_every_reason_and_every_domain_error_has_a_sentence():
    assert set(texts.REASONS) == {"ok", *outcomes.TABLE}
    assert all(str(sentence).endswith(".") for _short, sentence in texts.REASONS.values())


# Domiciles


@pytest.fixture
def proposed(cast, monday) -> Domicile:
    """Bayu's new address waits for a decision."""
    monday("09:00")
    return domiciles.propose(
        cast.bayu, latitude=HOME[0], longitude=HOME[1], now=wib("08:00"), district="Depok"
    )


@pytest.mark.parametrize("who", ["eko", "dewi"])
def test_a_look_at_coordinates_is_written_down_once(cast, proposed, who):
    shown = page(getattr(cast, who), "policy_domicile_change", proposed.pk).content.decode()
    assert "-6.40250, 106.79420" in shown
    (read,) = LocationRead.objects.all()
    assert (read.reader, read.subject, read.what, read.read_at) == (
        getattr(cast, who).user,
        cast.bayu,
        f"domicile:{proposed.pk}",
        wib("09:00"),
    )


def test_an_auditor_sees_no_coordinates_and_leaves_no_trace(cast, proposed):
    shown = page(cast.fajar, "policy_domicile_change", proposed.pk).content.decode()
    assert "Depok" in shown and "-6.40250" not in shown and LocationRead.objects.count() == 0


def test_a_list_shows_no_coordinates(cast, proposed):
    shown = page(cast.eko, "policy_domicile_changelist").content.decode()
    assert "Depok" in shown and "6.4025" not in shown and LocationRead.objects.count() == 0


def test_ones_own_domicile_is_shown_without_a_record_and_cannot_be_decided(cast, monday):
    own = domiciles.propose(cast.dewi, latitude=HOME[0], longitude=HOME[1], now=wib("08:00"))
    monday("09:00")
    assert "-6.40250" in page(cast.dewi, "policy_domicile_change", own.pk).content.decode()
    address = reverse("admin:policy_domicile_decide", args=[own.pk])
    assert desk(cast.dewi).post(address, {"decision": "approve"}).status_code == 403
    assert LocationRead.objects.count() == 0


@pytest.mark.parametrize(("decision", "status"), [("approve", "approved"), ("reject", "rejected")])
def test_an_officer_decides_on_a_domicile(cast, proposed, decision, status):
    address = reverse("admin:policy_domicile_decide", args=[proposed.pk])
    desk(cast.dewi).post(address, {"decision": decision, "note": "Sesuai KTP."})
    proposed.refresh_from_db()
    assert (proposed.status, proposed.decided_by, proposed.decision_note) == (
        status,
        cast.dewi.user,
        "Sesuai KTP.",
    )


def test_others_do_not_decide_on_a_domicile(cast, proposed):
    address = reverse("admin:policy_domicile_decide", args=[proposed.pk])
    for person, status in [(cast.fajar, 403), (cast.citra, 404), (cast.indra, 404), (cast.hasan, 404)]:
        assert desk(person).post(address, {"decision": "approve"}).status_code == status
    assert desk(cast.eko).get(address).status_code == 405
    assert desk(cast.eko).post(address, {"decision": "whatever"}).status_code == 400
    proposed.refresh_from_db()
    assert proposed.status == "proposed"


def test_a_second_decision_is_a_sentence(cast, proposed):
    address = reverse("admin:policy_domicile_decide", args=[proposed.pk])
    desk(cast.eko).post(address, {"decision": "reject"})
    answer = desk(cast.dewi).post(address, {"decision": "approve"}, follow=True)
    assert "sudah diputuskan sebelumnya" in words(answer.content.decode())


# Rota, draws, accounts


def test_the_grid_of_a_rota_shows_plan_cap_and_document(cast, monday):
    monday("09:00")
    shown = words(page(cast.dewi, "policy_roster_change", Roster.objects.get().pk).content.decode())
    assert (
        "Ani WFH WFH WFH WFH WFH" in shown
        and "Batas 2 2 2 2 2" in shown
        and "34/SE/2023 – WFH paling banyak 50 %" in shown
    )


def test_a_draw_says_how_to_recompute_it(cast, prompt):
    shown = words(page(cast.eko, "attendance_draw_change", Draw.objects.get().pk).content.decode())
    assert "manage.py verify_draw 2023-08-21" in shown and "belum dibuka" in shown and "Bayu" not in shown


def test_the_administrator_makes_an_account_for_an_employee(cast, monday):
    monday("09:00")
    newcomer = make.Employee.objects.create(agency=cast.dki, name="Baru", nrk="999999", kind="pns")
    said = {"username": "baru", "number": "999999", "usable_password": "true"}
    said |= {"password1": "kunci rumah biru 7", "password2": "kunci rumah biru 7"}
    desk(cast.joni).post(reverse("admin:policy_user_add"), said)
    made = User.objects.get(username="baru")
    assert made.employee == newcomer and made.check_password("kunci rumah biru 7") and not made.is_staff


def test_the_administrator_grants_a_role_but_none_to_himself(cast, monday):
    monday("09:00")

    def grant(user):
        said = {"username": user.username, "number": user.employee.nip if user.employee else ""}
        said |= {"is_active": "on", "is_staff": "on", "grants-TOTAL_FORMS": "1", "grants-INITIAL_FORMS": "0"}
        said |= {"grants-0-role": "hr", "grants-0-agency": cast.dki.pk, "grants-0-starts": "21-08-2023"}
        if user == cast.joni:
            said["is_superuser"] = "on"
        desk(cast.joni).post(reverse("admin:policy_user_change", args=[user.pk]), said)
        return RoleGrant.objects.filter(user=user, role="hr").count()

    assert (grant(cast.citra.user), grant(cast.joni)) == (1, 0)


# The same number of queries for one row and for twenty

LISTS = ["attendance_checkin", "attendance_prompt", "attendance_draw", "policy_domicile", "policy_roster"]
LISTS += ["policy_employee", "policy_unit", "policy_site", "policy_scheme", "policy_locationread"]
LISTS += ["policy_user", "policy_rolegrant", "policy_agency"]


def more_of_everything(cast, check_in, first: int, last: int) -> None:
    """Adds people with a check-in, a prompt, a domicile, a rota and the rest."""
    draw = Draw.objects.get(state="drawn")
    for n in range(first, last):
        unit = make.make_unit(cast.dki, f"Seksi {n}", cast.bureau)
        site = make.make_site(cast.dki)
        person = make.make_employee(unit, site, f"Pegawai {n}", cast.citra)
        make.make_grant(person.user, "auditor", cast.dki)
        make.make_domicile(person, by=cast.eko.user)
        make.make_rota(unit, {person: "wfh"})
        Scheme.objects.create(agency=cast.dki, code=f"rancangan-{n}", name=f"Rancangan {n}")
        make.make_agency(f"instansi-{n}")
        check_in(person, uniform_photo=False)
        LocationRead.objects.create(
            reader=cast.eko.user, subject=person, what="domicile:0", read_at=wib("08:00")
        )
        Prompt.objects.create(
            draw=draw, employee=person, agency=cast.dki, unit=unit, superior=cast.citra,
            opened_at=wib("10:00"), expires_at=wib("10:20"),
        )  # fmt: skip
        Draw.objects.create(
            agency=cast.dki, date=f"2023-07-{n + 1:02}", zone="Asia/Jakarta", slot="10:00", state="missed",
            drawn_at=wib("11:00"),
        )  # fmt: skip


def queries(person, address: str) -> int:
    client = desk(person)
    client.get(address)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


def test_lists_and_boards_take_as_many_queries_for_twenty_rows_as_for_one(cast, check_in, prompt, monday):
    lists = [
        (cast.joni if name in LISTS[-3:] else cast.eko, reverse(f"admin:{name}_changelist")) for name in LISTS
    ]
    boards = [(cast.citra, "/admin/"), (cast.eko, "/admin/"), (cast.eko, f"/admin/?unit={cast.bureau.pk}")]
    addresses = [*lists, *boards, (cast.citra, reverse("admin:attendance_checkin_changelist"))]
    more_of_everything(cast, check_in, 0, 1)
    monday("10:05")
    before = [queries(*each) for each in addresses]
    more_of_everything(cast, check_in, 1, 20)
    monday("10:05")
    after = [queries(*each) for each in addresses]
    assert dict(zip(addresses, after, strict=True)) == dict(zip(addresses, before, strict=True))
