"""The board of a day and the table of its units: the same number of queries for ten people and ten thousand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import date, datetime

from django.db.models import QuerySet

from attendance.models import CheckIn, Prompt
from policy import allowances, roster
from policy.calendar import late_minutes, local
from policy.models import Agency, Posting, Unit
from policy.roster import Expected


@dataclass(frozen=True, slots=True)
class PersonDay:
    """One person's day: what was expected, every event with its effective status, every prompt."""

    posting: Posting
    expected: Expected
    events: list[CheckIn]
    prompts: list[Prompt]

    @property
    def arrival(self) -> CheckIn | None:
        """The first check-in that counts; where its session went on to an accepted fix, that one."""
        arrivals = [event for event in self.events if event.kind == "in"]
        first = next(filter(counts, arrivals), None)
        same = (e for e in arrivals if first and _one_session(e, first) and e.effective == "accepted")
        return next(same, first)

    @property
    def departure(self) -> CheckIn | None:
        """The last check-out that counts."""
        return next((event for event in reversed(self.events) if event.kind == "out" and counts(event)), None)

    @property
    def state(self) -> str:
        """present, late, to_review, refused, not_yet, or not_expected (leave, travel, off)."""
        if self.expected.expectation.mode not in ("wfh", "wfo"):
            return "not_expected"
        if self.arrival is None:
            return self._without_arrival()
        if self.arrival.effective == "accepted":
            return "late" if "late" in self.arrival.conditions else "present"
        return "late" if self.arrival.conditions == ["late"] else "to_review"

    def _without_arrival(self) -> str:
        tried = [event.effective for event in self.events if event.kind == "in"]
        return "to_review" if "review" in tried else "refused" if tried else "not_yet"

    @property
    def late_minutes(self) -> int:
        """Whole minutes by which the arrival was late by the clock, or by the window that the scheme credits."""
        if self.arrival is None:
            return 0
        plan = self.expected.expectation
        credited = plan.credit[0] if plan.credit and self._came_from_home else None
        return late_minutes(plan.hours, plan.date, local(self.arrival.received_at, plan.zone), credited)

    @property
    def worked_minutes(self) -> int | None:
        """What a complete day is worth, breaks included: the scheme's credit (SE 34, D-07) or the time between.

        None while arrival or departure is missing.
        """
        if self.arrival is None or self.departure is None:
            return None
        plan = self.expected.expectation
        if plan.credit and self._came_from_home:
            return plan.credit[1]
        return int((self.departure.received_at - self.arrival.received_at).total_seconds() // 60)

    @property
    def _came_from_home(self) -> bool:
        return self.arrival is not None and self.arrival.planned_mode == "wfh"

    def shows(self, condition: str) -> bool:
        """Whether the arrival, or in its absence any attempt to arrive, had a condition."""
        seen = [self.arrival] if self.arrival else [event for event in self.events if event.kind == "in"]
        return any(condition in event.conditions for event in seen)


def _one_session(one: CheckIn, other: CheckIn) -> bool:
    return (one.session, one.session_until) == (other.session, other.session_until)


def counts(event: CheckIn) -> bool:
    """Whether an event counts as it stands: accepted, or in review and not without effect by the table."""
    if event.effective == "review":
        return event.counts == "provisional"
    return event.effective == "accepted"


def board(postings: QuerySet, day: date, at: datetime) -> list[PersonDay]:
    """Everybody in `postings` on `day`, with everything that happened; six queries.

    `postings` is any queryset of Posting; those that do not hold on `day` are left out.
    """
    held = postings.on(day).select_related("employee", "unit", "site").order_by("employee__name", "employee")
    people = {posting.employee_id: posting for posting in held}
    expected = roster.expectations(list(people), day, at)
    events = _by_employee(
        CheckIn.objects.filter(work_date=day, employee__in=list(expected))
        .with_effective_status()
        .order_by("received_at")
    )
    prompts = _by_employee(
        Prompt.objects.filter(draw__date=day, employee__in=list(expected))
        .select_related("draw", "agency")
        .prefetch_related("calls", "answers")
        .order_by("opened_at")
    )
    return [
        PersonDay(posting, expected[employee], events[employee], prompts[employee])
        for employee, posting in people.items()
    ]


def _by_employee(rows: Iterable) -> dict[int, list]:
    found: dict[int, list] = defaultdict(list)
    for row in rows:
        found[row.employee_id].append(row)
    return found


@dataclass(slots=True)
class UnitDay:
    """The day of one top unit. `cap` is the sum of what its lowest units may send home."""

    unit: Unit
    headcount: int = 0
    cap: int = 0
    planned_wfh: int = 0
    planned_wfo: int = 0
    present: int = 0
    late: int = 0
    uncertain: int = 0
    outside: int = 0
    no_uniform: int = 0
    drawn: int = 0
    answered: int = 0
    verified: int = 0
    missed: int = 0
    people: list[PersonDay] = field(default_factory=list, repr=False)


# The columns of the table, in their order.
COLUMNS = tuple(f.name for f in fields(UnitDay) if f.name not in ("unit", "people"))


def unit_day(agency: Agency, day: date, at: datetime) -> list[UnitDay]:
    """The table of an agency's day, one row for each top unit with people, in the order of their codes."""
    tops = _tops(agency)
    rows = {top.pk: UnitDay(top) for top in sorted(set(tops.values()), key=lambda unit: unit.code)}
    for person in board(Posting.objects.filter(unit__agency=agency), day, at):
        rows[tops[person.posting.unit_id].pk].people.append(person)
    caps = {one.group: one for one in allowances.allowances(agency, day).values()}  # shared places count once
    for allowed in caps.values():
        rows[tops[allowed.unit.pk].pk].cap += allowed.allowed
    staffed = [row for row in rows.values() if row.people]
    for row in staffed:
        _count(row)
    return staffed


def _tops(agency: Agency) -> dict[int, Unit]:
    """The top unit of every unit of an agency."""
    units = {unit.pk: unit for unit in Unit.objects.filter(agency=agency)}

    def top(unit: Unit) -> Unit:
        return unit if unit.parent_id is None else top(units[unit.parent_id])

    return {pk: top(unit) for pk, unit in units.items()}


def _count(row: UnitDay) -> None:
    modes = [person.expected.expectation.mode for person in row.people]
    prompts = [prompt for person in row.people for prompt in person.prompts]
    row.headcount = len(row.people)
    row.planned_wfh, row.planned_wfo = modes.count("wfh"), modes.count("wfo")
    row.present = sum(person.arrival is not None for person in row.people)
    row.late = sum(person.shows("late") for person in row.people)
    row.uncertain = sum(person.shows("uncertain_location") for person in row.people)
    row.outside = sum(person.shows("outside_fence") for person in row.people)
    row.no_uniform = sum(person.shows("uniform_photo_missing") for person in row.people)
    row.drawn = len(prompts)
    row.answered = sum(prompt.state == Prompt.State.ANSWERED for prompt in prompts)
    row.verified = sum(_verified(prompt) for prompt in prompts)
    row.missed = sum(prompt.state in (Prompt.State.MISSED, Prompt.State.UNDELIVERED) for prompt in prompts)


def _verified(prompt: Prompt) -> bool:
    """Whether the last call found the person at home."""
    calls = list(prompt.calls.all())
    return bool(calls) and calls[-1].outcome == "verified"
