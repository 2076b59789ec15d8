"""The life of a rota: draft, check, submit, publish, amend, withdraw. Nothing published is ever deleted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, Max, Min, OuterRef, Q

from policy import planning
from policy.allowances import said
from policy.calendar import local_day
from policy.errors import DomainError
from policy.models import Agency, Roster, RosterEntry, Unit, User, WorkingHours
from policy.planning import InForce, Planning
from policy.rota_check import Finding, findings
from policy.scope import scope_of

DRAFTS = (Roster.Status.DRAFT, Roster.Status.SUBMITTED)
LONGEST_DAYS = 370  # a rota is planned for a year at most


@dataclass(frozen=True, slots=True)
class Cell:
    """What a rota says of a person on a date, or on half of it; `shift` is a WorkingHours with a code."""

    employee: int
    day: date
    mode: str
    segment: str = "day"
    shift: WorkingHours | None = None


@transaction.atomic
def draft(
    unit: Unit,
    first: date,
    last: date,
    cells: Sequence[Cell],
    *,
    origin: Mapping[str, object] | None = None,
) -> Roster:
    """A new version for `unit` from `first` to `last`, both inclusive. Raises period_too_long or entry_outside_period."""
    if not 0 <= (last - first).days < LONGEST_DAYS:
        raise DomainError("period_too_long", f"A rota holds for 1 to {LONGEST_DAYS} days.")
    if any(not first <= cell.day <= last for cell in cells):
        raise DomainError("entry_outside_period", "An entry lies outside the period of the rota.")
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)  # two drafts at once get two numbers
    newest = Roster.objects.filter(unit=unit).aggregate(Max("version"))["version__max"] or 0
    plan = Roster.objects.create(unit=unit, version=newest + 1, starts=first, ends=last, origin=origin or {})
    RosterEntry.objects.bulk_create((_entry(plan, cell) for cell in cells), batch_size=5000)
    return plan


def _entry(plan: Roster, cell: Cell) -> RosterEntry:
    return RosterEntry(
        roster=plan,
        employee_id=cell.employee,
        date=cell.day,
        segment=cell.segment,
        mode=cell.mode,
        hours=cell.shift,
    )


@transaction.atomic
def replace(plan: Roster, cells: Sequence[Cell]) -> Roster:
    """Puts `cells` in place of what a draft says of their people on their dates; other dates stay."""
    plan = _claim(plan, DRAFTS[:1])
    if any(not _covers(plan, cell.day) for cell in cells):
        raise DomainError("entry_outside_period", "An entry lies outside the period of the rota.")
    replaced = {(cell.employee, cell.day) for cell in cells}
    stale = plan.entries.filter(employee__in={e for e, _ in replaced}, date__in={d for _, d in replaced})
    doomed = [row.pk for row in stale if (row.employee_id, row.date) in replaced]
    plan.entries.filter(pk__in=doomed).delete()
    RosterEntry.objects.bulk_create(_entry(plan, cell) for cell in cells)
    return plan


@transaction.atomic
def discard(plan: Roster) -> None:
    """Throws a draft away; it was never anybody's plan."""
    plan = _claim(plan, DRAFTS)
    plan.entries.all().delete()
    plan.delete()


def check(plan: Roster) -> list[Finding]:
    """Everything that stands against publishing a rota, or against leaving a published one as it is."""
    unit = plan.unit
    entries = _entries(plan)
    if not entries:
        return []
    first, last = min(e.date for e in entries), max(e.date for e in entries)
    read = planning.read(unit.agency, first, last, [unit.pk])
    return findings(read, unit.pk, entries, planning.in_force(read), _shifts(plan))


def _entries(plan: Roster) -> list[InForce]:
    rows = plan.entries.order_by("date", "employee")
    if plan.status == Roster.Status.PUBLISHED:
        rows = rows.filter(in_force=True)
    return [InForce(*row, plan.unit_id) for row in rows.values_list("employee", "date", "segment", "mode")]


def _shifts(plan: Roster) -> frozenset[tuple[int, date]]:
    return frozenset(plan.entries.filter(hours__isnull=False).values_list("employee", "date"))


@transaction.atomic
def submit(plan: Roster, *, by: User, now: datetime) -> Roster:
    """Hands a draft to those who publish; raises the first finding as a DomainError."""
    plan = _claim(plan, DRAFTS[:1])
    refuse(check(plan))
    plan.status, plan.submitted_by, plan.submitted_at = Roster.Status.SUBMITTED, by, now
    plan.save()
    return plan


@transaction.atomic
def hand_back(plan: Roster, *, note: str) -> Roster:
    """Returns a submitted rota to its author with a note."""
    if not note.strip():
        raise DomainError("note_missing", "Say why it is handed back.")
    plan = _claim(plan, DRAFTS[1:])
    plan.status, plan.note = Roster.Status.DRAFT, note
    plan.save()
    return plan


