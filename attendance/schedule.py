"""Which verification slots are due: asked of the database, so that a lost tick costs nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings

from attendance.models import Draw
from policy import planning
from policy.calendar import instant, is_weekend, local_day
from policy.models import CalendarDay, Phase, Posting, WorkingHours
from policy.rules import deciding, holds

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
    special = dict(_special(days))
    zones = _zones(set(phases))
    weekdays = _weekdays(set(phases))
    return sorted(
        {
            key
            for agency, known in phases.items()
            for day in days
            if _works(special.get((agency, day)), day, weekdays[agency])
            for phase in holding(known, day)
            for zone in zones[agency]
            for key in _keys(phase, agency, day, zone)
        }
    )


def holding(phases: list[Phase], day: date) -> list[Phase]:
    """The phases whose slots are held on `day`: those for certain places, and the one that decides elsewhere."""
    terms = {planning.terms_of(phase): phase for phase in phases}
    everywhere = deciding([one for one in terms if one.is_everywhere], day)
    local = [phase for one, phase in terms.items() if not one.is_everywhere and holds(one, day)]
    return [*local, terms[everywhere]] if everywhere else local


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


def _phases(days: list[date]) -> dict[int, list[Phase]]:
    """The phases in force that touch the days, by agency."""
    touching = Phase.objects.touching(days[0], days[-1]).filter(scheme__agency__isnull=False)
    found: dict[int, list[Phase]] = {}
    for phase in touching.select_related("scheme__legal_basis").prefetch_related("units"):
        found.setdefault(phase.scheme.agency_id, []).append(phase)
    return found


def _special(days: list[date]) -> Iterator[tuple[tuple[int, date], str]]:
    for agency, day, kind in CalendarDay.objects.filter(date__in=days).values_list("agency", "date", "kind"):
        yield (agency, day), kind


def _works(kind: str | None, day: date, weekdays: set[int]) -> bool:
    """Whether anybody of an agency may be at work; a pool that turns out empty does no harm."""
    if kind:
        return kind == CalendarDay.Kind.WORKING_DAY
    return not is_weekend(day) or day.isoweekday() in weekdays


def _weekdays(agencies: set[int]) -> dict[int, set[int]]:
    """The ISO weekdays that any ordinary hours of an agency name."""
    found: dict[int, set[int]] = {agency: set() for agency in agencies}
    hours = WorkingHours.objects.filter(agency__in=agencies, code="")
    for agency, weekdays in hours.values_list("agency", "weekdays"):
        found[agency].update(weekdays)
    return found


def _zones(agencies: set[int]) -> dict[int, set[str]]:
    zones: dict[int, set[str]] = {agency: set() for agency in agencies}
    held = Posting.objects.filter(unit__agency__in=agencies).order_by()
    for agency, zone in held.values_list("unit__agency", "site__zone").distinct():
        zones[agency].add(zone)
    return zones


def _keys(phase: Phase, agency: int, day: date, zone: str) -> list[SlotKey]:
    """The slots of a day that fall after the scheme was put in force."""
    times = [time.fromisoformat(text) for text in phase.scheme.slots]
    keys = [SlotKey(instant(day, at, zone), agency, day, zone, at) for at in times]
    return [key for key in keys if key.at >= phase.scheme.activated_at]
