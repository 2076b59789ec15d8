"""The life of a rota: drafted, checked, submitted, published, amended, copied, withdrawn, checked anew."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import transaction

from policy import roster, rotas
from policy.errors import DomainError
from policy.models import (
    CalendarDay,
    Cap,
    Exclusion,
    Posting,
    Roster,
    RosterEntry,
    WorkingHours,
)
from policy.rotas import Cell
from tests.make import (
    MONDAY,
    WINDOWS,
    make_absence,
    make_domicile,
    make_employee,
    make_phase,
    make_scheme,
    make_unit,
    wib,
)

pytestmark = pytest.mark.django_db

FRIDAY_BEFORE = wib("15:00", date(2023, 8, 18))
NEXT_MONDAY = MONDAY + timedelta(days=7)


@pytest.fixture
def team(cast):
    """A section of four with approved domiciles, in which half may be at home."""
    unit = make_unit(cast.dki, "Seksi Arsip", cast.other)
    people = [make_employee(unit, cast.office, f"Arsiparis {n}") for n in range(4)]
    for person in people:
        make_domicile(person, by=cast.eko.user)
    return unit, people


def days(first=MONDAY, number: int = 5) -> list[date]:
    return [first + timedelta(days=n) for n in range(number)]


def plan(team, home, first=MONDAY, number: int = 5) -> Roster:
    """A draft: those at the indices `home` at home every day, the others at the office."""
    unit, people = team
    cells = [
        Cell(person.pk, day, "wfh" if n in home else "wfo")
        for n, person in enumerate(people)
        for day in days(first, number)
    ]
    return rotas.draft(unit, first, first + timedelta(days=number - 1), cells)


def publish(roster, cast, by=None, now=FRIDAY_BEFORE) -> Roster:
    return rotas.publish(roster, by=(by or cast.dewi).user, now=now)


def code_of(call) -> str:
    with pytest.raises(DomainError) as refused, transaction.atomic():
        call()
    return refused.value.code


def home_on(day) -> set[int]:
    rows = RosterEntry.objects.filter(in_force=True, date=day, mode="wfh", roster__unit__name="Seksi Arsip")
    return set(rows.values_list("employee", flat=True))


def test_a_draft_is_submitted_handed_back_and_published(cast, team):
    draft = rotas.submit(plan(team, [0, 1]), by=cast.citra.user, now=FRIDAY_BEFORE)
    assert (draft.status, draft.submitted_by) == ("submitted", cast.citra.user)
    assert code_of(lambda: rotas.hand_back(draft, note=" ")) == "note_missing"
    draft = rotas.hand_back(draft, note="Mohon tukar hari Selasa.")
    assert (draft.status, draft.note) == ("draft", "Mohon tukar hari Selasa.")
    rotas.submit(draft, by=cast.citra.user, now=FRIDAY_BEFORE)
    assert publish(draft, cast).status == "published"


def test_what_cannot_be_published_cannot_be_submitted(cast, team):
    draft = plan(team, [0, 1, 2])
    assert code_of(lambda: rotas.submit(draft, by=cast.citra.user, now=FRIDAY_BEFORE)) == "cap_exceeded"
    assert {finding.code for finding in rotas.check(draft)} == {"cap_exceeded"}
    assert [finding.numbers for finding in rotas.check(draft)] == [{"planned": 3, "allowed": 2}] * 5


def test_a_rota_remembers_the_document_phase_and_cap_of_every_date(cast, team):
    make_phase(cast.scheme, NEXT_MONDAY, NEXT_MONDAY + timedelta(days=2), 75)
    unit, people = team
    cells = [Cell(people[0].pk, day, "wfh") for day in [*days(), *days(NEXT_MONDAY)]]
    published = publish(rotas.draft(unit, MONDAY, NEXT_MONDAY + timedelta(days=4), cells), cast)
    assert [(row["from"], row["to"], row["allowed"]) for row in published.basis] == [
        ("2023-08-21", "2023-08-25", 2),
        ("2023-08-28", "2023-08-30", 3),
        ("2023-08-31", "2023-09-01", 2),
    ]
    assert {row["document"] for row in published.basis} == {"34/SE/2023"}
    assert published.basis[0]["caps"] == ["WFH paling banyak 50 %"] and published.basis[0]["headcount"] == 4


def test_an_amendment_begins_as_the_plan_in_force_and_takes_its_place(cast, team):
    unit, people = team
    first = publish(plan(team, [0, 1]), cast)
    amended = rotas.amend(unit, MONDAY + timedelta(days=2), MONDAY + timedelta(days=4))
    assert amended.entries.filter(mode="wfh").count() == 6
    wednesday = MONDAY + timedelta(days=2)
    rotas.replace(amended, [Cell(people[0].pk, wednesday, "wfo"), Cell(people[2].pk, wednesday, "wfh")])
    publish(amended, cast, now=wib("09:00"))
    assert home_on(MONDAY) == {people[0].pk, people[1].pk}
    assert home_on(wednesday) == {people[1].pk, people[2].pk}
    assert first.entries.count() == 20  # nothing is deleted


def test_a_published_rota_is_changed_by_a_new_version_only(cast, team):
    published = publish(plan(team, [0, 1]), cast)
    assert code_of(lambda: rotas.replace(published, [])) == "already_published"
    assert code_of(lambda: rotas.discard(published)) == "already_published"
    assert (
        code_of(lambda: rotas.submit(published, by=cast.dewi.user, now=FRIDAY_BEFORE)) == "already_published"
    )


def test_a_draft_is_thrown_away_with_its_entries(cast, team):
    draft = plan(team, [0])
    rotas.discard(draft)
    assert not Roster.objects.filter(pk=draft.pk).exists()
    assert not RosterEntry.objects.filter(roster=draft.pk).exists()


def test_a_withdrawn_rota_leaves_office_days_and_its_entries(cast, team):
    published = publish(plan(team, [0, 1]), cast)
    thursday = MONDAY + timedelta(days=3)
    by = {"by": cast.dewi.user, "now": FRIDAY_BEFORE}
    assert code_of(lambda: rotas.withdraw(published, first=thursday, note="", **by)) == "note_missing"
    partly = rotas.withdraw(published, first=thursday, note="Rapat pleno", **by)
    assert partly.status == "published" and home_on(thursday) == set() and home_on(MONDAY) != set()
    expected = roster.expectation(team[1][0].pk, thursday, wib("07:00", thursday)).expectation
    assert (expected.mode, expected.why) == ("wfo", "no_published_rota")
    wholly = rotas.withdraw(partly, first=MONDAY, note="Dibatalkan", **by)
    assert wholly.status == "withdrawn" and wholly.entries.count() == 20


def test_the_past_is_planned_by_hr_only_and_marked(cast, team):
    """Edge case 44."""
    late = wib("09:00", MONDAY + timedelta(days=1))
    assert code_of(lambda: publish(plan(team, [0, 1]), cast, now=late)) == "retroactive"
    published = publish(plan(team, [0, 1]), cast, by=cast.eko, now=late)
    assert published.is_retroactive
    assert code_of(
        lambda: rotas.withdraw(published, first=MONDAY, by=cast.dewi.user, now=late, note="Salah")
    ) == ("retroactive")
    assert not publish(plan(team, [0, 1], NEXT_MONDAY), cast, now=late).is_retroactive


def test_what_people_follow_since_this_morning_is_changed_by_hr_only(cast, team):
    published = publish(plan(team, [0, 1]), cast)
    noon = wib("12:00")
    withdrawal = {"first": MONDAY, "now": noon, "note": "Salah"}
    assert code_of(lambda: rotas.withdraw(published, by=cast.dewi.user, **withdrawal)) == "retroactive"
    assert code_of(lambda: publish(plan(team, [2, 3]), cast, now=noon)) == "retroactive"
    assert publish(plan(team, [2, 3], MONDAY + timedelta(days=1), 4), cast, now=noon).status == "published"
    assert rotas.withdraw(published, by=cast.eko.user, **withdrawal).status == "withdrawn"


def test_a_new_unit_takes_nobodys_plan_of_today_away_without_hr(cast, team):
    """Somebody transferred as of today, at home since this morning by the former unit's plan."""
    unit, people = team
    publish(plan(team, [0, 1]), cast)
    there = make_unit(cast.dki, "Seksi Baru", cast.other)
    make_employee(there, cast.office, "Rekan")
    Posting.objects.filter(employee=people[0]).update(unit=there)
    office = rotas.draft(there, MONDAY, MONDAY, [Cell(people[0].pk, MONDAY, "wfo")])
    assert code_of(lambda: publish(office, cast, now=wib("10:00"))) == "retroactive"
    assert publish(office, cast, by=cast.eko, now=wib("10:00")).is_retroactive


