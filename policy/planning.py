"""What a plan has to respect over a period: read once, asked for every person and date without a further query."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db.models import Q

from policy import units
from policy.calendar import Windows, concerning, local_day, of_the_day
from policy.eligibility import CapRule, Document, Held, Rules, Tagged, Worker, is_counted, on, why_not
from policy.models import (
    Absence,
    AdditionalDuty,
    Agency,
    CalendarDay,
    Domicile,
    Employee,
    Ground,
    Phase,
    Posting,
    RosterEntry,
    WorkingHours,
)
from policy.quota import Allowed, Cap, allowed
from policy.rules import SchemeTerms, deciding

HALVES = ("am", "pm")
INSTANT = timedelta(microseconds=1)  # a domicile ends before its last instant
MONDAY_TO_FRIDAY = (1, 2, 3, 4, 5)


@dataclass(frozen=True, slots=True)
class Week:
    """The weekdays on which the ordinary hours of a unit, or of the agency, let people work."""

    unit: int | None
    starts: date
    ends: date | None
    weekdays: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The units whose people are counted together under some caps of a phase."""

    rules: Rules
    caps: tuple[Cap, ...]
    units: frozenset[int]


@dataclass(slots=True)
class Planning:
    """The people of an agency from `first` to `last`, and the rules that hold for them.

    `family` names the units whose people were read; None is the whole agency.
    """

    agency: Agency
    first: date
    last: date
    nodes: dict[int, units.Node]
    phases: list[Rules]
    national: list[Rules]
    calendar: dict[date, CalendarDay]
    weeks: list[Week]
    workers: dict[int, Worker]
    family: frozenset[int] | None = None
    _of_unit: dict[int, list[Worker]] = field(default_factory=dict, repr=False)
    _deciding: dict[tuple[date, int], Rules | None] = field(default_factory=dict, repr=False)
    _settled: dict[int, list | None] = field(default_factory=dict, repr=False)
    _counted: dict[tuple, frozenset[int]] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        found: dict[int, list[Worker]] = defaultdict(list)
        for worker in self.workers.values():
            for unit in {held.unit for held in worker.postings}:
                found[unit].append(worker)
        self._of_unit = found

    def rules(self, unit: int, day: date) -> Rules | None:
        """The phase that decides for a unit on a date; None where no scheme is in force."""
        if (day, unit) not in self._deciding:
            node = self.nodes[unit]
            by_phase = {one.terms.phase_id: one for one in self.phases}
            terms = deciding((one.terms for one in self.phases), day, node.path, node.region)
            self._deciding[day, unit] = by_phase[terms.phase_id] if terms else None
        return self._deciding[day, unit]

    def works(self, unit: int, day: date) -> bool:
        """Whether a date is a working day of the unit's ordinary hours."""
        special = self.calendar.get(day)
        if special:
            return special.kind == CalendarDay.Kind.WORKING_DAY
        path = self.nodes[unit].path
        weeks = concerning(self.weeks, day, path) or [Week(None, date.min, None, MONDAY_TO_FRIDAY)]
        return of_the_day(weeks, day, path) is not None

    def people(self, members: Iterable[int], day: date) -> Iterator[tuple[Worker, Held]]:
        """Everybody posted to one of the units on `day`, with the posting."""
        for unit in members:
            if unit not in self._settled:
                self._settled[unit] = self._all_along(unit)
            settled = self._settled[unit]
            yield from self._on(unit, day) if settled is None else settled

    def _on(self, unit: int, day: date) -> Iterator[tuple[Worker, Held]]:
        for worker in self._of_unit.get(unit, ()):
            held = on(worker.postings, day)
            if held is not None and held.unit == unit:
                yield worker, held

    def _all_along(self, unit: int) -> list[tuple[Worker, Held]] | None:
        """The people of a unit where nobody comes or goes in the period, as in most; else None."""
        people = [(worker, worker.postings[0]) for worker in self._of_unit.get(unit, ())]
        return people if all(_lasts(held, self.first, self.last) for _, held in people) else None

    def why_not(self, worker: Worker, held: Held, day: date) -> str | None:
        """Why a worker may not be planned at home on `day` (policy.eligibility)."""
        node = self.nodes[held.unit]
        return why_not(worker, held, node.path, node.category, self.rules(held.unit, day), day)

    def headcount(self, group: Group, day: date) -> int:
        """The denominator of a group on `day`."""
        return sum(is_counted(worker, group.rules, day) for worker, _ in self.people(group.units, day))

    def allowed(self, group: Group, day: date) -> Allowed:
        """What the caps of a group leave for working from home on `day`."""
        return allowed(self.headcount(group, day), group.caps)

    def groups(self, unit: int, day: date) -> list[Group]:
        """The groups whose caps hold for a unit on a date, the unit's own first; empty without a scheme."""
        rules = self.rules(unit, day)
        if rules is None:
            return []
        category = self.nodes[unit].category
        fitting = [one for one in rules.caps if one.category in ("", category)]
        denominators = dict.fromkeys([one.denominator for one in fitting] or ["unit"])
        return [
            Group(
                rules,
                tuple(one.cap for one in fitting if one.denominator == denominator),
                self._counted_with(unit, denominator, rules, day),
            )
            for denominator in sorted(denominators, reverse=True)
        ]

    def _counted_with(self, unit: int, denominator: str, rules: Rules, day: date) -> frozenset[int]:
        """The units that share a denominator with `unit`: itself, those pooled with it, or its whole Perangkat Daerah."""
        if denominator == "unit" and not rules.pooled:
            return frozenset([unit])
        home = self._counting(unit, denominator, rules)
        key = (home, denominator, rules.terms.phase_id, day)
        if key not in self._counted:
            same = (one for one in self.nodes if self._counting(one, denominator, rules) == home)
            self._counted[key] = frozenset(one for one in same if self.rules(one, day) is rules)
        return self._counted[key]

    def _counting(self, unit: int, denominator: str, rules: Rules) -> int:
        """The unit in whose name another is counted."""
        node = self.nodes[unit]
        if denominator == "agency_unit":
            return node.top
        if unit in rules.pooled and node.parent is not None:
            return self._counting(node.parent, denominator, rules)
        return unit

    def overlapping(self, day: date, unit: int) -> list[Rules]:
        """The national schemes that hold beside the agency's own on `day`."""
        node = self.nodes[unit]
        by_scheme: dict[int, dict[int, Rules]] = {}
        for one in self.national:
            by_scheme.setdefault(one.terms.scheme_id, {})[one.terms.phase_id] = one
        decided = [
            (phases, deciding((one.terms for one in phases.values()), day, node.path, node.region))
            for phases in by_scheme.values()
        ]
        found = [phases[terms.phase_id] for phases, terms in decided if terms]
        return sorted(found, key=lambda one: one.document.number)


