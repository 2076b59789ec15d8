"""How many of a unit may work from home on a date, and why: document, phase, cap, denominator, people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from policy import planning
from policy.eligibility import Rules, Worker, is_counted, why_not_counted
from policy.models import Agency, Unit
from policy.planning import Group, InForce, Planning, halves_of
from policy.quota import NOBODY, Allowed, Cap


@dataclass(frozen=True, slots=True)
class Allowance:
    """The WFH cap of a unit on a date with everything that explains it.

    `headcount` is the denominator of the unit's own cap; `allowed`, `least` and `target` are numbers of people at home.
    `planned` counts those of the denominator whom a published rota sends home, at the fuller half of the day.
    `not_counted` and `at_office` give a person and a code of policy.eligibility. Where the unit is counted together
    with others, `counted_with` names them, `group` has the ids of all, and the numbers are those of all of them.
    """

    unit: Unit
    day: date
    rules: Rules
    caps: tuple[Cap, ...]
    headcount: int
    allowed: int
    least: int
    target: int | None
    planned: int
    counted: tuple[Worker, ...]
    not_counted: tuple[tuple[Worker, str], ...]
    at_office: tuple[tuple[Worker, str], ...]
    counted_with: tuple[str, ...]
    group: frozenset[int]
    warnings: tuple[str, ...]

    @property
    def document(self) -> str:
        """The number of the document that decides."""
        return self.rules.document.number

    @property
    def percent(self) -> str:
        """The caps in words."""
        return ", ".join(map(said, self.caps))


_BOUNDS = {"max": "paling banyak", "min": "paling sedikit", "target": "sasaran"}


def said(cap: Cap) -> str:
    """ "WFH paling banyak 50 %"."""
    return f"{cap.measure.upper()} {_BOUNDS[cap.bound]} {cap.percent} %"


def allowance(unit: Unit, day: date) -> Allowance | None:
    """The cap of a unit on `day`, explained; None where no scheme of its agency is in force. A bounded number of queries."""
    return over([unit], day, day)[unit.pk, day]


def allowances(agency: Agency, day: date) -> dict[int, Allowance]:
    """The caps of every unit of an agency on `day`, by unit id; empty without a scheme in force."""
    found = over(list(Unit.objects.filter(agency=agency).select_related("agency")), day, day)
    return {unit: one for (unit, _day), one in found.items() if one}


def over(wanted: list[Unit], first: date, last: date) -> dict[tuple[int, date], Allowance | None]:
    """The caps of units of one agency on every date of a period, by unit id and date."""
    if not wanted:
        return {}
    read = planning.read(wanted[0].agency, first, last, [unit.pk for unit in wanted])
    plans = _by_day(planning.in_force(read))
    days = [date.fromordinal(n) for n in range(first.toordinal(), last.toordinal() + 1)]
    return {(unit.pk, day): explain(read, unit, day, plans.get(day, ())) for unit in wanted for day in days}


def _by_day(plans: Iterable[InForce]) -> dict[date, list[InForce]]:
    found: dict[date, list[InForce]] = {}
    for one in plans:
        found.setdefault(one.date, []).append(one)
    return found


def explain(read: Planning, unit: Unit, day: date, plans: Iterable[InForce]) -> Allowance | None:
    """The allowance of a unit from what was read; `plans` are those in force on the day."""
    groups = read.groups(unit.pk, day)
    if not groups:
        return None
    group = groups[0]
    rules = group.rules
    people = list(read.people(group.units, day))
    counted = tuple(worker for worker, _ in people if is_counted(worker, rules, day))
    left_out = [worker for worker, _ in people if not is_counted(worker, rules, day)]
    reasons = [(worker, read.why_not(worker, held, day)) for worker, held in people]
    # A closed unit may have people who are not: a posting can have a service category of its own (edge case 42).
    closed = _is_closed(read, unit, rules) and all(why for _, why in reasons)
    limits = NOBODY if closed else read.allowed(group, day)
    return Allowance(
        unit=unit,
        day=day,
        rules=rules,
        caps=group.caps,
        headcount=len(counted),
        allowed=limits.most,
        least=limits.least,
        target=limits.target,
        planned=busiest(at_home(plans, counted)),
        counted=counted,
        not_counted=tuple((worker, why_not_counted(worker, day)) for worker in left_out),
        at_office=tuple((worker, why) for worker, why in reasons if why),
        group=group.units,
        counted_with=tuple(sorted(read.nodes[one].name for one in group.units if one != unit.pk)),
        warnings=tuple(_warnings(read, groups, limits, unit, day)),
    )


def _is_closed(read: Planning, unit: Unit, rules: Rules) -> bool:
    node = read.nodes[unit.pk]
    return not rules.closed_units.isdisjoint(node.path) or node.category in rules.closed_categories


def at_home(plans: Iterable[InForce], counted: Iterable[Worker]) -> Counter[str]:
    """How many of the counted people the plans send home, by half of the day."""
    ids = {worker.id for worker in counted}
    home = (one for one in plans if one.mode == "wfh" and one.employee in ids)
    return Counter(half for one in home for half in halves_of(one.segment))


def busiest(halves: Counter[str]) -> int:
    """The number at any one time: that of the fuller half."""
    return max(halves.values(), default=0)


def _warnings(read: Planning, groups: list[Group], limits: Allowed, unit: Unit, day: date) -> Iterable[str]:
    """Lower caps of national documents, which warn and do not bind (Q4), and caps that contradict each other."""
    for other in read.overlapping(day, unit.pk):
        category = read.nodes[unit.pk].category
        caps = [one.cap for one in other.caps if one.category in ("", category)]
        group = Group(other, tuple(caps), groups[0].units)
        national = read.allowed(group, day)
        if caps and (national.most < limits.most or national.target not in (None, limits.most)):
            yield f"{other.document.number}: {', '.join(map(said, caps))}"
    for other in groups[1:]:
        wider = read.allowed(other, day)
        if wider.most < limits.most or len(other.units) > 1:
            yield (
                f"{other.rules.document.number}: {', '.join(map(said, other.caps))}, paling banyak {wider.most} orang "
                f"untuk {len(other.units)} unit kerja bersama-sama"
            )
    if limits.least > limits.most:
        yield f"{groups[0].rules.document.number}: batas yang ditetapkan saling bertentangan"