def test_a_withdrawal_of_days_that_were_lived_is_marked(cast, team):
    published = publish(plan(team, [0, 1]), cast)
    late = {"by": cast.eko.user, "now": wib("12:00"), "note": "Keliru"}
    assert rotas.withdraw(published, first=MONDAY, **late).is_retroactive


def test_a_rota_for_today_counts_from_its_publication_and_is_no_retroactive_one(cast, team):
    """A circular issued at noon (e-0021/SE/2025)."""
    assert not publish(plan(team, [0, 1], number=1), cast, now=wib("12:05")).is_retroactive


def test_a_closed_period_is_touched_by_nobody(cast, team):
    cast.dki.closed_until = MONDAY
    cast.dki.save()
    late = wib("09:00", NEXT_MONDAY)
    assert code_of(lambda: publish(plan(team, [0, 1]), cast, by=cast.eko, now=late)) == "period_closed"
    later = plan(team, [0, 1], MONDAY + timedelta(days=1), 4)
    assert publish(later, cast, by=cast.eko, now=late).is_retroactive


@pytest.mark.parametrize(
    ("first", "last", "day", "code"),
    [
        (MONDAY, MONDAY - timedelta(days=1), MONDAY, "period_too_long"),
        (MONDAY, MONDAY + timedelta(days=370), MONDAY, "period_too_long"),
        (MONDAY, MONDAY, NEXT_MONDAY, "entry_outside_period"),
    ],
)
def test_a_draft_has_a_period_and_stays_in_it(cast, team, first, last, day, code):
    unit, people = team
    assert code_of(lambda: rotas.draft(unit, first, last, [Cell(people[0].pk, day, "wfh")])) == code
    assert not Roster.objects.filter(unit=unit).exists()


