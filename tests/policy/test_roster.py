"""Publishing a rota: the cap, the exclusions, and what holds afterwards."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from policy import roster, rotas
from policy.allowances import allowance
from policy.errors import DomainError
from policy.models import Exclusion, Posting, Roster, RosterEntry
from tests.make import (
    MONDAY,
    make_domicile,
    make_employee,
    make_phase,
    make_rota,
    make_scheme,
    make_unit,
    wib,
)

pytestmark = pytest.mark.django_db

FRIDAY_BEFORE = wib("15:00", date(2023, 8, 18))


@pytest.fixture
def team(cast):
    """A section of four civil servants and one contract worker."""
    unit = make_unit(cast.dki, "Seksi Arsip", cast.other)
    people = [make_employee(unit, cast.office, f"Arsiparis {n}") for n in range(4)]
    for person in people:
        make_domicile(person, by=cast.eko.user)
    make_employee(unit, cast.office, "Kontrak", kind="contract_staff")
    return unit, people


def draft(unit, home, day=MONDAY) -> Roster:
    version = Roster.objects.filter(unit=unit).count() + 1
    plan = Roster.objects.create(unit=unit, version=version, starts=day, ends=day)
    RosterEntry.objects.bulk_create(
        RosterEntry(roster=plan, employee=person, date=day, mode="wfh") for person in home
    )
    return plan


def publish(plan, cast):
    return rotas.publish(plan, by=cast.dewi.user, now=FRIDAY_BEFORE)


def code_of(plan, cast) -> str:
    with pytest.raises(DomainError) as refused, transaction.atomic():
        publish(plan, cast)
    return refused.value.code


def test_half_of_the_civil_servants_may_work_from_home(cast, team):
    unit, people = team
    allowed = allowance(unit, MONDAY)
    assert (allowed.headcount, allowed.allowed, allowed.percent) == (4, 2, "WFH paling banyak 50 %")
    assert allowed.document == "34/SE/2023"
    publish(draft(unit, people[:2]), cast)
    assert RosterEntry.objects.filter(in_force=True, roster__unit=unit).count() == 2


def test_one_more_than_the_cap_is_refused_and_nothing_changes(cast, team):
    unit, people = team
    assert code_of(draft(unit, people[:3]), cast) == "cap_exceeded"
    assert not RosterEntry.objects.filter(in_force=True, roster__unit=unit).exists()
    assert Roster.objects.get(unit=unit).status == "draft"


def test_contract_staff_stays_at_the_office_unless_the_scheme_covers_it(cast, team):
    unit, _people = team
    contract = Posting.objects.get(unit=unit, employee__kind="contract_staff").employee
    assert code_of(draft(unit, [contract]), cast) == "kind_not_covered"


def test_contract_staff_count_neither_above_nor_below(cast, team):
    unit, people = team
    cast.scheme.covers = ["pns", "pppk", "contract_staff"]
    cast.scheme.save()
    contract = Posting.objects.get(unit=unit, employee__kind="contract_staff").employee
    make_domicile(contract, by=cast.eko.user)
    publish(draft(unit, [*people[:2], contract]), cast)


def test_people_on_the_75_percent_phase_are_more_and_the_shorter_phase_decides(cast, team):
    unit, people = team
    make_phase(cast.scheme, date(2023, 9, 4), date(2023, 9, 7), 75)
    allowed = {day: allowance(unit, date(2023, 9, day)).allowed for day in (1, 4, 7, 8)}
    assert allowed == {1: 2, 4: 3, 7: 3, 8: 2}
    publish(draft(unit, people[:3], date(2023, 9, 4)), cast)
    assert code_of(draft(unit, people[:3], date(2023, 9, 8)), cast) == "cap_exceeded"


def test_a_lower_national_cap_warns_and_names_its_document(cast, team):
    national = make_scheme(None, "17/2023", 25)
    allowed = allowance(team[0], MONDAY)
    assert allowed.allowed == 2
    assert allowed.warnings == ("17/2023: WFH paling banyak 25 %",)
    national.status, national.last_day = "revoked", MONDAY - timedelta(days=1)
    national.save()
    assert allowance(team[0], MONDAY).warnings == ()


def test_outside_the_scheme_nobody_works_from_home(cast, team):
    unit, people = team
    after = date(2023, 10, 23)
    assert allowance(unit, after) is None
    assert code_of(draft(unit, people[:1], after), cast) == "no_scheme"


def test_an_excluded_unit_and_everything_below_it_stays_at_the_office(cast, team):
    unit, people = team
    Exclusion.objects.create(scheme=cast.scheme, unit=cast.other, reason="Layanan langsung")
    assert allowance(unit, MONDAY).allowed == 0
    assert code_of(draft(unit, people[:1]), cast) == "excluded_unit"
    assert allowance(cast.section, MONDAY).allowed > 0


def test_a_rota_plans_only_the_people_of_its_unit(cast, team):
    unit, people = team
    assert code_of(draft(unit, [cast.bayu]), cast) == "not_of_this_unit"
    Posting.objects.filter(employee=people[0]).update(ends=MONDAY - timedelta(days=1))
    assert code_of(draft(unit, people[:1]), cast) == "not_of_this_unit"


def test_an_entry_outside_the_period_is_refused(cast, team):
    plan = draft(team[0], team[1][:1])
    plan.entries.update(date=MONDAY + timedelta(days=1))
    assert code_of(plan, cast) == "entry_outside_period"


def test_after_a_transfer_the_new_unit_plans_the_person(cast, team):
    unit, people = team
    publish(draft(unit, people[:1]), cast)
    elsewhere = make_unit(cast.dki, "Seksi Baru", cast.other)
    make_employee(elsewhere, cast.office, "Rekan")
    Posting.objects.filter(employee=people[0]).update(unit=elsewhere)
    publish(draft(elsewhere, people[:1]), cast)
    (entry,) = RosterEntry.objects.filter(employee=people[0], date=MONDAY, in_force=True)
    assert entry.roster.unit == elsewhere


def test_a_unit_of_one_has_no_home_day(cast):
    unit = make_unit(cast.dki, "Seksi Seorang", cast.other)
    alone = make_employee(unit, cast.office, "Sendiri")
    make_domicile(alone, by=cast.eko.user)
    assert code_of(draft(unit, [alone]), cast) == "cap_exceeded"


def test_a_second_version_takes_the_place_of_the_first(cast, team):
    unit, people = team
    publish(draft(unit, people[:2]), cast)
    publish(draft(unit, people[2:]), cast)
    home = RosterEntry.objects.filter(in_force=True, roster__unit=unit).values_list("employee", flat=True)
    assert set(home) == {person.pk for person in people[2:]}
    assert RosterEntry.objects.filter(roster__unit=unit).count() == 4


def test_a_version_is_published_once(cast, team):
    plan = publish(draft(team[0], team[1][:1]), cast)
    assert code_of(plan, cast) == "already_published"


def test_one_plan_holds_for_a_person_and_a_day(cast, team):
    unit, people = team
    publish(draft(unit, people[:1]), cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        draft(unit, people[:1]).entries.update(in_force=True)


def test_any_change_of_the_plan_changes_its_root(cast):
    before = roster.root(cast.dki, MONDAY)
    assert roster.root(cast.dki, MONDAY + timedelta(days=1)) == before
    RosterEntry.objects.filter(employee=cast.bayu, date=MONDAY).update(mode="wfh")
    assert roster.root(cast.dki, MONDAY) != before


def test_one_query_whether_for_one_person_or_twenty(cast):
    def queries() -> int:
        everybody = list(Posting.objects.values_list("employee", flat=True))
        with CaptureQueriesContext(
            connection,
        ) as counted:
            expected = roster.expectations(everybody, MONDAY, wib("07:00"))
        assert expected[cast.ani.pk].expectation.mode == "wfh"
        return len(counted)

    few = queries()
    people = [make_employee(cast.section, cast.office, f"Pegawai {n}", cast.citra) for n in range(20)]
    for person in people:
        make_domicile(person, by=cast.eko.user)
    make_rota(cast.section, dict.fromkeys(people, "wfh"))
    assert queries() == few == 1
