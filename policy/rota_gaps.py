"""Which units have no rota for a week in which they could work from home: no rota, no WFH (domain reference 2.1, D-15)."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from django.db.models import Count, QuerySet

from policy import planning
from policy.calendar import days_between
from policy.eligibility import CONTRACT
from policy.models import Agency, Posting, RosterEntry
from policy.planning import Planning
from policy.quota import allowed


def next_week(day: date) -> tuple[date, date]:
    """Monday and Friday of the week after that of `day`."""
    monday = day + timedelta(days=7 - day.weekday())
    return monday, monday + timedelta(days=4)


def without_rota(units: QuerySet, day: date) -> set[int]:
    """Those of `units` with people, room at home and no published rota for the week after that of `day`.

    A bounded number of queries for each agency among the units.
    """
    first, last = next_week(day)
    wanted = set(units.order_by().values_list("pk", flat=True))
    found: set[int] = set()
    for agency in Agency.objects.filter(pk__in=units.order_by().values("agency")):
        staff = _staff(agency, first)
        unplanned = (wanted & set(staff)) - _planned(agency, first, last)
        if unplanned:
            read = planning.read(agency, first, last, [])  # the rules and no people
            found |= {unit for unit in unplanned if _has_room(read, unit, staff)}
    return found


def _staff(agency: Agency, day: date) -> Counter[int]:
    """How many ASN are posted to each unit."""
    posted = Posting.objects.on(day).filter(unit__agency=agency, employee__is_active=True)
    posted = posted.exclude(employee__kind=CONTRACT).order_by().values_list("unit")
    return Counter(dict(posted.annotate(number=Count("pk"))))


def _planned(agency: Agency, first: date, last: date) -> set[int]:
    plans = RosterEntry.objects.filter(in_force=True, date__range=(first, last), roster__unit__agency=agency)
    return set(plans.order_by().values_list("roster__unit", flat=True).distinct())


def _has_room(read: Planning, unit: int, staff: Counter[int]) -> bool:
    """Whether the scheme lets anybody of the unit work from home on a working day of the week."""
    days = (day for day in days_between(read.first, read.last) if read.works(unit, day))
    return any(_room(read, unit, day, staff) for day in days)


def _room(read: Planning, unit: int, day: date, staff: Counter[int]) -> int:
    groups, node = read.groups(unit, day), read.nodes[unit]
    rules = read.rules(unit, day)
    if (
        rules is None
        or node.category in rules.closed_categories
        or not rules.closed_units.isdisjoint(node.path)
    ):
        return 0
    return min(allowed(sum(staff[one] for one in group.units), group.caps).most for group in groups)