def test_last_week_is_copied_weekday_by_weekday_without_holidays(cast, team):
    unit, people = team
    publish(plan(team, [0, 1]), cast)
    CalendarDay.objects.create(
        agency=cast.dki, date=NEXT_MONDAY + timedelta(days=3), kind="local_holiday", name="Hari daerah"
    )
    copied = rotas.copy_week(unit, MONDAY + timedelta(days=2), NEXT_MONDAY)
    assert (copied.starts, copied.ends) == (NEXT_MONDAY, NEXT_MONDAY + timedelta(days=6))
    planned = sorted(set(copied.entries.values_list("date", flat=True)))
    assert planned == [day for n, day in enumerate(days(NEXT_MONDAY)) if n != 3]
    assert set(copied.entries.filter(mode="wfh").values_list("employee", flat=True)) == {
        p.pk for p in people[:2]
    }


def test_a_week_is_not_copied_to_where_the_cap_has_changed(cast, team):
    """Edge case 7: the week of the summit is not the week after."""
    unit, people = team
    make_phase(cast.scheme, date(2023, 9, 4), date(2023, 9, 7), 75)
    summit = date(2023, 9, 4)
    publish(plan(team, [0, 1, 2], summit, 4), cast)
    assert code_of(lambda: rotas.copy_week(unit, summit, date(2023, 9, 11))) == "cap_changed"
    publish(plan(team, [0, 1]), cast)
    assert rotas.copy_week(unit, MONDAY, NEXT_MONDAY).entries.count() == 20


def findings(draft) -> set[str]:
    return {finding.code for finding in rotas.check(draft)}


