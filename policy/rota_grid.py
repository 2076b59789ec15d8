"""A rota as people read and change it: the people of a unit by dates, half days included."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Count

from policy import planning, rotas
from policy.allowances import Allowance, explain
from policy.calendar import days_between
from policy.errors import DomainError
from policy.explanations import may_tell
from policy.models import Employee, Roster, RosterEntry, Unit, User
from policy.planning import HALVES, InForce, Planning, halves_of
from policy.rota_check import Finding
from policy.rotas import Cell

# What a rota says of a person's day: at home, at the office, at home until noon, at home from noon, or nothing.
SAID = ("wfh", "wfo", "am", "pm", "")

Key = tuple[int, date]  # an employee's id and a date


@dataclass(frozen=True, slots=True)
class Square:
    """A person's day. `open` squares can be planned; `over` ones have been replaced by a later version."""

    day: date
    said: str
    open: bool = False
    away: bool = False
    over: bool = False
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A person. `home` are the days at home in the whole rota, `why` says why there are none on these dates."""

    id: int
    name: str
    nrk: str | None
    squares: tuple[Square, ...]
    home: float
    why: str


@dataclass(frozen=True, slots=True)
class Column:
    """A date: how many of those who are counted are planned at home, what is allowed, and what was found."""

    day: date
    planned: int
    allowance: Allowance | None
    codes: tuple[str, ...]

    @property
    def alarm(self) -> bool:
        """Whether the numbers of the date do not hold."""
        return bool(self.codes) or (self.allowance is not None and self.planned > self.allowance.allowed)


@dataclass(frozen=True, slots=True)
class Grid:
    """Some dates of a rota."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    def plannable(self) -> dict[Key, str]:
        """What the squares that can be planned say now."""
        return {(row.id, one.day): one.said for row in self.rows for one in row.squares if one.open}


def grid(plan: Roster, first: date, last: date, found: Iterable[Finding] = ()) -> Grid:
    """The dates of a rota from `first` to `last`, both within it, with what its check `found`. A bounded number of queries.

    A draft shows everybody of the unit on every working day, any other rota what it says.
    """
    return _Reading(plan, first, last, found).grid()


class _Reading:
    """What was read for a grid."""

    def __init__(self, plan: Roster, first: date, last: date, found: Iterable[Finding]) -> None:
        self.plan, self.unit = plan, plan.unit_id
        self.is_draft = plan.status == Roster.Status.DRAFT
        self.read: Planning = planning.read(plan.unit.agency, first, last, [plan.unit_id])
        self.entries = _by_key(plan.entries.filter(date__range=(first, last)))
        self.codes: dict[tuple[date, int | None], list[str]] = defaultdict(list)
        for finding in found:
            self.codes[finding.day, finding.employee].append(finding.code)
        self.days = [day for day in days_between(first, last) if self._shown(day)]
        self.posted = {
            (worker.id, day): (worker, held)
            for day in self.days
            for worker, held in self.read.people([self.unit], day)
        }

    def _shown(self, day: date) -> bool:
        planned = any(on == day for _who, on in self.entries)
        return planned or (self.is_draft and self.read.works(self.unit, day))

    def grid(self) -> Grid:
        ids = {who for who, _day in self.entries} | (
            {who for who, _ in self.posted} if self.is_draft else set()
        )
        people = Employee.objects.filter(pk__in=ids).order_by("name", "nrk", "pk")
        home = days_at_home(self.plan)
        return Grid(
            columns=tuple(self._columns()),
            rows=tuple(self._row(*person, home) for person in people.values_list("pk", "name", "nrk")),
        )

    def _columns(self) -> Iterator[Column]:
        others = [one for one in planning.in_force(self.read) if one.unit != self.unit]
        for day in self.days:
            own = [self._plan(row) for (_who, on), rows in self.entries.items() if on == day for row in rows]
            drafted = {one.employee for one in own}
            plans = [*own, *(one for one in others if one.date == day and one.employee not in drafted)]
            found = explain(self.read, self.plan.unit, day, plans)
            planned = found.planned if found else sum(one.mode == "wfh" for one in own)
            yield Column(day, planned, found, tuple(self.codes[day, None]))

    def _plan(self, row: RosterEntry) -> InForce:
        return InForce(row.employee_id, row.date, row.segment, row.mode, self.unit)

    def _row(self, who: int, name: str, nrk: str | None, home: Mapping[int, float]) -> Row:
        squares = tuple(self._square(who, day) for day in self.days)
        return Row(who, name, nrk, squares, home.get(who, 0), self._why(who))

    def _square(self, who: int, day: date) -> Square:
        rows, posted = self.entries.get((who, day), ()), self.posted.get((who, day))
        return Square(
            day=day,
            said=said(rows),
            open=self.is_draft and bool(rows or (posted and self.read.works(self.unit, day))),
            away=posted is not None and posted[0].absence(day) is not None,
            over=self.plan.status == Roster.Status.PUBLISHED and not any(row.in_force for row in rows),
            codes=tuple(self.codes[day, who]),
        )

    def _why(self, who: int) -> str:
        """Why somebody cannot be at home on any of the dates; nothing where that would tell of his health."""
        whys = {day: self._why_not(who, day) for day in self.days if (who, day) in self.posted}
        told = all(why and may_tell(why, self.read.rules(self.unit, day)) for day, why in whys.items())
        return next(iter(whys.values()), "") if told else ""

    def _why_not(self, who: int, day: date) -> str:
        worker, held = self.posted[who, day]
        return self.read.why_not(worker, held, day) or ("away" if worker.absence(day) else "")


