"""Which verification slots are due: asked of the database, so that a lost tick costs nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db.models import Q

from attendance.models import Draw
from policy.calendar import instant, is_weekend, local_day
from policy.models import CalendarDay, Phase, Posting

LATE = timedelta(minutes=20)  # later than this a slot is missed, with an alert
LOOK_BACK_DAYS = 7


@dataclass(frozen=True, slots=True, order=True)
class SlotKey:
    """A slot of an agency in a zone, and the UTC instant at which it falls."""

    at: datetime
    agency: int
    day: date
    zone: str
    slot: time


def days_around(now: datetime, before: int, after: int) -> list[date]:
    """The dates from `before` to `after` days around the present one."""
    today = local_day(now, settings.TIME_ZONE)
    return [today + timedelta(days=offset) for offset in range(before, after + 1)]


def slots(days: list[date]) -> list[SlotKey]:
    """Every slot of the days, for agencies whose scheme was in force at the time."""
    phases = _phases(days)
    closed = set(CalendarDay.objects.filter(date__in=days).values_list("agency", "date"))
    zones = _zones({phase.scheme.agency_id for phase in phases})
    found = {}
    for day in days:
        for phase in phases:  # longest first: the most specific phase of a day has the last word
            agency = phase.scheme.agency_id
            if _holds(phase, day) and not is_weekend(day) and (agency, day) not in closed:
                found[agency, day] = [key for zone in zones[agency] for key in _keys(phase, day, zone)]
    return sorted(key for keys in found.values() for key in keys)


def due(now: datetime) -> list[SlotKey]:
    """The slots that have come and have no draw yet, oldest first."""
    come = [key for key in slots(days_around(now, -LOOK_BACK_DAYS, 1)) if key.at <= now]
    days = {key.day for key in come}
    done = set(Draw.objects.filter(date__in=days).values_list("agency", "date", "zone", "slot"))
    return [key for key in come if (key.agency, key.day, key.zone, key.slot) not in done]


def last_slots(days: list[date]) -> dict[tuple[int, date], datetime]:
    """The UTC instant of the last slot of every agency's day; days without slots are left out."""
    last: dict[tuple[int, date], datetime] = {}
    for key in slots(days):
        last[key.agency, key.day] = max(key.at, last.get((key.agency, key.day), key.at))
    return last


def _phases(days: list[date]) -> list[Phase]:
    """The active phases that touch the days, the longest first."""
    touching = Phase.objects.filter(Q(ends__isnull=True) | Q(ends__gte=days[0]), starts__lte=days[-1])
    active = touching.filter(scheme__status="active", scheme__agency__isnull=False).select_related("scheme")
    return sorted(active, key=_specific)


def _specific(phase: Phase) -> tuple[timedelta, date, int]:
    """The order of policy.facts turned round: the phase that decides comes last."""
    return phase.starts - (phase.ends or date.max), phase.starts, -phase.pk


def _zones(agencies: set[int]) -> dict[int, set[str]]:
    zones: dict[int, set[str]] = {agency: set() for agency in agencies}
    held = Posting.objects.filter(unit__agency__in=agencies).order_by()
    for agency, zone in held.values_list("unit__agency", "site__zone").distinct():
        zones[agency].add(zone)
    return zones


def _holds(phase: Phase, day: date) -> bool:
    return phase.starts <= day and (phase.ends is None or day <= phase.ends)


def _keys(phase: Phase, day: date, zone: str) -> list[SlotKey]:
    """The slots of a day that fall after the scheme was put in force."""
    times = [time.fromisoformat(text) for text in phase.scheme.slots]
    keys = [SlotKey(instant(day, at, zone), phase.scheme.agency_id, day, zone, at) for at in times]
    return [key for key in keys if key.at >= phase.scheme.activated_at]