@transaction.atomic
def publish(plan: Roster, *, by: User, now: datetime) -> Roster:
    """Puts a rota in force for its unit and dates, in place of any earlier version.

    1. Lock the Perangkat Daerah: whoever shares a denominator waits here.  2. Check every date.  3. Flip the entries,
    and keep by which document and cap each date was checked. Dates that are over need HR and are marked, and so does
    taking today's plan from people who follow it already (edge case 44). Raises already_published, period_closed,
    retroactive, or the code of the first finding.
    """
    plan = _claim(plan, DRAFTS)
    retroactive = _refuse_the_past(plan, plan.entries.all(), _replaced(plan), by, now)
    if plan.entries.exclude(_period(plan)).exists():
        raise DomainError("entry_outside_period", "An entry lies outside the period of the rota.")
    refuse(_check_and_note(plan, _entries(plan)))
    _put_in_force(plan)
    plan.status, plan.published_at, plan.published_by = Roster.Status.PUBLISHED, now, by
    plan.is_retroactive = retroactive
    plan.save()
    return plan


def _check_and_note(plan: Roster, entries: list[InForce]) -> list[Finding]:
    """The findings; notes on the rota what each of its dates was checked against."""
    if not entries:
        return []
    read = planning.read(plan.unit.agency, entries[0].date, entries[-1].date, [plan.unit_id])
    plan.basis = _basis(read, plan.unit_id, sorted({entry.date for entry in entries}))
    return findings(read, plan.unit_id, entries, planning.in_force(read), _shifts(plan))


def _basis(read: Planning, unit: int, days: list[date]) -> list[dict[str, object]]:
    """Document, phase, caps and denominator by date, dates that agree in one row."""
    rows: list[dict[str, object]] = []
    for day in days:
        groups = read.groups(unit, day)
        if not groups:
            continue
        terms = groups[0].rules.terms
        row: dict[str, object] = {
            "document": terms.legal_basis,
            "phase": terms.phase,
            "caps": [said(cap) for group in groups for cap in group.caps],
            "headcount": read.headcount(groups[0], day),
            "allowed": read.allowed(groups[0], day).most,
        }
        if rows and {k: v for k, v in rows[-1].items() if k not in ("from", "to")} == row:
            rows[-1]["to"] = str(day)
        else:
            rows.append({"from": str(day), "to": str(day), **row})
    return rows


def _put_in_force(plan: Roster) -> None:
    _replaced(plan).update(in_force=False)
    plan.entries.update(in_force=True)


def _replaced(plan: Roster):
    """The plan in force in whose place a rota comes: the unit's, and what a former unit planned for its people."""
    planned = plan.entries.filter(employee=OuterRef("employee"), date=OuterRef("date"))
    own = Q(_period(plan), roster__unit=plan.unit_id)
    return RosterEntry.objects.filter(own | Exists(planned), in_force=True)


def _period(plan: Roster) -> Q:
    """The dates of a rota; one without an end is open."""
    return Q(date__gte=plan.starts) & (Q(date__lte=plan.ends) if plan.ends else Q())


def _covers(plan: Roster, day: date) -> bool:
    return plan.starts <= day and (plan.ends is None or day <= plan.ends)


@transaction.atomic
def withdraw(plan: Roster, *, first: date, by: User, now: datetime, note: str) -> Roster:
    """Takes a published rota out of force from `first` on: those dates become office days. Its entries stay."""
    if not note.strip():
        raise DomainError("note_missing", "Say why it is withdrawn.")
    plan = _claim(plan, [Roster.Status.PUBLISHED])
    ending = plan.entries.filter(in_force=True, date__gte=first)
    plan.is_retroactive |= _refuse_the_past(plan, ending.none(), ending, by, now)
    ending.update(in_force=False)
    plan.note = note
    if not plan.entries.filter(in_force=True).exists():
        plan.status = Roster.Status.WITHDRAWN
    plan.save()
    return plan


def amend(unit: Unit, first: date, last: date) -> Roster:
    """A draft that begins as the plan in force of a unit over a period; published, it takes that plan's place."""
    rows = RosterEntry.objects.filter(roster__unit=unit, in_force=True, date__range=(first, last))
    cells = [Cell(r.employee_id, r.date, r.mode, r.segment, r.hours) for r in rows.select_related("hours")]
    return draft(unit, first, last, cells, origin={"pattern": "amended"})


