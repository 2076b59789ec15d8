"""The pages for transfers, additional duties, grounds, and Plt./Plh.: HR keeps them, nobody his own."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.contrib.admin.models import LogEntry

from policy import calendars
from policy.models import AdditionalDuty, Delegation, Ground, Posting
from policy.scope import scope_of
from tests import make
from tests.make import MONDAY, wib
from tests.web.pages import STAFF, matrix, only, queries, shown, url
from tests.web.test_admin import desk, words

pytestmark = pytest.mark.django_db

NEXT_MONDAY = MONDAY + timedelta(days=7)
PERIOD = {"starts": "21-08-2023", "ends": "31-12-2023"}


def duty(person, **changes) -> dict:
    said = {"employee": person.pk, "title": "Bendahara pembantu", "post": "treasurer", "document": "SK 1"}
    return said | PERIOD | changes


def ground(person, **changes) -> dict:
    return {"employee": person.pk, "ground": "pregnant", "document": "SKD 9"} | PERIOD | changes


def delegation(superior, deputy, **changes) -> dict:
    return {"superior": superior.pk, "deputy": deputy.pk, "kind": "plh"} | PERIOD | changes


def move(cast, person, **changes) -> dict:
    said = {"employee": person.pk, "starts": "2023-08-28", "unit": cast.other.pk, "site": cast.office.pk}
    said |= {"position": "Analis Kebijakan", "superior": cast.head.pk, "post": "", "service_category": ""}
    return said | changes


def errors_of(answer) -> list[str]:
    shown = answer.context.get("adminform")
    form = shown.form if shown else answer.context["form"]
    return [str(text) for problems in form.errors.values() for text in problems]


# Who reads and who keeps


@pytest.mark.parametrize(
    ("name", "reads"),
    [
        ("posting", ["dewi", "eko", "fajar"]),
        ("additionalduty", ["dewi", "eko", "fajar"]),
        ("delegation", ["dewi", "eko", "fajar"]),
        ("ground", ["dewi", "eko"]),
    ],
)
def test_who_reads_and_who_keeps(staff, name, reads):
    """About Ani of Dewi's section. Grounds are health data: superiors, peers and auditors have no page of them."""
    AdditionalDuty.objects.create(employee=staff.ani, title="Bendahara", post="treasurer", starts=MONDAY)
    Ground.objects.create(employee=staff.ani, ground="pregnant", starts=MONDAY)
    Delegation.objects.create(superior=staff.citra, deputy=staff.ani, kind="plh", starts=MONDAY)
    models = {
        "posting": Posting,
        "additionalduty": AdditionalDuty,
        "delegation": Delegation,
        "ground": Ground,
    }
    about = {"deputy": staff.ani} if name == "delegation" else {"employee": staff.ani}
    row = models[name].objects.get(**about)
    page, add = url(f"{name}_change", row.pk), url(f"{name}_add")
    assert matrix(staff, "get", page) == {who: 200 if who in reads else 404 for who in STAFF}
    assert matrix(staff, "get", add) == only(200, "eko", "hasan")
    writes = {who: 403 if who in reads else 404 for who in STAFF} | {"eko": 200}
    assert matrix(staff, "post", page) == writes
    keepers = ["dewi", "indra", "eko", "hasan"] + ([] if name == "ground" else ["fajar"])
    assert matrix(staff, "get", url(f"{name}_changelist")) == only(200, *keepers)
    assert matrix(staff, "post", url(f"{name}_delete", row.pk), {"post": "yes"})["eko"] == 403


@pytest.mark.parametrize("name", ["additionalduty", "ground"])
def test_hr_keeps_and_ends_a_row_about_somebody_of_the_agency(staff, name):
    model, said = {"additionalduty": (AdditionalDuty, duty), "ground": (Ground, ground)}[name]
    client = desk(staff.eko)
    assert client.post(url(f"{name}_add"), said(staff.ani)).status_code == 302
    row = model.objects.get()
    client.post(url(f"{name}_change", row.pk), said(staff.ani, ends="25-08-2023"))
    assert model.objects.get().ends == date(2023, 8, 25)
    assert LogEntry.objects.filter(user=staff.eko.user).count() == 2


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"ends": "20-08-2023"}, "lebih awal"),
        ({"starts": "01-01-1990"}, "2000 dan 2100"),
        ({"starts": ""}, "harus diisi"),
        ({"employee": ""}, "harus diisi"),
        ({"post": "bendahara pembantu"}, "slug"),
    ],
)
def test_a_duty_that_cannot_be_is_shown_again(staff, changes, sentence):
    answer = desk(staff.eko).post(url("additionalduty_add"), duty(staff.ani, **changes))
    assert len(errors_of(answer)) == 1 and sentence in errors_of(answer)[0]
    assert AdditionalDuty.objects.count() == 0


