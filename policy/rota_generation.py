"""Drafts of fair rotas: what the scheme allows, given in turn, with a reason for everybody who stays at the office."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from policy import planning, rotas
from policy.allowances import at_home, busiest
from policy.calendar import days_between
from policy.eligibility import CONTRACT, Worker, is_counted, rank, told
from policy.models import Agency, Roster, Unit
from policy.planning import InForce, Planning
from policy.quota import allowed
from policy.rotas import Cell
from policy.rotation import Member, Pattern, Room, Rotation, rotate


@dataclass(frozen=True, slots=True)
class Team:
    """The people of a unit over a period.

    `posted` are the dates on which each belongs to the unit, `may` those on which he may be planned at home, and
    `why` the reason of everybody who never may: a code of policy.eligibility, or `away`.
    """

    workers: dict[int, Worker]
    posted: dict[int, list[date]]
    may: dict[int, frozenset[date]]
    why: dict[int, str]


@dataclass(frozen=True, slots=True)
class Made:
    """A generated rota: its cells, and how it came to be."""

    cells: list[Cell]
    origin: dict[str, object]

    @property
    def is_empty(self) -> bool:
        """Whether nobody is ever at home: such a rota says nothing that its absence does not say."""
        return all(cell.mode == "wfo" for cell in self.cells)


def generate(unit: Unit, first: date, last: date, *, pattern: Pattern = "daily", seed: int = 0) -> Roster:
    """A draft for `unit` over the working days from `first` to `last`, the same for the same facts and seed.

    Within the caps of every date, with the minimum at the office, holidays and leave honoured; who goes first by the
    priorities of the scheme, the others in turn. What other units with the same denominator have published is taken
    as it is.
    """
    read = planning.read(unit.agency, first, last, [unit.pk])
    made = make(read, unit.pk, planning.in_force(read), pattern, seed)
    return rotas.draft(unit, first, last, made.cells, origin=made.origin)


def generate_all(
    agency: Agency, first: date, last: date, *, pattern: Pattern = "daily", seed: int = 0
) -> Iterator[tuple[Unit, Roster | None]]:
    """A draft for every unit of an agency that has people, one after the other; None where nobody may be at home.

    The facts are read once. Units that share a denominator see what was drafted just before.
    """
    read = planning.read(agency, first, last)
    plans = planning.in_force(read)
    for unit in Unit.objects.filter(agency=agency, postings__isnull=False).distinct().order_by("code"):
        made = make(read, unit.pk, plans, pattern, seed)
        if made.is_empty:
            yield unit, None
            continue
        if any(rules.pooled or _shares(rules) for rules in read.phases):
            elsewhere = [plan for plan in plans if plan.unit != unit.pk]
            plans = elsewhere + [InForce(c.employee, c.day, c.segment, c.mode, unit.pk) for c in made.cells]
        yield unit, rotas.draft(unit, first, last, made.cells, origin=made.origin)


def _shares(rules) -> bool:
    return any(one.denominator != "unit" for one in rules.caps)


def make(
    read: Planning, unit: int, plans: Sequence[InForce], pattern: Pattern = "daily", seed: int = 0
) -> Made:
    """The rota of a unit from what was read; `plans` are those in force, or drafted before, elsewhere."""
    days = [day for day in days_between(read.first, read.last) if read.works(unit, day)]
    team = team_of(read, unit, days)
    if not any(team.may.values()):
        home = dict.fromkeys(days, frozenset[int]())
        return Made(list(_cells(team, home)), _origin(team, home, Rotation({}, ()), pattern, seed))
    elsewhere = _elsewhere(plans, unit)
    rooms = {day: room(read, unit, day, elsewhere.get(day, ())) for day in days}
    asn = rotate(_members(read, unit, team, contract=False), list(rooms.values()), pattern, seed)
    rest = [_room_left(read, unit, team, day, len(asn.home[day])) for day in days]
    others = rotate(_members(read, unit, team, contract=True), rest, pattern, seed)
    home = {day: asn.home[day] | others.home[day] for day in days}
    return Made(list(_cells(team, home)), _origin(team, home, asn, pattern, seed))


def team_of(read: Planning, unit: int, days: Iterable[date]) -> Team:
    """The people of a unit on the given dates, and when each of them may be at home."""
    team = Team({}, {}, {}, {})
    may: dict[int, set[date]] = {}
    for day in days:
        for worker, held in read.people([unit], day):
            team.workers[worker.id] = worker
            team.posted.setdefault(worker.id, []).append(day)
            why = "away" if worker.absence(day) else read.why_not(worker, held, day)
            if why is None:
                may.setdefault(worker.id, set()).add(day)
            else:
                team.why.setdefault(worker.id, told(why, read.rules(unit, day)))
    for worker_id in team.workers:
        team.may[worker_id] = frozenset(may.get(worker_id, ()))
        if team.may[worker_id]:
            team.why.pop(worker_id, None)
    return team


def room(read: Planning, unit: int, day: date, others: Iterable[InForce]) -> Room:
    """How many people of a unit may be at home on a date: the caps less what others with the same denominator have
    planned, a target where the document names one, and the minimum at the office (S-23).
    """
    most, least = _at_office_free(read, unit, day), 0
    groups = read.groups(unit, day)
    for group in groups:
        limits = read.allowed(group, day)
        people = read.people(group.units - {unit}, day)
        taken = busiest(at_home(others, (w for w, _ in people if is_counted(w, group.rules, day))))
        wanted = limits.most if limits.target is None else min(limits.most, max(limits.target, limits.least))
        most = min(most, wanted - taken)
        least = max(least, limits.least - taken)
    return Room(day, max(0, most) if groups else 0, max(0, least))


def _at_office_free(read: Planning, unit: int, day: date) -> int:
    """How many of those on duty the minimum at the office can spare."""
    on_duty = sum(worker.absence(day) is None for worker, _ in read.people([unit], day))
    return on_duty - read.nodes[unit].min_office


def _room_left(read: Planning, unit: int, team: Team, day: date, at_home_already: int) -> Room:
    """The room of contract staff, where a scheme covers it: the same percentages of their own number (C-13).

    They are in no denominator, so the caps as such say nothing of them.
    """
    groups = read.groups(unit, day)
    number = sum(w.kind == CONTRACT and day in team.posted[w.id] for w in team.workers.values())
    share = min((allowed(number, group.caps).most for group in groups), default=0)
    return Room(day, max(0, min(share, _at_office_free(read, unit, day) - at_home_already)))


def _members(read: Planning, unit: int, team: Team, *, contract: bool) -> list[Member]:
    """Those who take turns, with their place by the priorities that hold on the first day they may be at home."""
    members = []
    for worker in team.workers.values():
        days = team.may[worker.id]
        if days and (worker.kind == CONTRACT) == contract:
            rules, office = read.rules(unit, min(days)), read.nodes[unit].region
            members.append(Member(worker.id, days, rank(worker, office, rules, min(days)) if rules else 0))
    return members


def _elsewhere(plans: Iterable[InForce], unit: int) -> dict[date, list[InForce]]:
    found: dict[date, list[InForce]] = {}
    for plan in plans:
        if plan.unit != unit:
            found.setdefault(plan.date, []).append(plan)
    return found


def _cells(team: Team, home: dict[date, frozenset[int]]) -> Iterator[Cell]:
    for worker, days in team.posted.items():
        for day in days:
            yield Cell(worker, day, "wfh" if worker in home[day] else "wfo")


def _origin(
    team: Team, home: dict[date, frozenset[int]], rotation: Rotation, pattern: Pattern, seed: int
) -> dict[str, object]:
    """Pattern, seed, and of everybody the number of days at home or why there are none."""
    counts = dict.fromkeys(team.workers, 0)
    for people in home.values():
        for worker in people:
            counts[worker] += 1
    people = {str(pk): {"home": number, "why": team.why.get(pk)} for pk, number in counts.items()}
    short = [[str(day), missing] for day, missing in rotation.short]
    return {"pattern": pattern, "seed": seed, "people": people, "short": short}
