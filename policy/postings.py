"""Transfers: the posting before ends on the day before, so that every day has one unit and one superior.

History stays: the old superior keeps the old days (domain reference 7, edge case 29).
"""

from __future__ import annotations

import logging
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from policy import rotas
from policy.calendars import hold_open
from policy.errors import DomainError
from policy.models import Employee, Posting, Site, Unit, User

log = logging.getLogger("hadir.postings")


@transaction.atomic
def transfer(
    employee: Employee,
    *,
    unit: Unit,
    site: Site,
    position: str,
    superior: Employee | None,
    starts: date,
    post: str = "",
    service_category: str = "",
    by: User,
    now: datetime,
) -> Posting:
    """Posts an employee from `starts` on, ending the posting that holds then on the day before.

    The agency is locked, not the employee alone: two transfers at once could make two people each other's superior.
    Raises DomainError own_posting, period_closed, or later_posting when one begins on that day or after it;
    ValidationError (by field) where unit, office or superior do not fit.
    """
    if by.employee_id == employee.pk:
        raise DomainError("own_posting", "Nobody transfers himself.")
    hold_open(employee.agency_id, starts)
    employee = Employee.objects.select_for_update(no_key=True).get(pk=employee.pk)
    if employee.postings.filter(starts__gte=starts).exists():
        raise DomainError("later_posting", f"A posting begins on {starts} or later.")
    held = employee.postings.filter(Q(ends__isnull=True) | Q(ends__gte=starts))
    held.update(ends=starts - timedelta(days=1))
    new = Posting(
        employee=employee,
        unit=unit,
        site=site,
        position=position,
        superior=superior,
        starts=starts,
        post=post,
        service_category=service_category,
    )
    new.full_clean()
    new.save()
    log.info("employee %s moves to unit %s on %s, by user %s at %s", employee.pk, unit.pk, starts, by.pk, now)
    # A transfer can break the cap of a rota that is published: the units hear of it at once (edge case 6).
    units = {unit.pk, *employee.postings.values_list("unit", flat=True)}
    rotas.revalidate(employee.agency, now=now, units=sorted(units))
    return new


def led_by(superior: Employee, day: date) -> int:
    """How many people report to somebody on `day`."""
    return Posting.objects.on(day).filter(superior=superior).count()