@pytest.mark.parametrize("name", ["additionalduty", "ground"])
def test_people_of_another_agency_are_no_choice(staff, name):
    model, said = {"additionalduty": (AdditionalDuty, duty), "ground": (Ground, ground)}[name]
    assert desk(staff.eko).post(url(f"{name}_add"), said(staff.gita)).status_code == 200
    assert desk(staff.hasan).post(url(f"{name}_add"), said(staff.ani)).status_code == 200
    assert model.objects.count() == 0


def test_hr_keeps_nothing_about_himself(staff):
    client = desk(staff.eko)
    for page, said in [
        ("additionalduty_add", duty(staff.eko)),
        ("ground_add", ground(staff.eko)),
        ("delegation_add", delegation(staff.citra, staff.eko)),
    ]:
        assert errors_of(client.post(url(page), said)) == ["Anda tidak dapat mencatat data Anda sendiri."]
    own = Ground.objects.create(employee=staff.eko, ground="comorbid", starts=MONDAY)
    assert client.get(url("ground_change", own.pk)).status_code == 200
    assert client.post(url("ground_change", own.pk), ground(staff.eko)).status_code == 403


def test_a_ground_stands_on_no_page_of_a_superior_or_a_peer(staff):
    Ground.objects.create(employee=staff.ani, ground="pregnant", starts=MONDAY)
    for person in (staff.citra, staff.fajar, staff.indra):
        text = desk(person).get(url("employee_change", staff.ani.pk)).content.decode()
        assert "pregnant" not in text and "pregnant" not in desk(person).get("/admin/").content.decode()
    make.make_grant(staff.citra.user, "auditor", staff.dki)
    assert desk(staff.citra).get(url("ground_changelist")).status_code == 403


# Plt. and Plh.


def test_a_stand_in_sees_the_people_from_that_day(staff):
    desk(staff.eko).post(url("delegation_add"), delegation(staff.citra, staff.indra))
    assert staff.citra.pk in scope_of(staff.indra.user, wib("09:00")).stands_for
    assert "Plh." in shown(staff.dewi, url("delegation_changelist"))


def test_nobody_stands_in_for_himself_nor_for_another_agency(staff):
    client = desk(staff.eko)
    own = client.post(url("delegation_add"), delegation(staff.citra, staff.citra))
    assert errors_of(own) == ["Pengganti tidak boleh atasan itu sendiri."]
    assert client.post(url("delegation_add"), delegation(staff.citra, staff.gita)).status_code == 200
    assert client.post(url("delegation_add"), {}).status_code == 200
    assert Delegation.objects.count() == 0


# Transfers


def test_hr_records_a_transfer(staff):
    text = words(
        desk(staff.eko).post(url("posting_add"), move(staff, staff.ani), follow=True).content.decode()
    )
    assert "Penempatan telah dicatat." in text
    new = Posting.objects.get(employee=staff.ani, starts=NEXT_MONDAY)
    assert (new.unit, new.superior, new.position) == (staff.other, staff.head, "Analis Kebijakan")
    assert Posting.objects.get(employee=staff.ani, unit=staff.section).ends == date(2023, 8, 27)
    assert LogEntry.objects.filter(user=staff.eko.user, object_id=str(new.pk)).exists()


def test_who_moves_a_superior_is_told_who_is_left_behind(staff):
    said = move(staff, staff.citra)
    text = words(desk(staff.eko).post(url("posting_add"), said, follow=True).content.decode())
    assert "3 pegawai masih melapor kepada Citra." in text


@pytest.mark.parametrize(
    ("whom", "changes", "sentence"),
    [
        ("eko", {}, "tidak dapat mencatat penempatan Anda sendiri"),
        ("ani", {"starts": "2023-08-18"}, "sudah dikunci"),
        ("ani", {"starts": "2019-01-01"}, "sudah dikunci"),
        ("citra", {"superior": "ani"}, "adalah atasan"),
        ("citra", {"superior": "citra"}, "adalah atasan"),
        ("ani", {"superior": "gita"}, "tidak tersedia"),
        ("ani", {"unit": ""}, "wajib diisi"),
        ("ani", {"post": "kepala seksi"}, "slug"),
        ("gita", {}, "tidak tersedia"),
    ],
)
def test_a_transfer_that_cannot_be_is_shown_again(staff, whom, changes, sentence):
    calendars.close(staff.dki, date(2023, 8, 18), by=staff.eko.user, now=wib("08:00"))
    before, changes = Posting.objects.count(), dict(changes)
    if changes.get("superior"):
        changes["superior"] = getattr(staff, changes["superior"]).pk
    answer = desk(staff.eko).post(url("posting_add"), move(staff, getattr(staff, whom), **changes))
    assert any(sentence in text for text in errors_of(answer)), errors_of(answer)
    assert Posting.objects.count() == before and not Posting.objects.exclude(ends=None).exists()


