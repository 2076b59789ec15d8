"""What stands against a rota: every finding, in the order of its dates. Decides on what policy.planning has read."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from policy.allowances import at_home, busiest
from policy.eligibility import is_counted, told
from policy.planning import HALVES, Group, InForce, Planning, halves_of

Plan = InForce  # an entry of a draft has the shape of a plan in force


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that stands against publishing: a stable code, the date, the person (or None), and its numbers."""

    code: str
    day: date
    employee: int | None = None
    numbers: dict[str, int] = field(default_factory=dict)


def findings(
    read: Planning,
    unit: int,
    entries: Sequence[Plan],
    others: Iterable[Plan],
    shifts: frozenset[tuple[int, date]],
) -> list[Finding]:
    """Everything that stands against `entries` as the rota of `unit`.

    `others` are the plans in force of other units' rotas; `shifts` the (employee, date) pairs to which a shift is
    assigned, which makes any date a working day.
    """
    drafted: dict[date, list[Plan]] = defaultdict(list)
    for entry in entries:
        drafted[entry.date].append(entry)
    elsewhere: dict[date, list[Plan]] = defaultdict(list)
    for plan in others:
        if plan.unit != unit:
            elsewhere[plan.date].append(plan)
    return [
        finding
        for day in sorted(drafted)
        for finding in _of_day(read, unit, day, drafted[day], elsewhere[day], shifts)
    ]


def _of_day(
    read: Planning, unit: int, day: date, entries: list[Plan], others: list[Plan], shifts: frozenset
) -> Iterator[Finding]:
    yield from _people(read, unit, day, entries, shifts)
    yield from _halves(day, entries)
    drafted = {entry.employee for entry in entries}
    together = [*entries, *(plan for plan in others if plan.employee not in drafted)]
    for group in read.groups(unit, day):
        yield from _caps(read, group, day, together, alone=group.units == {unit})
    yield from _staffing(read, unit, day, entries)


def _people(
    read: Planning, unit: int, day: date, entries: list[Plan], shifts: frozenset
) -> Iterator[Finding]:
    """A rota plans the people of its unit, on working days, and at home only whom the scheme lets."""
    here = {worker.id: (worker, held) for worker, held in read.people([unit], day)}
    works = read.works(unit, day)
    for entry in entries:
        if entry.employee not in here:
            yield Finding("not_of_this_unit", day, entry.employee)
        elif not works and (entry.employee, day) not in shifts:
            yield Finding("not_a_working_day", day, entry.employee)
        elif entry.mode == "wfh" and (why := read.why_not(*here[entry.employee], day)):
            yield Finding(told(why, read.rules(unit, day)), day, entry.employee)


def _halves(day: date, entries: list[Plan]) -> Iterator[Finding]:
    """Nobody is planned twice for the same half of a day."""
    seen = Counter((entry.employee, half) for entry in entries for half in halves_of(entry.segment))
    for employee in sorted({employee for (employee, _half), times in seen.items() if times > 1}):
        yield Finding("planned_twice", day, employee)


def _caps(read: Planning, group: Group, day: date, plans: list[Plan], *, alone: bool) -> Iterator[Finding]:
    """The caps, at any one time. Too few at home can only be said of a unit that is counted alone."""
    counted = [w for w, _ in read.people(group.units, day) if is_counted(w, group.rules, day)]
    home = at_home(plans, counted)
    limits = read.allowed(group, day)
    if busiest(home) > limits.most:
        yield Finding("cap_exceeded", day, None, {"planned": busiest(home), "allowed": limits.most})
    fewest = min(home[half] for half in HALVES)
    if alone and fewest < limits.least:
        yield Finding("too_few_at_home", day, None, {"planned": fewest, "required": limits.least})


def _staffing(read: Planning, unit: int, day: date, entries: list[Plan]) -> Iterator[Finding]:
    """The unit's minimum at the office: everybody on duty who is not planned at home."""
    required = read.nodes[unit].min_office
    on_duty = [worker for worker, _ in read.people([unit], day) if worker.absence(day) is None]
    left = len(on_duty) - busiest(at_home(entries, on_duty))
    if left < required and any(entry.mode == "wfh" for entry in entries):
        yield Finding("too_few_at_office", day, None, {"planned": left, "required": required})