def _lasts(held: Held, first: date, last: date) -> bool:
    return held.starts <= first and (held.ends is None or last <= held.ends)


def read(agency: Agency, first: date, last: date, wanted: Iterable[int] | None = None) -> Planning:
    """The planning of an agency over a period; of the `wanted` units and whom they are counted with, or of all.

    A bounded number of queries, whatever the number of people and dates.
    """
    nodes = units.tree(agency.pk)
    people = None if wanted is None else _family(nodes, set(wanted))
    phases = Phase.objects.touching(first, last).select_related("scheme__legal_basis")
    children = ("caps", "units", "scheme__exclusions", "scheme__poolings")
    rules = [(phase, _rules(phase)) for phase in phases.filter(_whose(agency)).prefetch_related(*children)]
    return Planning(
        agency=agency,
        first=first,
        last=last,
        nodes=nodes,
        phases=[one for phase, one in rules if phase.scheme.agency_id == agency.pk],
        national=[one for phase, one in rules if phase.scheme.agency_id is None],
        calendar={d.date: d for d in CalendarDay.objects.filter(agency=agency, date__range=(first, last))},
        weeks=_weeks(agency, first, last),
        workers=_workers(agency, people, first, last),
        family=people,
    )


def _family(nodes: dict[int, units.Node], wanted: set[int]) -> frozenset[int]:
    """All units below the top units of those wanted: nobody is counted beyond them."""
    tops = {nodes[unit].top for unit in wanted}
    return frozenset(unit for unit, node in nodes.items() if node.top in tops)


def _whose(agency: Agency) -> Q:
    return Q(scheme__agency=agency) | Q(scheme__agency=None)


def _rules(phase: Phase) -> Rules:
    scheme, basis = phase.scheme, phase.scheme.legal_basis
    exclusions = list(scheme.exclusions.all())
    return Rules(
        terms=terms_of(phase),
        document=Document(basis.number, basis.title, basis.issuer, basis.issued_on),
        caps=tuple(_cap(cap) for cap in phase.caps.all()),
        covers=frozenset(scheme.covers),
        only_grounds=frozenset(scheme.only_grounds),
        not_counted=frozenset(scheme.not_counted),
        exempt_may_rotate=scheme.exempt_positions_may_rotate,
        priorities=tuple(scheme.priorities),
        closed_units=frozenset(one.unit_id for one in exclusions if one.unit_id),
        closed_categories=frozenset(one.category for one in exclusions if one.category),
        exempt_posts=frozenset(one.post for one in exclusions if one.post),
        pooled=frozenset(one.unit_id for one in scheme.poolings.all()),
    )


