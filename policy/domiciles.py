"""Registered domiciles: propose, approve, reject; somebody else decides, from a stated minute."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F, Q

from policy.errors import DomainError
from policy.fences import Circle, Fence
from policy.models import Domicile, DomicileLocation, Employee, User
from policy.rules import Place
from policy.vault import seal, unseal

HOME_RADIUS_M = 100.0  # no source gives a radius; the rule's G and R are both 100 m (trust 1.5)


@transaction.atomic
def propose(
    employee: Employee,
    *,
    latitude: float,
    longitude: float,
    now: datetime,
    error_m: float = 0.0,
    district: str = "",
) -> Domicile:
    """A new domicile of `employee`, waiting for approval.

    `latitude` and `longitude` are WGS84 degrees, `error_m` the 68 % error of the registered point in metres.
    Raises FenceError for coordinates that cannot be a place.
    """
    fence = Fence((Circle(latitude, longitude, HOME_RADIUS_M),))
    domicile = Domicile.objects.create(employee=employee, proposed_at=now, district=district)
    key_id, sealed = seal({"fence": fence.to_geojson(), "error_m": error_m}, _row(domicile.pk))
    DomicileLocation.objects.create(domicile=domicile, key_id=key_id, sealed=sealed)
    return domicile


@transaction.atomic
def approve(
    domicile: Domicile, *, by: User, now: datetime, note: str = "", since: datetime | None = None
) -> Domicile:
    """Puts a proposed domicile in force from `since` (by default, and at the earliest, `now`).

    The one before ends at the same instant: of several domiciles one is in force at a time (edge case 32).
    """
    domicile = _claim(domicile, by)
    since = max(since or now, now)
    approved = Domicile.objects.filter(employee=domicile.employee, status=Domicile.Status.APPROVED)
    open_ended = Q(in_force_until__isnull=True) | Q(in_force_until__gt=since)
    approved.filter(open_ended, in_force_from__lt=since).update(in_force_until=since)
    # One approved earlier for a later date than this: it never comes into force.
    approved.filter(in_force_from__gte=since).update(in_force_until=F("in_force_from"))
    domicile.in_force_from = since
    return _decide(domicile, Domicile.Status.APPROVED, by=by, now=now, note=note)


@transaction.atomic
def reject(domicile: Domicile, *, by: User, now: datetime, note: str = "") -> Domicile:
    """Turns a proposed domicile down; the one in force stays."""
    return _decide(_claim(domicile, by), Domicile.Status.REJECTED, by=by, now=now, note=note)


def place_of(domicile: Domicile) -> Place:
    """The domicile as a place for the rule. Decrypts."""
    return place(domicile.pk, domicile.name, domicile.location.key_id, domicile.location.sealed)


def place(pk: int, name: str, key_id: int, sealed: bytes) -> Place:
    """A domicile as a place for the rule, from its columns. Raises InvalidTag for another row's ciphertext."""
    location = unseal(key_id, sealed, _row(pk))
    return Place("domicile", pk, name, Fence.from_geojson(location["fence"]), location["error_m"])


def opened(domicile: Domicile) -> dict:
    """The sealed content: `fence` as GeoJSON and `error_m` in metres."""
    return unseal(domicile.location.key_id, domicile.location.sealed, _row(domicile.pk))


def _claim(domicile: Domicile, by: User) -> Domicile:
    """Locks the employee, so that two approvals cannot both put a domicile in force."""
    if by.employee_id == domicile.employee_id:
        raise DomainError("own_domicile", "Nobody decides on a domicile of their own.")
    Employee.objects.select_for_update(no_key=True).get(pk=domicile.employee_id)
    domicile = Domicile.objects.get(pk=domicile.pk)
    if domicile.status != Domicile.Status.PROPOSED:
        raise DomainError("already_decided", "This domicile has been decided already.")
    return domicile


def _decide(domicile: Domicile, status: str, *, by: User, now: datetime, note: str) -> Domicile:
    domicile.status, domicile.decided_by, domicile.decided_at, domicile.decision_note = status, by, now, note
    domicile.save()
    return domicile


def _row(pk: int) -> str:
    return f"domicile:{pk}"