def copy_week(unit: Unit, source: date, target: date) -> Roster:
    """A draft for the week of `target` as the week of `source` was planned, weekday by weekday.

    Refused with cap_changed where another document, phase or cap decides than in the week copied: the 75 % of one week
    is not the 50 % of the next (edge case 7). Holidays of the new week are left out.
    """
    source, target = (day - timedelta(days=day.weekday()) for day in (source, target))
    end = timedelta(days=6)
    shift = target - source
    read = planning.read(unit.agency, min(source, target), max(source, target) + end, [unit.pk])
    rows = RosterEntry.objects.filter(roster__unit=unit, in_force=True, date__range=(source, source + end))
    rows = rows.select_related("hours").order_by("date")
    for day in sorted({row.date for row in rows}):
        if _caps(read, unit.pk, day) != _caps(read, unit.pk, day + shift):
            raise DomainError("cap_changed", f"{day + shift} is not under the cap of {day}.")
    cells = [
        Cell(row.employee_id, row.date + shift, row.mode, row.segment, row.hours)
        for row in rows
        if row.hours or read.works(unit.pk, row.date + shift)
    ]
    return draft(unit, target, target + end, cells, origin={"pattern": "copied", "from": str(source)})


def _caps(read: Planning, unit: int, day: date) -> list:
    return [(group.rules.terms.phase_id, group.caps) for group in read.groups(unit, day)]


def revalidate(agency: Agency, *, now: datetime, units: Sequence[int] | None = None) -> int:
    """Checks the published rotas of today and later anew and notes on each what a transfer, a new exemption or a
    shorter phase has made of it. Nothing is deleted or taken out of force. Returns how many have a warning.
    """
    today = local_day(now, settings.TIME_ZONE)
    rows = Roster.objects.filter(unit__agency=agency, status=Roster.Status.PUBLISHED)
    if units is not None:
        rows = rows.filter(unit__in=units)
    live = Exists(RosterEntry.objects.filter(roster=OuterRef("pk"), in_force=True, date__gte=today))
    plans = list(rows.filter(live))
    if not plans:
        return 0
    ahead = RosterEntry.objects.filter(roster__in=plans, in_force=True, date__gte=today)
    last = ahead.aggregate(Max("date"))["date__max"]
    read = planning.read(agency, today, last, None if units is None else units)
    together: dict[int, list[InForce]] = defaultdict(list)  # nobody is counted beyond a Perangkat Daerah
    for one in planning.in_force(read):
        together[read.nodes[one.unit].top].append(one)
    own: dict[int, list[InForce]] = defaultdict(list)
    for roster, *row in ahead.values_list("roster", "employee", "date", "segment", "mode", "roster__unit"):
        own[roster].append(InForce(*row))
    shifts = frozenset(ahead.filter(hours__isnull=False).values_list("employee", "date"))
    for plan in plans:
        others = together[read.nodes[plan.unit_id].top]
        found = findings(read, plan.unit_id, own[plan.pk], others, shifts)
        plan.warnings = [as_json(finding) for finding in found]
    Roster.objects.bulk_update(plans, ["warnings"])
    return sum(bool(plan.warnings) for plan in plans)


def as_json(finding: Finding) -> dict[str, object]:
    """A finding as it is kept on a rota."""
    return {
        "code": finding.code,
        "day": str(finding.day),
        "employee": finding.employee,
        "numbers": finding.numbers,
    }


def refuse(found: list[Finding]) -> None:
    """Raises the first finding as a DomainError, if there is any."""
    if found:
        first = found[0]
        numbers = ", ".join(f"{name} {number}" for name, number in first.numbers.items())
        raise DomainError(first.code, f"{first.day}: {first.employee or ''} {numbers}".strip())


def _refuse_the_past(plan: Roster, coming, ending, by: User, now: datetime) -> bool:
    """Whether entries that are `coming` in force or `ending` touch what is past; that needs HR, or is closed to all.

    A plan can still come today; one that people have followed since this morning has begun.
    """
    first, ended = (rows.aggregate(Min("date"))["date__min"] for rows in (coming, ending))
    agency, today = plan.unit.agency, local_day(now, settings.TIME_ZONE)
    earliest = min(filter(None, (first, ended)), default=today)
    if agency.closed_until and earliest <= agency.closed_until:
        raise DomainError("period_closed", f"{agency} is closed until {agency.closed_until}.")
    past = earliest < today or ended == today
    if past and agency.pk not in scope_of(by, now).hr:
        raise DomainError("retroactive", f"{earliest} has begun: HR decides on the past.")
    return past


def _claim(plan: Roster, states: Sequence[str]) -> Roster:
    """Locks the Perangkat Daerah of a rota and reads the rota anew. Check-ins go on meanwhile.

    A hundred officers who publish on the same morning wait their turn, longer than a check-in would.
    """
    top = Unit.objects.ancestors(plan.unit, include_self=True).first()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '9s'")
    Unit.objects.select_for_update(no_key=True).get(pk=(top or plan.unit).pk)
    plan = Roster.objects.select_related("unit__agency").get(pk=plan.pk)
    if plan.status not in states:
        published = plan.status == Roster.Status.PUBLISHED
        raise DomainError("already_published" if published else "not_in_that_state", f"It is {plan.status}.")
    return plan
