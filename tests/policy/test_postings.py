"""Transfers: every day has one unit and one superior, and history stays."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from policy import calendars, postings
from policy.errors import DomainError
from policy.models import Posting
from policy.roster import expectation
from policy.scope import scope_of
from tests.make import MONDAY, make_site, wib
from tests.test_races import race

pytestmark = pytest.mark.django_db

NOW = wib("09:00")
NEXT_MONDAY = MONDAY + timedelta(days=7)


def transfer(cast, person=None, **changes):
    said = {
        "unit": cast.other,
        "site": cast.office,
        "position": "Analis Kebijakan",
        "superior": cast.head,
        "starts": NEXT_MONDAY,
        "by": cast.eko.user,
        "now": NOW,
    }
    return postings.transfer(person or cast.ani, **said | changes)


def refusal(call, *args, **named) -> str:
    with pytest.raises(DomainError) as refused:
        call(*args, **named)
    return refused.value.code


def test_the_posting_before_ends_on_the_day_before(cast):
    new = transfer(cast)
    before = Posting.objects.get(employee=cast.ani, unit=cast.section)
    assert (before.ends, new.starts, new.ends) == (NEXT_MONDAY - timedelta(days=1), NEXT_MONDAY, None)


def test_unit_superior_and_officer_change_on_the_day(cast):
    transfer(cast)
    for day, unit, superior in [(MONDAY, cast.section, cast.citra), (NEXT_MONDAY, cast.other, cast.head)]:
        expected = expectation(cast.ani.pk, day, NOW)
        assert (expected.unit_id, expected.superior_id) == (unit.pk, superior.pk)
        seen = scope_of(superior.user, wib("09:00", day)).people_supervised().filter(employee=cast.ani)
        assert seen.exists()


def test_post_and_category_go_with_the_posting(cast):
    new = transfer(cast, post="treasurer", service_category="admin")
    assert (new.post, new.service_category, new.position) == ("treasurer", "admin", "Analis Kebijakan")


def test_who_left_and_comes_back_has_a_gap(cast):
    Posting.objects.filter(employee=cast.ani).update(ends=MONDAY)
    transfer(cast)
    assert expectation(cast.ani.pk, NEXT_MONDAY - timedelta(days=1), NOW) is None


@pytest.mark.parametrize("starts", [NEXT_MONDAY, NEXT_MONDAY - timedelta(days=1)])
def test_a_transfer_does_not_run_over_a_later_one(cast, starts):
    transfer(cast)
    assert refusal(transfer, cast, starts=starts, unit=cast.section) == "later_posting"
    assert transfer(cast, starts=NEXT_MONDAY + timedelta(days=1), unit=cast.section).pk


def test_nobody_transfers_himself(cast):
    assert refusal(transfer, cast, cast.eko) == "own_posting"


def test_closed_days_keep_their_unit(cast):
    calendars.close(cast.dki, date(2023, 8, 18), by=cast.eko.user, now=NOW)
    assert refusal(transfer, cast, starts=date(2023, 8, 18)) == "period_closed"
    assert transfer(cast, starts=date(2023, 8, 19)).pk


@pytest.mark.parametrize("field", ["unit", "site", "superior"])
def test_unit_office_and_superior_are_of_the_same_agency(cast, field):
    foreign = {"unit": cast.gita.postings.get().unit, "site": make_site(cast.tangsel), "superior": cast.gita}
    with pytest.raises(ValidationError) as refused:
        transfer(cast, **{field: foreign[field]})
    assert list(refused.value.message_dict) == [field]
    assert Posting.objects.get(employee=cast.ani).ends is None  # nothing stays


@pytest.mark.parametrize("superior", ["citra", "ani"])
def test_nobody_stands_above_himself(cast, superior):
    """Citra's superior is the head; her people's people are no superiors of hers, nor she herself."""
    with pytest.raises(ValidationError) as refused:
        transfer(cast, cast.citra, superior=getattr(cast, superior))
    assert list(refused.value.message_dict) == ["superior"]


@pytest.mark.django_db(transaction=True)
def test_two_people_never_become_each_others_superior_at_once(cast):
    def go(pair) -> str:
        person, superior = pair
        try:
            transfer(cast, getattr(cast, person), superior=getattr(cast, superior))
        except ValidationError:
            return "cycle"
        return "done"

    found = race(go, [("ani", "bayu"), ("bayu", "ani"), ("dewi", "ani"), ("ani", "dewi")])
    on = {p.employee_id: p.superior_id for p in Posting.objects.on(NEXT_MONDAY)}
    for person in (cast.ani, cast.bayu, cast.dewi):
        above, chain = on.get(person.pk), []
        while above is not None and above not in chain:
            chain.append(above)
            above = on.get(above)
        assert person.pk not in chain, found


@pytest.mark.django_db(transaction=True)
def test_of_many_transfers_of_one_person_at_once_one_is_made(cast):
    def go(_) -> str:
        try:
            transfer(cast)
        except DomainError as refused:
            return refused.code
        return "moved"

    assert sorted(race(go, list(range(5)))) == ["later_posting"] * 4 + ["moved"]
