"""Who sees whom: the scope of a user at an instant, worked out once a request.

An employee sees himself; a superior the people he supervises on that date, those of a superior he stands in
for (Plt/Plh) included; a unit officer the unit's subtree; HR and an auditor their agency. `is_superuser` alone
sees nobody: technical administration is not supervision (the design; see docs/sources.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db.models import QuerySet

from policy.calendar import local_day
from policy.models import Delegation, Posting, RoleGrant, Unit, User
from policy.models.people import Role


@dataclass(frozen=True, slots=True)
class Scope:
    """What a user may see on a date. Everything is a set of primary keys.

    `stands_for` are the superiors in whose place the user acts, himself first; `units` the units an officer
    looks after with everything below; `agency_wide` the agencies seen whole (HR, auditor); `hr` those of them
    in which the user may also decide; `agencies` every agency the user belongs to.
    """

    user: int
    day: date
    employee: int | None
    stands_for: frozenset[int]
    units: frozenset[int]
    agency_wide: frozenset[int]
    hr: frozenset[int]
    agencies: frozenset[int]

    def people_of_units(self) -> QuerySet:
        """Primary keys of the employees posted on the date in the units of the scope."""
        return Posting.objects.on(self.day).filter(unit__in=self.units).values("employee")

    def people_supervised(self) -> QuerySet:
        """Primary keys of the employees who report to the user, or to somebody he stands in for, on the date."""
        return Posting.objects.on(self.day).filter(superior__in=self.stands_for).values("employee")

    def units_supervised(self) -> QuerySet:
        """Primary keys of the units in which somebody else reports to the user, or to whom he stands in for."""
        posted = Posting.objects.on(self.day).filter(superior__in=self.stands_for)
        return posted.exclude(employee=self.employee).values("unit")

    def keeps(self, unit: Unit) -> bool:
        """Whether the user looks after a unit: as its officer, or as HR of its agency."""
        return unit.pk in self.units or unit.agency_id in self.hr

    def is_superior(self) -> bool:
        """Whether anybody reports to the user, or to somebody he stands in for, on the date."""
        return Posting.objects.on(self.day).filter(superior__in=self.stands_for).exists()


def scope_of(user: User, now: datetime) -> Scope:
    """The scope of `user` on the local date of `now` (UTC). At most three queries."""
    day = local_day(now, settings.TIME_ZONE)
    grants = list(RoleGrant.objects.on(day).filter(user=user).select_related("unit"))
    employee = user.employee
    wide = frozenset(g.agency_id for g in grants if g.role in (Role.HR, Role.AUDITOR))
    own = frozenset([employee.agency_id] if employee else [])
    return Scope(
        user=user.pk,
        day=day,
        employee=employee.pk if employee else None,
        stands_for=_stands_for(employee, day),
        units=_subtrees([g.unit for g in grants if g.role == Role.OFFICER]),
        agency_wide=wide,
        hr=frozenset(g.agency_id for g in grants if g.role == Role.HR),
        agencies=own | frozenset(g.agency_id for g in grants),
    )


def _stands_for(employee, day: date) -> frozenset[int]:
    if employee is None or not employee.is_active:
        return frozenset()
    deputed = Delegation.objects.on(day).filter(deputy=employee).values_list("superior", flat=True)
    return frozenset([employee.pk, *deputed])


def _subtrees(units: list[Unit]) -> frozenset[int]:
    """The units and all below them, one query a unit (an officer has one, seldom two)."""
    return frozenset(
        pk
        for unit in units
        for pk in Unit.objects.descendants(unit, include_self=True).values_list("pk", flat=True)
    )