def test_a_transfer_an_exemption_and_a_shorter_phase_warn_and_change_nothing(cast, team):
    """Edge case 6: a published rota is checked anew; nothing is deleted."""
    unit, people = team
    published = publish(plan(team, [0, 1]), cast)

    def warned() -> set[str]:
        rotas.revalidate(cast.dki, now=FRIDAY_BEFORE)
        published.refresh_from_db()
        return {warning["code"] for warning in published.warnings}

    assert warned() == set()
    with transaction.atomic():
        Posting.objects.filter(employee=people[3]).update(unit=cast.other)
        assert warned() == {"cap_exceeded", "not_of_this_unit"}
        transaction.set_rollback(True)
    Exclusion.objects.create(scheme=cast.scheme, post="treasurer", reason="Bendahara")
    Posting.objects.filter(employee=people[0]).update(post="treasurer")
    assert warned() == {"exempt_post"}
    cast.scheme.phases.update(ends=MONDAY + timedelta(days=1))
    assert warned() == {"exempt_post", "no_scheme"}
    assert {warning["day"] for warning in published.warnings if warning["code"] == "no_scheme"} == {
        "2023-08-23",
        "2023-08-24",
        "2023-08-25",
    }
    assert published.status == "published"
    assert RosterEntry.objects.filter(roster=published, in_force=True).count() == 20


def test_checking_anew_leaves_the_past_alone_and_can_be_kept_to_some_units(cast, team):
    unit, people = team
    published = publish(plan(team, [0, 1]), cast)
    Posting.objects.filter(employee=people[0]).update(unit=cast.other)
    assert rotas.revalidate(cast.dki, now=FRIDAY_BEFORE, units=[cast.section.pk]) in (0, 1)
    published.refresh_from_db()
    assert published.warnings == []
    rotas.revalidate(cast.dki, now=wib("07:00", date(2023, 8, 25)), units=[unit.pk])
    published.refresh_from_db()
    assert {warning["day"] for warning in published.warnings} == {"2023-08-25"}


def test_the_number_of_queries_of_a_check_does_not_grow_with_dates_or_people(
    cast, team, django_assert_max_num_queries
):
    short, long = plan(team, [0, 1], number=1), plan(team, [0, 1], number=5)
    with django_assert_max_num_queries(24):
        rotas.check(short)
    with django_assert_max_num_queries(24):
        rotas.check(long)


def test_two_halves_of_a_day_are_counted_each_at_its_time(cast, team):
    """Edge case 5: "dalam satu waktu bersamaan"."""
    unit, people = team
    halves = [Cell(p.pk, MONDAY, "wfh", "am" if n < 2 else "pm") for n, p in enumerate(people)]
    assert findings(rotas.draft(unit, MONDAY, MONDAY, halves)) == set()
    three = [Cell(p.pk, MONDAY, "wfh", "am") for p in people[:3]]
    assert findings(rotas.draft(unit, MONDAY, MONDAY, three)) == {"cap_exceeded"}


def test_nobody_is_planned_twice_for_the_same_half(cast, team):
    unit, people = team
    twice = [Cell(people[0].pk, MONDAY, "wfo"), Cell(people[0].pk, MONDAY, "wfh", "am")]
    assert findings(rotas.draft(unit, MONDAY, MONDAY, twice)) == {"planned_twice"}


def test_a_shift_makes_any_date_a_working_day(cast, team):
    unit, people = team
    saturday = MONDAY + timedelta(days=5)
    night = WorkingHours.objects.create(
        agency=cast.dki,
        code="sif-malam",
        starts=date(2023, 1, 1),
        weekdays=[1, 2, 3, 4, 5, 6, 7],
        begins="22:00",
        finishes="07:00",
        **WINDOWS | {"in_opens": "21:00", "in_closes": "22:00", "out_opens": "07:00", "out_closes": "10:00"},
    )
    assert findings(rotas.draft(unit, saturday, saturday, [Cell(people[0].pk, saturday, "wfo")])) == {
        "not_a_working_day"
    }
    shift = rotas.draft(unit, saturday, saturday, [Cell(people[0].pk, saturday, "wfo", shift=night)])
    assert findings(shift) == set()