def _by_key(entries) -> dict[Key, list[RosterEntry]]:
    found: dict[Key, list[RosterEntry]] = defaultdict(list)
    for row in entries.order_by("date", "segment"):
        found[row.employee_id, row.date].append(row)
    return dict(found)


def said(rows: Sequence[RosterEntry]) -> str:
    """What the entries of a person's day say; a half that they leave open is at the office."""
    if not rows:
        return ""
    home = {half for row in rows if row.mode == "wfh" for half in halves_of(row.segment)}
    return "wfh" if len(home) == len(HALVES) else home.pop() if home else "wfo"


def days_at_home(plan: Roster) -> dict[int, float]:
    """How many days at home a rota gives each of its people; a half counts as one half."""
    rows = plan.entries.filter(mode="wfh").order_by().values_list("employee", "segment")
    found: dict[int, float] = defaultdict(float)
    for who, segment, number in rows.annotate(number=Count("pk")):
        found[who] += number * len(halves_of(segment)) / len(HALVES)
    return found


@transaction.atomic
def save(plan: Roster, changed: Mapping[Key, str]) -> Roster:
    """Puts `changed` in place of what a draft says of these people's days; "" takes somebody off a date.

    A shift stays with its day. Raises entry_outside_period, or not_in_that_state where it is no draft any more.
    """
    before = _by_key(_of_days(plan, changed).select_related("hours"))
    cells = [cell for key, word in changed.items() for cell in _cells(key, word, before.get(key, ()))]
    plan = rotas.replace(plan, cells)  # from here on the rota is locked
    cleared = {key for key, word in changed.items() if not word}
    doomed = [
        row.pk for key, rows in _by_key(_of_days(plan, changed)).items() if key in cleared for row in rows
    ]
    plan.entries.filter(pk__in=doomed).delete()
    return plan


def _of_days(plan: Roster, keys: Iterable[Key]):
    return plan.entries.filter(date__in={day for _who, day in keys})


def _cells(key: Key, word: str, rows: Sequence[RosterEntry]) -> list[Cell]:
    shift = next((row.hours for row in rows if row.hours), None)
    if word in ("wfh", "wfo"):
        return [Cell(*key, word, "day", shift)]
    return [Cell(*key, "wfh" if half == word else "wfo", half, shift) for half in HALVES if word]


def copy_week(unit: Unit, source: date, target: date) -> Roster:
    """A draft as a week was planned (policy.rotas.copy_week). Raises nothing_planned where it was not."""
    week = [date.fromordinal(source.toordinal() - source.weekday() + n) for n in (0, 6)]
    _demand(unit, *week)
    return rotas.copy_week(unit, source, target)


def amend(unit: Unit, first: date, last: date) -> Roster:
    """A draft that begins as the plan in force (policy.rotas.amend). Raises nothing_planned where there is none."""
    _demand(unit, first, last)
    return rotas.amend(unit, first, last)


def withdraw(plan: Roster, first: date, note: str, *, by: User, now: datetime) -> Roster:
    """Takes a rota out of force from `first` on (policy.rotas.withdraw). Raises nothing_planned where it is no more."""
    _demand(plan.unit, first, date.max, roster=plan)
    return rotas.withdraw(plan, first=first, by=by, now=now, note=note)


def _demand(unit: Unit, first: date, last: date, **narrowed) -> None:
    entries = RosterEntry.objects.filter(roster__unit=unit, in_force=True, date__range=(first, last))
    if not entries.filter(**narrowed).exists():
        raise DomainError("nothing_planned", f"{unit} has no rota from {first} to {last}.")
