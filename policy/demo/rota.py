"""The scenario's rota: half of a section at home on one working day, the other half on the next."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random

from policy import rotas
from policy.calendar import is_weekend
from policy.demo.people import Person
from policy.demo.places import DKI
from policy.models import Agency, CalendarDay, Employee, Roster, RosterEntry, Unit, User

FIRST, LAST = date(2023, 8, 21), date(2023, 9, 8)
_PUBLISHED = datetime(2023, 8, 20, 3, tzinfo=UTC)  # Sunday, 10:00 WIB

Section = tuple[str, int]  # the office's code, the index of the section
Halves = tuple[list[Person], list[Person]]


def divide(people: Iterable[Person], rng: Random) -> dict[Section, Halves]:
    """The two halves of every section that may work from home. An odd one out stays at the office.

    Half of the ASN, rounded down, is never above a cap of 50 %; contract staff is not covered by the circular.
    """
    sections: dict[Section, list[Person]] = defaultdict(list)
    for person in people:
        if _may_stay_home(person):
            sections[person.office.code, person.section].append(person)
    return {section: _halves(rng.sample(asn, len(asn))) for section, asn in sections.items()}


def _may_stay_home(person: Person) -> bool:
    here = person.office.agency == DKI and not person.office.excluded
    return here and person.section is not None and person.kind != "contract_staff"


def _halves(asn: list[Person]) -> Halves:
    half = len(asn) // 2
    return asn[:half], asn[half : 2 * half]


def publish(
    halves: dict[Section, Halves],
    staff: dict[Person, Employee],
    units: dict[str, Unit],
    users: dict[str, User],
) -> None:
    """Publishes the rota of every section through the use case, so that cap and exclusions are checked.

    `users` are the unit officers by the code of their office.
    """
    everybody: dict[Section, list[Person]] = defaultdict(list)
    for person in staff:
        everybody[person.office.code, person.section].append(person)
    days = _working_days(units[next(iter(halves))[0]].agency) if halves else []
    for (code, section), shifts in halves.items():
        draft = Roster.objects.create(unit=units[f"{code}-{section}"], version=1, starts=FIRST, ends=LAST)
        entries = _entries(draft, [(p, staff[p]) for p in everybody[code, section]], shifts, days)
        RosterEntry.objects.bulk_create(entries)
        rotas.publish(draft, by=users[code], now=_PUBLISHED)


def _entries(
    draft: Roster, people: Sequence[tuple[Person, Employee]], shifts: Halves, days: Sequence[date]
) -> list[RosterEntry]:
    """An entry for everybody on every day, the first half at home on the first day."""
    return [
        RosterEntry(
            roster=draft, employee=employee, date=day, mode="wfh" if person in shifts[i % 2] else "wfo"
        )
        for i, day in enumerate(days)
        for person, employee in people
    ]


def _working_days(agency: Agency) -> list[date]:
    off = set(CalendarDay.objects.filter(agency=agency).values_list("date", flat=True))
    days = (FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1))
    return [day for day in days if not is_weekend(day) and day not in off]