def test_the_page_of_a_person_leads_hr_to_the_transfer(staff):
    link = f"{url('posting_add')}?employee={staff.ani.pk}"
    assert link in desk(staff.eko).get(url("employee_change", staff.ani.pk)).content.decode()
    assert f"Ani ({staff.ani.nrk})" in desk(staff.eko).get(link).content.decode()
    for person in (staff.dewi, staff.citra, staff.fajar):
        html = desk(person).get(url("employee_change", staff.ani.pk)).content.decode()
        assert url("posting_add") not in html
    own = desk(staff.eko).get(url("employee_change", staff.eko.pk)).content.decode()
    assert url("posting_add") not in own


def form_of(row: Posting, **changes) -> dict:
    said = {"employee": row.employee_id, "unit": row.unit_id, "site": row.site_id, "position": row.position}
    said |= {"superior": row.superior_id or "", "post": row.post, "service_category": row.service_category}
    return said | {"starts": f"{row.starts:%d-%m-%Y}", "ends": ""} | changes


@pytest.mark.parametrize(
    ("changes", "allowed"),
    [
        ({"position": "Analis Ahli Muda"}, True),
        ({"ends": "31-08-2023"}, True),
        ({"ends": "17-08-2023"}, False),
        ({"superior": ""}, False),
        ({"post": "treasurer"}, False),
        ({"starts": "01-09-2023"}, False),
    ],
)
def test_a_posting_that_held_on_closed_days_may_only_end_or_be_spelt_right(staff, changes, allowed):
    calendars.close(staff.dki, date(2023, 8, 18), by=staff.eko.user, now=wib("08:00"))
    row = Posting.objects.get(employee=staff.ani)
    answer = desk(staff.eko).post(url("posting_change", row.pk), form_of(row, **changes))
    assert (answer.status_code == 302) == allowed


def test_a_posting_stays_with_its_person_and_never_overlaps(staff):
    desk(staff.eko).post(url("posting_add"), move(staff, staff.ani))
    old = Posting.objects.get(employee=staff.ani, unit=staff.section)
    said = form_of(old, employee=staff.bayu.pk, ends="30-08-2023")
    answer = desk(staff.eko).post(url("posting_change", old.pk), said)
    assert "sudah memiliki penempatan lain" in errors_of(answer)[0]
    said = form_of(old, employee=staff.bayu.pk, ends="26-08-2023")
    assert desk(staff.eko).post(url("posting_change", old.pk), said).status_code == 302
    assert Posting.objects.get(pk=old.pk).employee == staff.ani


# Search boxes


@pytest.mark.parametrize(
    ("who", "found"),
    [("eko", {"Ani"}), ("dewi", {"Ani"}), ("citra", {"Ani"}), ("indra", set()), ("hasan", set())],
)
def test_a_search_box_finds_whom_the_reader_sees(staff, who, found):
    asked = {"app_label": "policy", "model_name": "absence", "field_name": "employee", "term": "Ani"}
    answer = desk(getattr(staff, who)).get("/admin/autocomplete/", asked).json()
    assert {row["text"] for row in answer["results"]} == {f"{name} ({staff.ani.nrk})" for name in found}


def test_a_search_box_tells_units_of_one_name_apart(staff):
    make.make_unit(staff.dki, "Seksi Tata Laksana", staff.other)
    asked = {"app_label": "policy", "model_name": "posting", "field_name": "unit", "term": "tata"}
    answer = desk(staff.eko).get("/admin/autocomplete/", asked).json()
    assert [row["text"] for row in answer["results"]] == [
        "Seksi Tata Laksana (Biro Organisasi)",
        "Seksi Tata Laksana (Dinas Lingkungan Hidup)",
    ]
    assert (
        matrix(staff, "get", "/admin/autocomplete/?" + "&".join(f"{k}={v}" for k, v in asked.items()))[
            "citra"
        ]
        == 403
    )


# Lists


def more_of_everything(cast, first: int, last: int) -> None:
    for n in range(first, last):
        person = make.make_employee(cast.section, cast.office, f"Pegawai {n}", cast.citra)
        AdditionalDuty.objects.create(employee=person, title="Bendahara", post="treasurer", starts=MONDAY)
        Ground.objects.create(employee=person, ground="pregnant", starts=MONDAY)
        Delegation.objects.create(superior=cast.citra, deputy=person, kind="plh", starts=MONDAY)


def test_lists_take_as_many_queries_for_twenty_rows_as_for_one(staff):
    lists = ["posting", "additionalduty", "ground", "delegation"]
    addresses = [(person, url(f"{name}_changelist")) for name in lists for person in (staff.eko, staff.dewi)]
    more_of_everything(staff, 0, 1)
    before = [queries(*each) for each in addresses]
    more_of_everything(staff, 1, 20)
    assert [queries(*each) for each in addresses] == before
