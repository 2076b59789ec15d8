"""Domiciles: somebody else decides, from a stated minute."""

from __future__ import annotations

from datetime import timedelta

import pytest
from cryptography.exceptions import InvalidTag
from django.db import IntegrityError, connection, transaction

from policy import domiciles
from policy.errors import DomainError
from policy.fences import FenceError
from policy.models import Domicile, DomicileLocation
from tests.make import MALL, make_domicile, wib

pytestmark = pytest.mark.django_db


def propose(person, at=MALL):
    return domiciles.propose(person, latitude=at[0], longitude=at[1], now=wib("09:00"))


def test_a_proposal_is_not_in_force(cast):
    propose(cast.bayu)
    assert not Domicile.objects.in_force(wib("12:00")).filter(employee=cast.bayu).exists()


def test_approval_ends_the_one_before_at_the_same_minute(cast):
    new = domiciles.approve(propose(cast.ani), by=cast.eko.user, now=wib("10:00"))
    in_force = Domicile.objects.in_force
    assert in_force(wib("09:59:59")).get(employee=cast.ani) == cast.domicile
    assert in_force(wib("10:00")).get(employee=cast.ani) == new


def test_rejection_leaves_the_one_in_force(cast):
    domiciles.reject(propose(cast.ani), by=cast.eko.user, now=wib("10:00"), note="Bukan tempat tinggal.")
    assert Domicile.objects.in_force(wib("11:00")).get(employee=cast.ani) == cast.domicile


@pytest.mark.parametrize("decide", [domiciles.approve, domiciles.reject])
def test_nobody_decides_on_a_domicile_of_their_own(cast, decide):
    with pytest.raises(DomainError) as refused:
        decide(propose(cast.eko), by=cast.eko.user, now=wib("10:00"))
    assert refused.value.code == "own_domicile"


def test_what_is_decided_is_decided(cast):
    decided = domiciles.approve(propose(cast.ani), by=cast.eko.user, now=wib("10:00"))
    with pytest.raises(DomainError) as refused:
        domiciles.reject(decided, by=cast.eko.user, now=wib("10:05"))
    assert refused.value.code == "already_decided"


def test_only_one_domicile_is_in_force(cast):
    other = propose(cast.ani)
    other.status, other.in_force_from, other.decided_by = "approved", wib("10:00"), cast.eko.user
    with pytest.raises(IntegrityError), transaction.atomic():
        other.save()


@pytest.mark.parametrize("at", [(91, 0), (float("nan"), 106), (0, 181)])
def test_a_place_that_is_none_is_refused_and_nothing_stays(cast, at):
    before = Domicile.objects.count()
    with pytest.raises(FenceError):
        propose(cast.bayu, at)
    assert Domicile.objects.count() == before


def test_coordinates_are_sealed_and_bound_to_their_row(cast):
    other = make_domicile(cast.bayu, by=cast.eko.user, at=(-6.373011, 106.834022))
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(l::text, '') FROM policy_domicilelocation l")
        assert "373011" not in cursor.fetchone()[0]
    DomicileLocation.objects.filter(domicile=cast.domicile).update(sealed=other.location.sealed)
    with pytest.raises(InvalidTag):
        domiciles.place_of(Domicile.objects.get(pk=cast.domicile.pk))


def test_the_registered_error_reaches_the_rule(cast):
    home = make_domicile(cast.bayu, by=cast.eko.user, error_m=25.0)
    assert domiciles.place_of(home).error_m == 25.0
    assert home.in_force_from - home.proposed_at == timedelta(hours=1)
