"""The rota in the web admin: drawn up, changed, submitted, published, withdrawn, by whom it may be; and the cap."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from policy import rota_check, rota_gaps, rota_grid, rotas
from policy.errors import DomainError
from policy.models import (
    CalendarDay,
    Delegation,
    Exclusion,
    Ground,
    Posting,
    Roster,
    RosterEntry,
    WorkingHours,
)
from policy.refusals import finding_sentence
from policy.rota_check import Finding
from policy.rotas import Cell
from tests import make
from tests.make import MONDAY, wib
from tests.web.test_admin import desk, words

pytestmark = pytest.mark.django_db

NEXT = MONDAY + timedelta(days=7)
FRIDAY = NEXT + timedelta(days=4)
SEEN = {"citra": 200, "head": 200, "dewi": 200, "eko": 200, "fajar": 200, "indra": 404, "hasan": 404}


@pytest.fixture(autouse=True)
def at_nine(monday):
    monday("09:00")


@pytest.fixture
def team(cast):
    """The section, all with a domicile; Kepala may sign in to the pages too."""
    for person in (cast.bayu, cast.citra, cast.dewi):
        make.make_domicile(person, by=cast.eko.user)
    cast.head.user.is_staff = True
    cast.head.user.save()
    return cast


@pytest.fixture
def draft(team) -> Roster:
    """A draft for the next week: Ani and Bayu at home on Monday."""
    cells = [Cell(team.ani.pk, NEXT, "wfh"), Cell(team.bayu.pk, NEXT, "wfh"), Cell(team.dewi.pk, NEXT, "wfo")]
    return rotas.draft(team.section, NEXT, FRIDAY, cells)


def to(name: str, *args) -> str:
    return reverse(f"admin:policy_roster_{name}", args=[getattr(arg, "pk", arg) for arg in args])


def shown(person, address: str, **query) -> str:
    answer = desk(person).get(address, query)
    assert answer.status_code == 200
    return words(answer.content.decode())


def said(person, address: str, data: dict | None = None) -> str:
    """What a person reads after sending a form."""
    answer = desk(person).post(address, data or {}, follow=True)
    assert answer.status_code == 200
    return words(answer.content.decode())


def square(person, day: date, was: str) -> str:
    return f"c{person.pk}-{day}-{was}"


def plan_form(section, **changes) -> dict:
    return {"unit": section.pk, "first": NEXT, "last": FRIDAY, "pattern": "daily", "seed": 7} | changes


def state(plan: Roster) -> str:
    return Roster.objects.get(pk=plan.pk).status


# Drawing up


@pytest.mark.parametrize("who", ["dewi", "eko", "citra"])
@pytest.mark.parametrize("pattern", ["daily", "weekly"])
def test_a_rota_is_drawn_up_within_the_cap(team, who, pattern):
    text = said(getattr(team, who), to("plan"), plan_form(team.section, pattern=pattern))
    plan = Roster.objects.get(unit=team.section, status="draft")
    assert "Rancangan jadwal kerja telah disusun" in text and "nomor urutan 7" in text
    assert (plan.starts, plan.ends, plan.origin["pattern"], plan.origin["seed"]) == (NEXT, FRIDAY, pattern, 7)
    home = plan.entries.filter(mode="wfh", date=NEXT)
    assert home.count() == 2 and "WFH terjadwal (ASN) 2 2 2 2 2 Batas 2 2 2 2 2" in text


def test_the_form_begins_with_the_next_two_weeks_and_the_unit_of_the_address(team):
    form = desk(team.dewi).get(to("plan"), {"unit": team.section.pk}).context["form"]
    assert (form["unit"].value(), form["first"].value(), form["last"].value()) == (
        team.section.pk, NEXT, FRIDAY + timedelta(days=7),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("first", ""), ("first", "kemarin"), ("first", "1999-12-31"), ("first", "9999-12-31"), ("last", "2023-08-27"),
        ("last", "2024-09-30"), ("last", "\x00"), ("pattern", ""), ("pattern", "monthly"), ("seed", ""), ("seed", "-1"),
        ("seed", "1.5"), ("seed", "9" * 30), ("seed", "tujuh"), ("unit", ""),
    ],
)  # fmt: skip
def test_a_form_that_cannot_be_is_shown_again_and_makes_nothing(team, field, value):
    answer = desk(team.dewi).post(to("plan"), plan_form(team.section, **{field: value}))
    assert answer.status_code == 200 and answer.context["form"].errors
    assert not Roster.objects.filter(status="draft").exists()


def test_a_period_that_is_too_long_is_refused_before_anybody_is_read(team, monkeypatch):
    monkeypatch.delattr("policy.rota_generation.generate")
    answer = desk(team.dewi).post(to("plan"), plan_form(team.section, first="2000-01-01", last="2100-12-31"))
    assert answer.status_code == 200 and answer.context["form"].errors


@pytest.mark.parametrize("page", ["plan", "copy"])
@pytest.mark.parametrize("value", ["0", "999999", "satu", "-1", "9" * 30, "9" * 5000, "1 OR 1=1", "\x00"])
def test_a_unit_that_is_none_is_404(team, page, value):
    client = desk(team.dewi)
    assert client.get(to(page), {"unit": value}).status_code == 404
    assert client.post(to(page), plan_form(team.section, unit=value)).status_code == 404


@pytest.mark.parametrize("page", ["plan", "copy"])
@pytest.mark.parametrize(
    ("who", "status"),
    [("dewi", 200), ("eko", 200), ("citra", 200), ("head", 200), ("fajar", 403), ("indra", 404), ("hasan", 404), ("joni", 403)],
)  # fmt: skip
def test_who_draws_up_the_rota_of_a_section(team, page, who, status):
    client = desk(getattr(team, who))
    assert client.get(to(page), {"unit": team.section.pk}).status_code == status
    if status != 200:
        assert client.post(to(page), plan_form(team.section)).status_code == status
        assert not Roster.objects.filter(status="draft").exists()


@pytest.mark.parametrize("page", ["plan", "copy"])
def test_an_auditor_who_is_a_superior_elsewhere_plans_only_there(team, page):
    make.make_employee(team.other, team.office, "Wati", team.fajar)
    client = desk(team.fajar)
    for unit, status in ((team.other, 200), (team.section, 403)):
        assert client.get(to(page), {"unit": unit.pk}).status_code == status
        assert client.post(to(page), {"unit": unit.pk}).status_code == status


def test_a_superior_draws_up_nothing_for_another_unit(team):
    assert desk(team.citra).post(to("plan"), plan_form(team.bureau)).status_code == 404
    options = desk(team.citra).get(to("plan")).context["form"].fields["unit"].queryset
    assert [unit.name for unit in options] == ["Seksi Tata Laksana"]


def test_a_rota_in_which_nobody_can_be_at_home_says_so(team):
    text = said(team.dewi, to("plan"), plan_form(team.section, first="2023-11-06", last="2023-11-10"))
    assert "Tidak seorang pun dapat dijadwalkan WFH" in text
    assert "Di kantor karena tidak ada skema yang berlaku" in text


def test_why_somebody_is_always_at_the_office_stands_beside_him_and_grounds_never_do(team):
    Posting.objects.filter(employee=team.citra).update(post="treasurer")
    Exclusion.objects.create(scheme=team.scheme, post="treasurer", reason="Bendahara")
    make.make_employee(team.section, team.office, "Wati")
    text = said(team.dewi, to("plan"), plan_form(team.section))
    assert "Citra Di kantor karena jabatannya dikecualikan" in text
    assert "Wati Di kantor karena belum memiliki domisili yang disetujui" in text
    team.scheme.only_grounds = ["pregnant"]
    team.scheme.save()
    Ground.objects.create(employee=team.ani, ground="pregnant", starts=MONDAY)
    text = said(team.dewi, to("plan"), plan_form(team.section))
    assert "Citra Di kantor karena jabatannya" in text and text.count("Di kantor karena") == 1


def test_a_week_is_copied_without_its_holidays(team):
    CalendarDay.objects.create(agency=team.dki, date=FRIDAY, kind="public_holiday", name="Libur")
    said(
        team.dewi, to("copy"), {"unit": team.section.pk, "source": MONDAY + timedelta(days=2), "target": NEXT}
    )
    plan = Roster.objects.get(status="draft")
    assert (plan.starts, plan.ends) == (NEXT, NEXT + timedelta(days=6))
    assert set(plan.entries.values_list("date", flat=True)) == {NEXT + timedelta(days=n) for n in range(4)}


def test_a_week_under_another_cap_or_without_a_rota_is_not_copied(team):
    make.make_phase(team.scheme, date(2023, 9, 4), date(2023, 9, 7), 75)
    form = {"unit": team.section.pk, "source": MONDAY, "target": date(2023, 9, 4)}
    assert "batas pada minggu tujuan berbeda" in said(team.dewi, to("copy"), form)
    form |= {"source": NEXT, "target": date(2023, 9, 11)}
    assert "Tidak ada jadwal kerja yang berlaku" in said(team.dewi, to("copy"), form)
    form |= {"target": FRIDAY}
    assert "sama dengan minggu yang disalin" in said(team.dewi, to("copy"), form)
    assert not Roster.objects.filter(status="draft").exists()


# A draft


def test_a_draft_shows_everybody_on_every_working_day_and_what_stands_against_it(team, draft):
    rota_grid.save(draft, {(team.citra.pk, NEXT): "wfh"})
    text = shown(team.dewi, to("change", draft))
    assert "Senin, 28 Agustus 2023: 3 pegawai direncanakan WFH, paling banyak 2." in text
    assert "Jadwal ini belum dapat diterbitkan" in text and "WFH terjadwal (ASN) 3 0 0 0 0" in text
    columns = desk(team.dewi).get(to("change", draft)).context["columns"]
    assert [column["alarm"] for column in columns] == [True, False, False, False, False]


def test_a_finding_about_a_person_is_marked_where_it_stands(team, draft):
    Posting.objects.filter(employee=team.bayu).update(unit=team.other)
    context = desk(team.dewi).get(to("change", draft)).context
    marked = [square["title"] for row in context["rows"] for square in row["squares"] if square["alarm"]]
    assert marked == ["Bayu, Senin, 28 Agustus 2023"]
    assert context["findings"]["rows"] == [
        "Senin, 28 Agustus 2023: Bayu tidak ditempatkan di unit kerja ini."
    ]


def test_squares_are_saved_half_days_too(team, draft):
    day = NEXT + timedelta(days=1)
    changed = {
        square(team.ani, NEXT, "wfh"): "wfo",
        square(team.citra, day, ""): "am",
        square(team.dewi, day, ""): "pm",
    }
    assert "Perubahan telah disimpan." in said(team.dewi, to("cells", draft), changed)
    rows = draft.entries.order_by("date", "employee", "segment").values_list(
        "employee__name", "segment", "mode"
    )
    assert list(rows.filter(employee=team.ani)) == [("Ani", "day", "wfo")]
    assert list(rows.filter(date=day)) == [
        ("Citra", "am", "wfh"), ("Citra", "pm", "wfo"), ("Dewi", "am", "wfo"), ("Dewi", "pm", "wfh"),
    ]  # fmt: skip
    assert list(rows.filter(employee=team.bayu)) == [("Bayu", "day", "wfh")]
    home = {row["name"]: row["home"] for row in desk(team.dewi).get(to("change", draft)).context["rows"]}
    assert home == {"Ani": "0", "Bayu": "1", "Citra": "0,5", "Dewi": "0,5"}


def test_a_square_left_as_it_was_opened_changes_nothing_that_another_saved_meanwhile(team, draft):
    rota_grid.save(draft, {(team.ani.pk, NEXT): "wfo"})  # somebody else, after the page was opened
    said(
        team.dewi,
        to("cells", draft),
        {square(team.ani, NEXT, "wfh"): "wfh", square(team.bayu, NEXT, "wfh"): "wfo"},
    )
    assert set(draft.entries.values_list("employee__name", "mode")) == {
        ("Ani", "wfo"),
        ("Bayu", "wfo"),
        ("Dewi", "wfo"),
    }


def test_an_emptied_square_takes_somebody_off_a_rota_that_is_no_longer_of_the_unit(team, draft):
    Posting.objects.filter(employee=team.bayu).update(unit=team.other)
    said(team.dewi, to("cells", draft), {square(team.bayu, NEXT, "wfh"): ""})
    assert (
        set(draft.entries.values_list("employee__name", flat=True)) == {"Ani", "Dewi"}
        and rotas.check(draft) == []
    )


def test_a_shift_stays_with_its_day(team, draft):
    shift = WorkingHours.objects.create(
        agency=team.dki,
        code="S1",
        name="Sif pagi",
        starts=MONDAY,
        begins="07:00",
        finishes="14:00",
        **make.WINDOWS,
    )
    draft.entries.filter(employee=team.ani).update(hours=shift)
    said(team.dewi, to("cells", draft), {square(team.ani, NEXT, "wfh"): "am"})
    assert list(draft.entries.filter(employee=team.ani).values_list("segment", "hours")) == [
        ("am", shift.pk),
        ("pm", shift.pk),
    ]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("c{ani}-2023-08-28-wfh", "cuti"), ("c{ani}-2023-08-28-wfh", "\x00"), ("c{ani}-2023-09-04-", "wfh"),
        ("c{ani}-2023-08-27-", "wfh"), ("c{ani}-2023-02-30-", "wfh"), ("c{indra}-2023-08-28-", "wfh"),
        ("c{gita}-2023-08-28-", "wfh"), ("c999999-2023-08-28-", "wfh"), ("c{ani}-9999-12-31-", "wfh"),
        ("c{ani}-2023-09-02-", "wfh"),
    ],
)  # fmt: skip
def test_a_square_that_the_rota_does_not_have_saves_nothing_of_the_page(team, draft, name, value):
    name = name.format(ani=team.ani.pk, indra=team.indra.pk, gita=team.gita.pk)
    before = list(draft.entries.order_by("pk").values())
    text = said(team.dewi, to("cells", draft), {square(team.bayu, NEXT, "wfh"): "wfo", name: value})
    assert "Perubahan tidak disimpan" in text
    assert list(draft.entries.order_by("pk").values()) == before


def test_whoever_is_away_is_marked_without_a_reason(team, draft):
    make.make_absence(team.bayu, "sick", starts=NEXT, ends=NEXT)
    text = shown(team.citra, to("change", draft))
    assert text.count("cuti/dinas") == 1 and "sakit" not in text.lower()


def test_a_grid_has_fourteen_days_and_fifty_people_a_page(team):
    for n in range(60):
        make.make_employee(team.section, team.office, f"Pegawai {n:02}")
    plan = rotas.draft(team.section, NEXT, NEXT + timedelta(days=40), [])
    first = desk(team.dewi).get(to("change", plan)).context
    assert (len(first["columns"]), len(first["rows"]), list(first["people_pages"])) == (10, 50, [0, 1])
    later = desk(team.dewi).get(to("change", plan), {"from": NEXT + timedelta(days=14), "people": 1}).context
    assert len(later["rows"]) == 14 and later["columns"][0]["day"] == NEXT + timedelta(days=14)


@pytest.mark.parametrize("query", [{"from": "kapan"}, {"from": "2023-02-30"}, {"from": "1990-01-01"}, {"people": "-1"},
                                   {"people": "9" * 20}, {"people": "dua"}, {"people": "7"}, {"from": "\x00", "people": "\x00"}])  # fmt: skip
def test_an_unreadable_page_of_the_grid_is_the_first(team, draft, query):
    context = desk(team.dewi).get(to("change", draft), query).context
    assert (context["start"], context["people_page"]) == (NEXT, 0)


# Submitting, handing back, publishing


def test_a_rota_goes_from_the_superior_to_the_officer_and_into_force(team, draft):
    assert "Jadwal kerja telah diajukan." in said(team.citra, to("submit", draft))
    text = shown(team.citra, to("change", draft))
    assert "Terbitkan" not in text and "Kembalikan" not in text and "Buang" not in text
    text = said(team.dewi, to("hand_back", draft), {"note": "Mohon tukar hari Senin."})
    assert "telah dikembalikan" in text and "Mohon tukar hari Senin." in text
    said(team.citra, to("submit", draft))
    text = said(team.dewi, to("publish", draft))
    assert "Jadwal kerja telah diterbitkan." in text and "Diajukan oleh Citra" in text
    assert (
        "Dasar penerbitan" in text
        and "28 Agu 2023 34/SE/2023 WFH paling banyak 50 % WFH paling banyak 50 % 4 2" in text
    )
    plan = Roster.objects.get(pk=draft.pk)
    assert (plan.status, plan.submitted_by, plan.published_by) == (
        "published",
        team.citra.user,
        team.dewi.user,
    )
    assert plan.entries.filter(in_force=True).count() == 3


def test_what_stands_against_a_rota_is_a_sentence_and_nothing_changes(team, draft):
    rota_grid.save(draft, {(team.citra.pk, NEXT): "wfh"})
    for command in ("submit", "publish"):
        assert "Jumlah pegawai WFH melebihi batas" in said(team.dewi, to(command, draft))
    assert state(draft) == "draft" and not draft.entries.filter(in_force=True).exists()


def test_a_rota_of_the_past_is_published_by_hr_and_marked(team):
    plan = rotas.draft(
        team.section,
        MONDAY - timedelta(days=3),
        MONDAY - timedelta(days=3),
        [Cell(team.ani.pk, MONDAY - timedelta(days=3), "wfo")],
    )
    assert "oleh BKD/BKPSDM" in said(team.dewi, to("publish", plan)) and state(plan) == "draft"
    assert "Berlaku surut" in said(team.eko, to("publish", plan))
    assert "Berlaku surut" in shown(team.eko, to("changelist"))


def test_what_is_discarded_is_gone_and_needs_a_second_click(team, draft):
    assert "tidak dapat dikembalikan" in shown(team.citra, to("discard", draft)) and state(draft) == "draft"
    assert "Rancangan telah dibuang." in said(team.citra, to("discard", draft))
    assert not Roster.objects.filter(pk=draft.pk).exists()


def test_what_was_submitted_is_discarded_by_those_who_publish_only(team, draft):
    said(team.citra, to("submit", draft))
    assert desk(team.citra).post(to("discard", draft)).status_code == 403
    assert "Rancangan telah dibuang." in said(team.dewi, to("discard", draft))


@pytest.mark.parametrize("note", ["", "   ", "\x00", "x" * 501])
def test_handing_back_and_withdrawing_need_a_note_that_can_be_kept(team, draft, note):
    said(team.citra, to("submit", draft))
    answer = desk(team.dewi).post(to("hand_back", draft), {"note": note})
    assert answer.status_code == 200 and answer.context["form"].errors and state(draft) == "submitted"
    published = Roster.objects.get(status="published")
    answer = desk(team.dewi).post(to("withdraw", published), {"note": note, "first": "2023-08-23"})
    assert answer.status_code == 200 and answer.context["form"].errors and state(published) == "published"


# A published rota


def test_a_published_rota_is_amended_from_its_dates(team):
    published = Roster.objects.get()
    text = said(team.citra, to("amend", published), {"first": "2023-08-23", "last": "2023-08-24"})
    plan = Roster.objects.get(status="draft")
    assert "Perubahan atas jadwal yang berlaku" in text
    assert (plan.starts, plan.ends, plan.entries.count()) == (date(2023, 8, 23), date(2023, 8, 24), 4)
    rota_grid.save(plan, {(team.ani.pk, date(2023, 8, 23)): "wfo"})
    said(team.dewi, to("publish", plan))
    text = shown(team.dewi, to("change", published))
    over = [s["over"] for s in desk(team.dewi).get(to("change", published)).context["rows"][0]["squares"]]
    assert over == [False, False, True, True, False] and "Isi yang dicoret" in text


def test_a_published_rota_is_withdrawn_from_a_date(team):
    published = Roster.objects.get()
    text = said(
        team.dewi, to("withdraw", published), {"first": "2023-08-23", "note": "Ada kegiatan bersama."}
    )
    assert "Jadwal kerja telah ditarik." in text and "Ada kegiatan bersama." in text
    ends = published.entries.filter(in_force=True).order_by("-date").first().date
    assert ends == date(2023, 8, 22) and state(published) == "published"
    text = said(team.dewi, to("withdraw", published), {"first": "2023-08-24", "note": "Sekali lagi."})
    assert "Tidak ada jadwal kerja yang berlaku" in text
    assert Roster.objects.get(pk=published.pk).note == "Ada kegiatan bersama."


@pytest.mark.parametrize("page", ["amend", "withdraw"])
@pytest.mark.parametrize("first", ["", "kapan", "1999-01-01", "2023-08-20", "2023-09-01", "9999-12-31"])
def test_dates_outside_a_published_rota_are_refused_with_the_form(team, page, first):
    published = Roster.objects.get()
    answer = desk(team.dewi).post(to(page, published), {"first": first, "last": "2023-08-25", "note": "Ya."})
    assert answer.status_code == 200 and answer.context["form"].errors
    assert Roster.objects.count() == 1 and published.entries.filter(in_force=False).count() == 0


def test_commands_in_the_wrong_state_are_a_sentence(team, draft):
    published = Roster.objects.get(status="published")
    for name in ("submit", "publish", "cells"):
        assert "sudah diterbitkan sebelumnya" in said(team.dewi, to(name, published))
    assert "tidak dapat dilakukan pada status" in said(
        team.dewi, to("amend", draft), {"first": NEXT, "last": FRIDAY}
    )
    assert "tidak dapat dilakukan pada status" in said(team.dewi, to("hand_back", draft), {"note": "Ya."})
    assert said(team.dewi, to("withdraw", draft), {"first": NEXT, "note": "Ya."}) and state(draft) == "draft"
    said(team.dewi, to("discard", published))
    assert state(published) == "published"


def test_warnings_stand_on_the_page_and_in_the_filter(team):
    Exclusion.objects.create(scheme=team.scheme, unit=team.bureau, reason="Layanan langsung")
    other = make.make_rota(team.other, {team.indra: "wfo"})
    assert rotas.revalidate(team.dki, now=wib("09:00")) == 1
    published = Roster.objects.get(unit=team.section)
    text = shown(team.citra, to("change", published))
    assert "Jadwal ini perlu diperiksa kembali" in text
    assert (
        "Senin, 21 Agustus 2023: Ani tidak dapat dijadwalkan WFH karena unit kerjanya dikecualikan." in text
    )
    rows = desk(team.eko).get(to("changelist"), {"check": "yes"}).context["cl"].queryset
    assert list(rows) == [published] and other not in rows
    assert list(desk(team.eko).get(to("changelist"), {"check": "'"}).context["cl"].queryset) != []


def test_warnings_of_what_is_over_are_history(team):
    Roster.objects.update(
        warnings=[
            {
                "code": "cap_exceeded",
                "day": "2023-08-21",
                "employee": None,
                "numbers": {"planned": 3, "allowed": 2},
            }
        ]
    )
    assert Roster.objects.with_broken(MONDAY).filter(broken=True).count() == 1
    assert Roster.objects.with_broken(NEXT).filter(broken=True).count() == 0


# Who may do what


def test_who_sees_a_rota(team, draft):
    for name, status in SEEN.items():
        assert desk(getattr(team, name)).get(to("change", draft)).status_code == status, name
    assert desk(team.joni).get(to("changelist")).status_code == 403


def test_a_superior_sees_the_rotas_of_his_people_until_they_are_no_longer_his(team, draft):
    assert {plan.unit for plan in desk(team.citra).get(to("changelist")).context["cl"].queryset} == {
        team.section
    }
    Posting.objects.filter(superior=team.citra).update(superior=team.head)
    assert desk(team.citra).get(to("change", draft)).status_code in (403, 404)


def test_whoever_stands_in_drafts_for_his_days(team, draft):
    stand_in = make.make_employee(team.other, team.office, "Plh", is_staff=True)
    assert desk(stand_in).post(to("submit", draft)).status_code == 404
    Delegation.objects.create(superior=team.citra, deputy=stand_in, kind="plh", starts=MONDAY, ends=MONDAY)
    assert "telah diajukan" in said(stand_in, to("submit", draft))


DRAFTING = {"citra": 302, "head": 302, "dewi": 302, "eko": 302, "fajar": 403, "indra": 404, "hasan": 404}
PUBLISHING = {"citra": 403, "head": 403, "dewi": 302, "eko": 302, "fajar": 403, "indra": 404, "hasan": 404}


@pytest.mark.parametrize("who", sorted(DRAFTING))
@pytest.mark.parametrize(
    ("command", "allowed"),
    [("cells", DRAFTING), ("submit", DRAFTING), ("publish", PUBLISHING), ("discard", DRAFTING)],
)
def test_commands_on_a_draft(team, draft, who, command, allowed):
    assert desk(getattr(team, who)).post(to(command, draft)).status_code == allowed[who]


@pytest.mark.parametrize("who", sorted(DRAFTING))
@pytest.mark.parametrize(
    ("command", "allowed", "form"),
    [
        ("amend", DRAFTING, {"first": "2023-08-23", "last": "2023-08-24"}),
        ("withdraw", PUBLISHING, {"first": "2023-08-23", "note": "Ya."}),
    ],
)
def test_commands_on_a_published_rota(team, who, command, allowed, form):
    published = Roster.objects.get()
    person = getattr(team, who)
    assert desk(person).post(to(command, published), form).status_code == allowed[who]
    assert desk(person).get(to(command, published)).status_code == (
        200 if allowed[who] == 302 else allowed[who]
    )


@pytest.mark.parametrize("who", sorted(PUBLISHING))
def test_handing_back(team, draft, who):
    rotas.submit(draft, by=team.citra.user, now=wib("08:00"))
    assert (
        desk(getattr(team, who)).post(to("hand_back", draft), {"note": "Ya."}).status_code == PUBLISHING[who]
    )
    assert state(draft) == ("draft" if PUBLISHING[who] == 302 else "submitted")


@pytest.mark.parametrize("command", ["cells", "submit", "publish"])
def test_commands_come_by_post_and_with_a_token(team, draft, command):
    assert desk(team.dewi).get(to(command, draft)).status_code == 405
    guarded = Client(enforce_csrf_checks=True)
    guarded.force_login(team.dewi.user, "policy.signin.NumberBackend")
    for name in (command, "discard", "hand_back"):
        assert guarded.post(to(name, draft), {"note": "Ya."}).status_code == 403
    assert state(draft) == "draft"


@pytest.mark.parametrize("row", ["0", "999999", "tidak-ada", "9" * 30])
def test_a_rota_that_is_none_is_404(team, row):
    for command in ("cells", "submit", "publish", "discard", "amend"):
        assert desk(team.eko).post(to(command, row)).status_code == 404


def test_an_auditor_reads_and_is_offered_no_command(team, draft):
    context = desk(team.fajar).get(to("change", draft)).context
    assert context["buttons"] == [] and context["cells"] is None
    assert "Susun jadwal" not in shown(team.fajar, to("changelist"))


def test_no_page_shows_a_number_of_the_state(team, draft):
    pages = [to("change", draft), to("changelist"), f"{to('allowance')}?unit={team.section.pk}"]
    for person in (team.citra, team.dewi, team.eko, team.fajar):
        text = "".join(desk(person).get(page).content.decode() for page in pages)
        assert not any(one.nip in text for one in (team.ani, team.bayu, team.citra, team.dewi))


# Batas WFH


def test_the_page_of_the_cap_says_it_in_words(team):
    make.make_employee(team.section, team.office, "Kontrak", kind="contract_staff")
    make.make_absence(team.bayu)
    text = shown(team.dewi, to("allowance"), unit=team.section.pk, date="2023-08-21")
    assert (
        "34/SE/2023, tahap WFH paling banyak 50 %: WFH paling banyak 50 % dari 4 pegawai ASN Seksi Tata Laksana, "
        "yaitu paling banyak 2 orang; direncanakan 1." in text
    )
    assert f"Bayu {team.bayu.nrk} Sedang cuti" in text
    assert "Tenaga kontrak (PJLP) bukan ASN" in text and "Jenis pegawainya tidak dicakup" in text


def test_the_only_unit_of_a_reader_is_chosen_for_him(team):
    assert desk(team.citra).get(to("allowance")).context["unit"] == team.section
    assert desk(team.eko).get(to("allowance")).context["unit"] is None
    assert "Pilih unit kerja dan tanggal" in shown(team.eko, to("allowance"))


def test_the_next_and_the_previous_day_keep_the_unit(team):
    context = desk(team.eko).get(to("allowance"), {"unit": team.section.pk, "date": "2023-09-01"}).context
    assert context["earlier"] == f"?unit={team.section.pk}&date=2023-08-31"
    assert context["later"] == f"?unit={team.section.pk}&date=2023-09-02"


@pytest.mark.parametrize("day", ["kemarin", "2023-02-30", "1999-12-31", "9999-12-31", "\x00"])
def test_an_unreadable_date_gives_today_and_a_sentence(team, day):
    text = shown(team.eko, to("allowance"), unit=team.section.pk, date=day)
    assert "Tanggal tersebut tidak dapat dibaca" in text and "Senin, 21 Agustus 2023" in text


@pytest.mark.parametrize("day", ["2000-01-01", "2100-12-31"])
def test_the_first_and_the_last_day_that_hadir_knows_have_no_scheme(team, day):
    text = shown(team.eko, to("allowance"), unit=team.section.pk, date=day)
    assert "Tidak ada skema kerja hibrida yang berlaku" in text and "Semua pegawai bekerja di kantor" in text


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("citra", 200),
        ("dewi", 200),
        ("eko", 200),
        ("fajar", 200),
        ("indra", 404),
        ("hasan", 404),
        ("joni", 403),
    ],
)
def test_who_reads_the_cap_of_a_section(team, who, status):
    assert desk(getattr(team, who)).get(to("allowance"), {"unit": team.section.pk}).status_code == status


@pytest.mark.parametrize("unit", ["0", "999999", "satu", "9" * 30, "\x00"])
def test_the_cap_of_no_unit_is_404(team, unit):
    assert desk(team.eko).get(to("allowance"), {"unit": unit}).status_code == 404


def test_the_cap_is_reached_from_the_menu_the_unit_and_the_rota(team, draft):
    address = to("allowance")
    html = desk(team.citra).get("/admin/").content.decode()
    assert f'href="{address}"' in html
    for page in (reverse("admin:policy_unit_change", args=[team.section.pk]), to("change", draft)):
        assert f"{address}?unit={team.section.pk}" in desk(team.dewi).get(page).content.decode()
    assert (
        address
        not in desk(team.joni)
        .get(reverse("admin:policy_unit_change", args=[team.section.pk]))
        .content.decode()
    )


def test_the_menu_marks_one_entry(team):
    for page, title in (
        (to("allowance"), "Batas WFH"),
        (to("changelist"), "Jadwal kerja"),
        (to("plan"), "Jadwal kerja"),
    ):
        groups = desk(team.dewi).get(page).context["sidebar_navigation"]
        assert [str(item["title"]) for group in groups for item in group["items"] if item["active"]] == [
            title
        ]


# The home page


def test_the_home_page_counts_what_is_to_check_and_who_has_no_rota(team):
    for person, number in ((team.dewi, 1), (team.eko, 2)):
        text = f"{number} unit kerja belum memiliki jadwal minggu depan 28 Agu 2023 – 1 Sep 2023."
        assert text in shown(person, "/admin/")
    make.make_rota(team.section, {team.ani: "wfh"}, NEXT)
    Roster.objects.filter(unit=team.section).update(
        warnings=[{"code": "x", "day": "2023-08-28", "employee": None, "numbers": {}}]
    )
    text = shown(team.dewi, "/admin/")
    assert "2 jadwal perlu diperiksa" in text and "belum memiliki jadwal" not in text
    for person in (team.citra, team.fajar):
        assert "perlu diperiksa" not in shown(person, "/admin/")


def test_units_without_a_rota_are_those_that_could_have_one(team):
    def missing() -> set[str]:
        units = type(team.section).objects
        return set(
            units.filter(pk__in=rota_gaps.without_rota(units.all(), MONDAY)).values_list("name", flat=True)
        )

    assert missing() == {"Seksi Tata Laksana", "Dinas Lingkungan Hidup"}  # a bureau of one has no WFH
    Exclusion.objects.create(scheme=team.scheme, unit=team.other, reason="Layanan langsung")
    assert missing() == {"Seksi Tata Laksana"}
    for n in range(5):
        CalendarDay.objects.create(
            agency=team.dki, date=NEXT + timedelta(days=n), kind="public_holiday", name="Libur"
        )
    assert missing() == set()


def test_the_list_of_units_finds_those_without_a_rota(team):
    address = reverse("admin:policy_unit_changelist")
    found = desk(team.eko).get(address, {"rota": "none"}).context["cl"].queryset
    assert {unit.name for unit in found} == {"Seksi Tata Laksana", "Dinas Lingkungan Hidup"}
    assert desk(team.joni).get(address, {"rota": "none"}).context["cl"].queryset.count() == 4


def test_filters_of_our_own_are_let_through(team, check_in):
    check_in(team.ani)
    for name, value in (("check", "yes"), ("status__exact", "published")):
        assert desk(team.eko).get(to("changelist"), {name: value}).status_code == 200
    address = reverse("admin:attendance_checkin_changelist")
    assert desk(team.eko).get(address, {"status": "accepted"}).context["cl"].queryset.count() == 1


# Words, and what pages cost


def test_every_finding_has_an_indonesian_sentence_with_its_numbers(team):
    numbers = {"planned": 7, "allowed": 6, "required": 5}
    codes = set(re.findall(r'Finding\("(\w+)"', Path(rota_check.__file__).read_text()))
    assert len(codes) > 4
    codes |= {
        "no_scheme",
        "kind_not_covered",
        "excluded_unit",
        "excluded_category",
        "exempt_post",
        "no_ground",
        "no_approved_domicile",
    }
    for code in codes:
        sentence = finding_sentence(Finding(code, MONDAY, team.ani.pk, numbers), {team.ani.pk: "Ani"})
        assert (
            sentence.startswith("Senin, 21 Agustus 2023: ")
            and sentence.endswith(".")
            and code not in sentence
        )
    exceeded = finding_sentence(Finding("cap_exceeded", MONDAY, None, {"planned": 7, "allowed": 6}), {})
    assert exceeded == "Senin, 21 Agustus 2023: 7 pegawai direncanakan WFH, paling banyak 6."


def test_pages_of_a_rota_take_as_many_queries_for_twenty_people_as_for_one(team):
    unit = make.make_unit(team.dki, "Seksi Arsip", team.other)
    plan = rotas.draft(unit, NEXT, FRIDAY, [])
    addresses = [
        to("change", plan),
        f"{to('allowance')}?unit={unit.pk}",
        to("plan"),
        to("changelist"),
        "/admin/",
    ]

    def more(first: int, last: int) -> None:
        for n in range(first, last):
            person = make.make_employee(unit, team.office, f"Arsiparis {n}")
            make.make_domicile(person, by=team.eko.user)
            RosterEntry.objects.create(roster=plan, employee=person, date=NEXT, mode="wfh")
            make.make_rota(
                make.make_unit(team.dki, f"Subseksi {n}", unit),
                {person: "wfo"},
                NEXT + timedelta(days=30 + n),
            )

    def queries(address: str) -> int:
        client = desk(team.indra)
        client.get(address)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address).status_code == 200
        return len(seen)

    more(0, 3)  # enough of them that the cap is exceeded in both cases
    few = [queries(address) for address in addresses]
    more(3, 23)
    assert [queries(address) for address in addresses] == few


def test_a_rota_of_another_state_is_not_saved_over(team, draft):
    rotas.submit(draft, by=team.citra.user, now=wib("08:00"))
    text = said(team.dewi, to("cells", draft), {square(team.ani, NEXT, "wfh"): "wfo"})
    assert "tidak dapat dilakukan pada status" in text
    with pytest.raises(DomainError, match="submitted"):
        rota_grid.save(draft, {(team.ani.pk, NEXT): "wfo"})