def test_who_is_on_leave_keeps_the_place_that_was_planned(cast, team):
    """Edge case 4: no place is freed without a new rota."""
    publish(plan(team, [0, 1]), cast)
    make_absence(team[1][0], starts=MONDAY, ends=MONDAY)
    assert findings(plan(team, [0, 1])) == set()
    assert findings(plan(team, [0, 1, 2])) == {"cap_exceeded"}


def test_too_few_at_home_is_a_finding_where_the_office_is_capped(cast, team):
    """SE 38/2020: at most 50 % at the office."""
    Cap.objects.filter(phase__scheme=cast.scheme).update(measure="wfo", bound="max")
    assert findings(plan(team, [0])) == {"too_few_at_home"}
    assert findings(plan(team, [0, 1])) == findings(plan(team, [0, 1, 2])) == set()


def test_the_minimum_at_the_office_counts_those_on_duty(cast, team):
    unit, people = team
    type(unit).objects.filter(pk=unit.pk).update(min_office=2)
    assert findings(plan(team, [0, 1])) == set()
    make_absence(people[3], "travel", starts=MONDAY, ends=MONDAY)
    found = rotas.check(plan(team, [0, 1]))
    assert [(f.code, f.day, f.numbers) for f in found] == [
        ("too_few_at_office", MONDAY, {"planned": 1, "required": 2})
    ]


def test_units_with_one_denominator_share_its_places(cast, team):
    """Banten counts by Perangkat Daerah: what one section has published is gone for the other."""
    Cap.objects.filter(phase__scheme=cast.scheme).update(denominator="agency_unit", percent=30)
    other = make_unit(cast.dki, "Seksi Data", cast.other)
    here = [make_employee(other, cast.office, f"Data {n}") for n in range(3)]
    for person in here:
        make_domicile(person, by=cast.eko.user)
    # Dinas Lingkungan Hidup: Eko, Fajar, Indra, four archivists, three of data: three of ten may be at home.
    publish(plan(team, [0, 1]), cast)
    one = rotas.draft(other, MONDAY, MONDAY, [Cell(here[0].pk, MONDAY, "wfh")])
    two = rotas.draft(other, MONDAY, MONDAY, [Cell(p.pk, MONDAY, "wfh") for p in here[:2]])
    assert findings(one) == set()
    assert [f.numbers for f in rotas.check(two)] == [{"planned": 4, "allowed": 3}]


def test_shared_places_are_counted_once_in_the_table_of_the_day_and_once_when_drafted_anew(cast, team):
    from attendance.recaps import unit_day
    from policy.rota_generation import generate_all

    Cap.objects.filter(phase__scheme=cast.scheme).update(denominator="agency_unit", percent=30)
    other = make_unit(cast.dki, "Seksi Data", cast.other)
    for n in range(3):
        make_domicile(make_employee(other, cast.office, f"Data {n}"), by=cast.eko.user)
    row = next(one for one in unit_day(cast.dki, MONDAY, wib("18:00")) if one.unit == cast.other)
    assert row.cap == 3  # of ten people, not once for each of three units

    def at_home() -> int:
        drafts = [plan for _unit, plan in generate_all(cast.dki, MONDAY, MONDAY) if plan]
        for one in drafts:
            if one.unit.parent_id == cast.other.pk:
                rotas.publish(one, by=cast.eko.user, now=FRIDAY_BEFORE)
        rows = RosterEntry.objects.filter(date=MONDAY, in_force=True, mode="wfh")
        return rows.filter(roster__unit__parent=cast.other).count()

    assert (at_home(), at_home()) == (3, 3)


def test_another_scheme_of_a_shorter_time_decides_for_its_days(cast, team):
    """e-0021/SE/2025: one day, issued on the day itself."""
    single = make_scheme(cast.dki, "e-0021/SE/2025", 75)
    single.phases.update(starts=MONDAY, ends=MONDAY)
    assert findings(plan(team, [0, 1, 2], number=1)) == set()
    assert findings(plan(team, [0, 1, 2], number=2)) == {"cap_exceeded"}
