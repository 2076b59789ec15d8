"""Generated rotas against an independent program, from the database to the draft."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command

from policy import rota_generation, rotas
from policy.models import (
    AdditionalDuty,
    CalendarDay,
    Cap,
    Exclusion,
    Ground,
    Pooling,
    Posting,
    Roster,
    RosterEntry,
)
from tests.make import (
    MONDAY,
    make_absence,
    make_domicile,
    make_employee,
    make_phase,
    make_unit,
    wib,
)
from tests.policy.rota_checker import findings

pytestmark = pytest.mark.django_db

LAST = date(2023, 10, 20)
SUMMIT = (date(2023, 9, 4), date(2023, 9, 7))
MAULID = date(2023, 9, 28)
WORKING_DAYS = [
    day
    for day in (MONDAY + timedelta(days=n) for n in range((LAST - MONDAY).days + 1))
    if day.weekday() < 5 and day != MAULID
]


@pytest.fixture
def scheme(cast):
    """SE 34 as it was: 50 %, 75 % during the summit, and Maulid free."""
    make_phase(cast.scheme, *SUMMIT, 75)
    CalendarDay.objects.create(agency=cast.dki, date=MAULID, kind="public_holiday", name="Maulid")
    return cast.scheme


def team(cast, size: int, name: str = "Seksi", **fields):
    unit = make_unit(cast.dki, name, cast.other, **fields)
    people = [make_employee(unit, cast.office, f"{name} {n}") for n in range(size)]
    for person in people:
        make_domicile(person, by=cast.eko.user)
    return unit, people


def plan_of(roster: Roster) -> dict[date, set[int]]:
    """Who is at home on which day."""
    plan = {day: set() for day in set(roster.entries.values_list("date", flat=True))}
    for employee, day in roster.entries.filter(mode="wfh").values_list("employee", "date"):
        plan[day].add(employee)
    return plan


def percent(day: date) -> int:
    return 75 if SUMMIT[0] <= day <= SUMMIT[1] else 50


def judged(people, roster, away=(), weekly=False) -> list[str]:
    """What the independent program says; `away` are (employee, day) pairs on which somebody may not be planned."""
    days = {p.pk: [day for day in WORKING_DAYS if (p, day) not in away] for p in people}
    caps = {day: (len(people), percent(day)) for day in WORKING_DAYS}
    return findings(days, caps, plan_of(roster), weekly=weekly)


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 7, 12])
@pytest.mark.parametrize("pattern", ["daily", "weekly"])
def test_a_generated_rota_is_fair_and_under_the_cap_on_every_date(cast, scheme, size, pattern):
    unit, people = team(cast, size)
    roster = rota_generation.generate(unit, MONDAY, LAST, pattern=pattern, seed=size)
    assert judged(people, roster, weekly=pattern == "weekly") == []
    assert rotas.check(roster) == []
    assert len(plan_of(roster)) == len(WORKING_DAYS) == 44
    assert all(len(plan_of(roster)[day]) == size * percent(day) // 100 for day in WORKING_DAYS)


def test_the_same_seed_gives_the_same_rota_and_another_seed_another(cast, scheme):
    unit, _people = team(cast, 7)
    first, again, other = (rota_generation.generate(unit, MONDAY, LAST, seed=s) for s in (1, 1, 2))
    assert plan_of(first) == plan_of(again) != plan_of(other)


def test_leave_is_honoured_and_whoever_comes_back_is_neither_punished_nor_rewarded(cast, scheme):
    unit, people = team(cast, 6)
    make_absence(people[0], starts=MONDAY, ends=date(2023, 9, 1))
    roster = rota_generation.generate(unit, MONDAY, LAST)
    away = {(people[0], day) for day in WORKING_DAYS if day <= date(2023, 9, 1)}
    assert judged(people, roster, away) == []
    assert len(plan_of(roster)[MONDAY]) == 3  # on leave, but still in the denominator


@pytest.mark.parametrize(
    ("prepare", "why"),
    [
        (lambda c, s, p: Posting.objects.filter(employee=p).update(post="treasurer"), "exempt_post"),
        (lambda c, s, p: duty(p, MONDAY, LAST), "exempt_post"),
        (lambda c, s, p: p.domiciles.update(in_force_until=wib("00:00")), "no_approved_domicile"),
        (lambda c, s, p: type(p).objects.filter(pk=p.pk).update(kind="contract_staff"), "kind_not_covered"),
        (
            lambda c, s, p: Posting.objects.filter(employee=p).update(service_category="public_service"),
            "excluded_category",
        ),
        (lambda c, s, p: make_absence(p, starts=MONDAY, ends=LAST), "away"),
    ],
)
def test_who_may_never_be_at_home_is_always_at_the_office_and_the_draft_says_why(cast, scheme, prepare, why):
    unit, people = team(cast, 5)
    Exclusion.objects.create(scheme=scheme, post="treasurer", reason="Bendahara")
    Exclusion.objects.create(scheme=scheme, category="public_service", reason="Layanan langsung")
    prepare(cast, scheme, people[0])
    roster = rota_generation.generate(unit, MONDAY, LAST)
    assert not roster.entries.filter(employee=people[0], mode="wfh").exists()
    assert roster.origin["people"][str(people[0].pk)] == {"home": 0, "why": why}
    assert roster.origin["people"][str(people[1].pk)]["why"] is None
    assert rotas.check(roster) == []


def duty(person, starts, ends):
    AdditionalDuty.objects.create(
        employee=person, post="treasurer", title="Bendahara pembantu", starts=starts, ends=ends
    )


def test_an_additional_duty_exempts_for_its_dates_only(cast, scheme):
    """Edge cases 38 and 39."""
    unit, people = team(cast, 4)
    Exclusion.objects.create(scheme=scheme, post="treasurer", reason="Bendahara")
    duty(people[0], MONDAY, MONDAY + timedelta(days=2))
    roster = rota_generation.generate(unit, MONDAY, LAST)
    home = roster.entries.filter(employee=people[0], mode="wfh").order_by("date")
    assert home.first().date >= MONDAY + timedelta(days=3)


def test_exempt_posts_may_rotate_where_the_scheme_says_so(cast, scheme):
    """C-09: Tangsel."""
    scheme.exempt_positions_may_rotate = True
    scheme.save()
    unit, people = team(cast, 4)
    Exclusion.objects.create(scheme=scheme, post="treasurer", reason="Bendahara")
    duty(people[0], MONDAY, LAST)
    roster = rota_generation.generate(unit, MONDAY, LAST, pattern="weekly")
    assert judged(people, roster, weekly=True) == []


def test_priorities_go_first_and_their_reason_is_not_told(cast, scheme):
    scheme.priorities = [{"ground": "pregnant"}, {"domicile": ["32.76"]}]
    scheme.save()
    unit, people = team(cast, 4)
    Ground.objects.create(employee=people[3], ground="pregnant", starts=MONDAY)
    people[2].domiciles.update(region="32.76.01")
    roster = rota_generation.generate(unit, MONDAY, date(2023, 9, 1))
    assert set().union(*plan_of(roster).values()) == {people[3].pk, people[2].pk}
    assert "pregnant" not in str(roster.origin)


def test_a_scheme_for_certain_grounds_sends_nobody_else_home(cast, scheme):
    """Bogor 2023 and DKI 2026: only vulnerable staff, only those whose route is flooded."""
    scheme.only_grounds = ["route_flooded"]
    scheme.save()
    unit, people = team(cast, 4)
    Ground.objects.create(employee=people[1], ground="route_flooded", starts=MONDAY, ends=MONDAY)
    plan = plan_of(rota_generation.generate(unit, MONDAY, MONDAY + timedelta(days=1)))
    assert plan == {MONDAY: {people[1].pk}, MONDAY + timedelta(days=1): set()}


def test_the_minimum_at_the_office_is_held(cast, scheme):
    unit, people = team(cast, 5, min_office=4)
    make_absence(people[0], "travel", starts=MONDAY, ends=MONDAY)
    plan = plan_of(rota_generation.generate(unit, MONDAY, MONDAY + timedelta(days=1)))
    assert [len(plan[day]) for day in sorted(plan)] == [0, 1]


def test_a_transfer_gives_the_person_to_the_new_unit_from_its_day(cast, scheme):
    """Edge case 29."""
    unit, people = team(cast, 4)
    there, _others = team(cast, 3, "Seksi Baru")
    moved = MONDAY + timedelta(days=7)
    Posting.objects.filter(employee=people[0]).update(ends=moved - timedelta(days=1))
    Posting.objects.create(employee=people[0], unit=there, site=cast.office, position="Analis", starts=moved)
    before, after = (rota_generation.generate(u, MONDAY, LAST) for u in (unit, there))
    assert before.entries.filter(employee=people[0]).order_by("-date").first().date == date(2023, 8, 25)
    assert after.entries.filter(employee=people[0]).order_by("date").first().date == moved
    assert rotas.check(before) == rotas.check(after) == []


def test_units_counted_together_never_pass_the_cap_together(cast, scheme):
    """Edge case 2: two units of one are pooled with their parent of two, by a recorded decision."""
    parent, two = team(cast, 2, "Bagian")
    alone = [make_unit(cast.dki, f"Subbagian {n}", parent) for n in range(2)]
    for unit in alone:
        person = make_employee(unit, cast.office, "Sendiri")
        make_domicile(person, by=cast.eko.user)
        Pooling.objects.create(scheme=scheme, unit=unit, reason="Nota dinas (contoh)")
        two.append(person)
    drafts = dict(rota_generation.generate_all(cast.dki, MONDAY, LAST))
    plan: dict[date, set[int]] = {}
    for unit in (parent, *alone):
        for day, home in (plan_of(drafts[unit]) if drafts[unit] else {}).items():
            plan.setdefault(day, set()).update(home)
    assert all(len(home) == 4 * percent(day) // 100 for day, home in plan.items())


def test_a_unit_of_one_stays_at_the_office(cast, scheme):
    unit, _people = team(cast, 1)
    drafts = dict(rota_generation.generate_all(cast.dki, MONDAY, LAST))
    assert drafts[unit] is None


def test_a_target_is_aimed_at_and_a_minimum_reported(cast, scheme):
    """Inmendagri 2/2023 aims at 50 %; SE 38/2020 wants at most 50 % at the office."""
    Cap.objects.filter(phase__scheme=scheme).update(measure="wfo", bound="max", percent=50)
    unit, people = team(cast, 5)
    make_absence(people[0], starts=MONDAY, ends=MONDAY)
    people[1].domiciles.update(status="rejected")
    people[2].domiciles.update(status="rejected")
    roster = rota_generation.generate(unit, MONDAY, MONDAY)
    assert roster.origin["short"] == [[str(MONDAY), 1]]
    Cap.objects.filter(phase__scheme=scheme).update(measure="wfh", bound="target", percent=50)
    assert len(plan_of(rota_generation.generate(unit, MONDAY, MONDAY))[MONDAY]) == 2


def test_contract_staff_that_a_scheme_covers_takes_turns_of_its_own(cast, scheme):
    """C-13: the secretariat of the DPRD covers PJLP, who are in no denominator."""
    scheme.covers = ["pns", "contract_staff"]
    scheme.save()
    unit, people = team(cast, 4)
    for n in range(2):
        person = make_employee(unit, cast.office, f"Kontrak {n}", kind="contract_staff")
        make_domicile(person, by=cast.eko.user)
    roster = rota_generation.generate(unit, MONDAY, date(2023, 8, 25))
    home = plan_of(roster)
    asn = {person.pk for person in people}
    assert {(len(day & asn), len(day - asn)) for day in home.values()} == {(2, 1)}
    assert rotas.check(roster) == []


def test_a_province_is_drafted_by_one_command_with_a_bounded_number_of_queries(
    cast, scheme, capsys, django_assert_max_num_queries
):
    for n in range(6):
        team(cast, 4, f"Seksi {n}")
    with django_assert_max_num_queries(18 + 9 * 7):
        call_command("generate_rotas", "pemprov-dki", str(MONDAY), str(LAST), seed=3)
    assert capsys.readouterr().out.startswith("7 drafts; 2 units")
    assert not RosterEntry.objects.filter(in_force=True, date__gt=date(2023, 8, 25)).exists()


@pytest.mark.parametrize(
    "arguments", [["nowhere", "2023-08-21", "2023-08-25"], ["pemprov-dki", "2023-08-25", "2023-08-21"]]
)
def test_the_command_refuses_what_it_cannot_do(cast, arguments):
    with pytest.raises(CommandError):
        call_command("generate_rotas", *arguments)
