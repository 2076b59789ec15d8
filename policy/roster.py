"""What the plan in force says: what is expected of whom on a date."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings

from policy import facts
from policy.calendar import ZONES, Hours, Kind, local, local_day, timing
from policy.models import Agency, Posting, RosterEntry
from policy.rules import Expectation, expect


@dataclass(frozen=True, slots=True)
class Expected:
    """What is expected of an employee on a date, with unit and superior as they are then."""

    employee_id: int
    unit_id: int
    superior_id: int | None
    expectation: Expectation
    night: Hours | None = None


def expectation(employee_id: int, day: date, at: datetime) -> Expected | None:
    """What is expected of one employee on `day`, seen from the moment `at` (UTC).

    None when the employee has no posting on that date.
    """
    return expectations([employee_id], day, at).get(employee_id)


def expectations(employees: Sequence[int], day: date, at: datetime) -> dict[int, Expected]:
    """What is expected on `day` of the employees, by id; those without a posting then are left out.

    `at` (UTC) says which domicile is in force, which half of a split day it is, and whether a recall has begun.
    One query, or two where something holds for certain units only.
    """
    return {
        posted.employee_id: Expected(
            posted.employee_id, posted.unit_id, posted.superior_id, expect(posted.facts), posted.night
        )
        for posted in facts.posted(employees, day, at)
    }


def current(employee_id: int, now: datetime, kind: Kind | None = None) -> tuple[date, Expected | None]:
    """The work date at `now` (UTC) and what is expected of the employee.

    A shift that began yesterday keeps its date until its check-out closes (edge case 22), if it was to be worked:
    not by somebody on leave. A check-in (`kind` in) within today's own window is today's.
    """
    day = work_day(employee_id, now)
    found = expectation(employee_id, day, now)
    if found is not None and (found.night is None or _takes_in(found.expectation, kind, now)):
        return day, found
    began = day - timedelta(days=1)
    earlier = expectation(employee_id, began, now)
    return (began, earlier) if earlier and _runs_on(earlier.expectation, now) else (day, found)


def _takes_in(expected: Expectation, kind: Kind | None, now: datetime) -> bool:
    """Whether a check-in belongs to the day of `expected` because its window is open."""
    if kind != "in" or expected.mode not in ("wfh", "wfo"):
        return False
    at = local(now, expected.zone)
    return timing(expected.windows, "in", at, expected.date, expected.closing_second) == "within"


def _runs_on(expected: Expectation, now: datetime) -> bool:
    """Whether a shift that reaches into the next day can still be checked out of."""
    _opens, closes = expected.windows.of("out", expected.date)
    last = closes + timedelta(seconds=expected.closing_second)
    works = expected.mode in ("wfh", "wfo") and closes.date() > expected.date
    return works and local(now, expected.zone).replace(tzinfo=None, microsecond=0) <= last


def work_day(employee_id: int, now: datetime) -> date:
    """The local date at the employee's workplace; asks for the zone only while the zones disagree."""
    days = {local_day(now, zone) for zone in ZONES}
    if len(days) == 1:
        return days.pop()
    latest = Posting.objects.filter(employee=employee_id, starts__lte=max(days)).order_by("-starts")
    zone = latest.values_list("site__zone", flat=True).first()
    return local_day(now, zone or settings.TIME_ZONE)


def root(agency: Agency, day: date) -> bytes:
    """SHA-256 over the plan in force of an agency on `day`: any later change of the plan changes it."""
    entries = RosterEntry.objects.filter(employee__agency=agency, date=day, in_force=True)
    lines = entries.order_by("employee", "segment").values_list("employee", "segment", "mode")
    text = "\n".join(f"{employee}|{segment}|{mode}" for employee, segment, mode in lines)
    return hashlib.sha256(text.encode()).digest()