def _cap(cap) -> CapRule:
    return CapRule(Cap(cap.measure, cap.bound, cap.percent), cap.denominator, cap.category)


def terms_of(phase: Phase) -> SchemeTerms:
    """The terms of a phase; expects scheme and units at hand."""
    scheme = phase.scheme
    times = (phase.in_opens, phase.in_closes, phase.out_opens, phase.out_closes)
    return SchemeTerms(
        phase_id=phase.pk,
        scheme_id=scheme.pk,
        scheme=scheme.name,
        phase=phase.name,
        legal_basis=scheme.legal_basis.number,
        starts=phase.starts,
        ends=phase.ends,
        first_day=scheme.first_day,
        last_day=scheme.last_day,
        windows=Windows(*times) if times[0] else None,
        slots=tuple(time.fromisoformat(text) for text in scheme.slots),
        uniform_photo=scheme.uniform_photo,
        closing_second=scheme.closing_second,
        window_mode=scheme.window_mode,
        credit_minutes=scheme.credit_minutes,
        mock_policy=scheme.mock_policy,
        units=tuple(unit.pk for unit in phase.units.all()),
        regions=tuple(phase.regions),
    )


def _weeks(agency: Agency, first: date, last: date) -> list[Week]:
    ordinary = WorkingHours.objects.filter(_touching(first, last), agency=agency, code="")
    fields = ordinary.values_list("unit", "starts", "ends", "weekdays")
    return [Week(unit, starts, ends, tuple(days)) for unit, starts, ends, days in fields]


def _touching(first: date, last: date) -> Q:
    return Q(starts__lte=last) & (Q(ends__isnull=True) | Q(ends__gte=first))


def _workers(agency: Agency, wanted: frozenset[int] | None, first: date, last: date) -> dict[int, Worker]:
    """The people with what is dated about them, in six queries."""
    period = _touching(first, last)
    posted = Posting.objects.filter(period, unit__agency=agency, employee__is_active=True)
    if wanted is not None:
        posted = posted.filter(unit__in=wanted)
    here = posted.values("employee")
    held = _gathered(
        posted.values_list("employee", "unit", "post", "service_category", "starts", "ends"), Held
    )
    absences = Absence.objects.filter(period, status="approved", employee__in=here)
    away = _gathered(absences.values_list("employee", "kind", "starts", "ends"))
    duties = AdditionalDuty.objects.filter(period, employee__in=here)
    extra = _gathered(duties.values_list("employee", "post", "starts", "ends"))
    grounds = Ground.objects.filter(period, employee__in=here)
    causes = _gathered(grounds.values_list("employee", "ground", "starts", "ends"))
    homes = _homes(here)
    return {
        pk: Worker(pk, name, kind, *(found.get(pk, ()) for found in (held, away, extra, causes, homes)))
        for pk, name, kind in Employee.objects.filter(pk__in=here)
        .order_by("pk")
        .values_list("pk", "name", "kind")
    }


def _gathered(rows: Iterable[tuple], made=Tagged) -> dict[int, tuple]:
    found: dict[int, list] = defaultdict(list)
    for employee, *fields in rows:
        found[employee].append(made(*fields))
    return {employee: tuple(items) for employee, items in found.items()}


def _homes(employees) -> dict[int, tuple[Tagged, ...]]:
    """The approved domiciles with their regions, by local dates of the installation."""
    rows = Domicile.objects.filter(status="approved", employee__in=employees)
    fields = rows.values_list("employee", "region", "in_force_from", "in_force_until")
    return _gathered(
        (pk, region, _day(since), until and _day(until - INSTANT)) for pk, region, since, until in fields
    )


def _day(moment: datetime) -> date:
    return local_day(moment, settings.TIME_ZONE)


@dataclass(frozen=True, slots=True)
class InForce:
    """A plan in force: who, on which half of which day, at home or not, and by which unit's rota."""

    employee: int
    date: date
    segment: str
    mode: str
    unit: int


def in_force(planning: Planning) -> list[InForce]:
    """The plans in force by the rotas of the units that a planning has read; one query."""
    entries = RosterEntry.objects.filter(in_force=True, date__range=(planning.first, planning.last))
    entries = entries.filter(roster__unit__agency=planning.agency)
    if planning.family is not None:
        entries = entries.filter(roster__unit__in=planning.family)
    return [
        InForce(*row) for row in entries.values_list("employee", "date", "segment", "mode", "roster__unit")
    ]


def halves_of(segment: str) -> tuple[str, ...]:
    """The halves of a day that a segment covers: the cap holds at any one time (edge case 5)."""
    return HALVES if segment == "day" else (segment,)
