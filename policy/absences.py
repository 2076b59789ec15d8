"""Leave, sickness and official travel: request, papers, decision; and the recall of somebody at home to the office.

Somebody else decides, once. A decided period never overlaps another, and closed days never change. Who may decide
is asked of `may_decide` and its neighbours by whoever calls these; the use cases hold what is true for everybody.
"""

from __future__ import annotations

import hashlib
import logging
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from policy import papers, roster
from policy.calendar import local_day
from policy.calendars import EARLIEST, LATEST, hold, hold_open, refuse_closed
from policy.errors import DomainError
from policy.models import Absence, AbsencePaper, Employee, Posting, Recall, User
from policy.scope import Scope, scope_of

LONGEST = timedelta(days=5 * 366)
MOST_PAPERS = 10
LATE_RECALL = timedelta(minutes=5)  # from writing the order to sending it
Kind, Status = Absence.Kind, Absence.Status
# Decisions of the agency about a person, not requests of the person.
BY_HR = frozenset({Kind.STUDY, Kind.SECONDED, Kind.SUSPENDED})
# Their papers and notes tell of somebody's health (UU 27/2022 art. 4), or may.
MEDICAL = frozenset({Kind.SICK, Kind.MATERNITY, Kind.IMPORTANT})

log = logging.getLogger("hadir.absences")


@transaction.atomic
def request(
    employee: Employee,
    *,
    kind: str,
    starts: date,
    ends: date,
    document: str,
    note: str,
    by: User,
    now: datetime,
) -> Absence:
    """A request for `employee`, made by himself or on his behalf; it waits for a decision.

    `starts` and `ends` are inclusive. Raises DomainError hr_only, absence_period, period_closed or
    overlapping_absence.
    """
    _refuse_period(starts, ends)
    if kind in BY_HR:
        _demand_hr(employee, by, now)
    hold_open(employee.agency_id, starts)
    _lock(employee.pk)
    _refuse_overlap(employee.pk, starts, ends)
    return Absence.objects.create(
        employee=employee,
        kind=kind,
        starts=starts,
        ends=ends,
        document=document,
        note=note,
        requested_by=by,
        requested_at=now,
    )


@transaction.atomic
def attach(absence: Absence, *, name: str, content: bytes, by: User, now: datetime) -> AbsencePaper:
    """Adds a letter or certificate: PDF, JPEG or PNG by its first bytes, at most 5 MB and ten a request.

    The same file once more is the same paper. Raises DomainError paper_too_large, paper_not_readable,
    too_many_papers, or already_decided for a request that was turned down or cancelled.
    """
    content_type, ending = papers.format_of(content)
    _lock(absence.employee_id)
    absence = Absence.objects.get(pk=absence.pk)
    if absence.status not in (Status.PROPOSED, Status.APPROVED):
        raise DomainError("already_decided", "This request was turned down or cancelled.")
    sha256 = hashlib.sha256(content).hexdigest()
    same = absence.papers.filter(sha256=sha256).first()
    if same is None and absence.papers.count() >= MOST_PAPERS:
        raise DomainError("too_many_papers", "A request has at most ten papers.")
    return same or absence.papers.create(
        name=papers.clean_name(name, ending),
        content_type=content_type,
        sha256=sha256,
        content=content,
        added_by=by,
        added_at=now,
    )


@transaction.atomic
def approve(absence: Absence, *, by: User, now: datetime, note: str = "") -> Absence:
    """Grants a request. Raises DomainError own_absence, hr_only, already_decided, period_closed or overlapping_absence.

    A rota that planned the person meanwhile stays: the absence comes first, and the rota's check warns.
    """
    hold_open(absence.employee.agency_id, absence.starts)
    absence = _claim(absence, by, now)
    _refuse_overlap(absence.employee_id, absence.starts, absence.ends)
    return _decide(absence, Status.APPROVED, by=by, now=now, note=note)


@transaction.atomic
def reject(absence: Absence, *, by: User, now: datetime, note: str) -> Absence:
    """Turns a request down. Raises DomainError note_missing, own_absence, hr_only or already_decided."""
    if not note.strip():
        raise DomainError("note_missing", "A refusal needs a note.")
    return _decide(_claim(absence, by, now), Status.REJECTED, by=by, now=now, note=note)


@transaction.atomic
def cancel(absence: Absence, *, by: User, now: datetime, note: str = "") -> Absence:
    """Takes back a request or an approved absence; the row stays.

    Who asked for it does so before it begins, HR at any time, with a note, but not for himself. Raises DomainError
    hr_only, already_begun, note_missing, already_decided or period_closed.
    """
    scope = scope_of(by, now)
    if not _keeps(scope, absence):
        if absence.kind in BY_HR:
            raise DomainError("hr_only", "Only HR cancels this kind.")
        if absence.starts <= scope.day:
            raise DomainError("already_begun", "What has begun is cancelled by HR.")
    elif not note.strip():
        raise DomainError("note_missing", "HR says why.")
    agency = hold(absence.employee.agency_id)
    absence = _held(absence)
    if absence.status not in (Status.PROPOSED, Status.APPROVED):
        raise DomainError("already_decided", "This request was turned down or cancelled before.")
    if absence.status == Status.APPROVED:
        refuse_closed(agency, absence.starts)
    return _decide(absence, Status.CANCELLED, by=by, now=now, note=_after(absence, note))


@transaction.atomic
def shorten(absence: Absence, ends: date, *, by: User, now: datetime, note: str) -> Absence:
    """Ends an approved absence earlier: somebody is called back, or comes back. HR does so, never for himself.

    The days up to `ends` stay as they were, so this also works where the first of them are closed. Raises
    DomainError own_absence, hr_only, note_missing, already_decided, absence_period or period_closed.
    """
    if not note.strip():
        raise DomainError("note_missing", "HR says why.")
    _refuse_own(absence, by)
    _demand_hr(absence.employee, by, now)
    hold_open(absence.employee.agency_id, ends + timedelta(days=1))
    absence = _held(absence)
    if absence.status != Status.APPROVED:
        raise DomainError("already_decided", "Only an approved absence can end earlier.")
    if ends < absence.starts or (absence.ends is not None and ends >= absence.ends):
        raise DomainError("absence_period", "It ends earlier than planned, and not before it began.")
    note = _after(absence, note)
    absence.ends = ends
    return _decide(absence, Status.APPROVED, by=by, now=now, note=note)


@transaction.atomic
def recall(employee: Employee, *, at: datetime, reason: str, by: User, now: datetime) -> Recall:
    """Orders somebody who works from home to the office from `at` (UTC) on, once a day (SE 34/SE/2023, D-08).

    Raises DomainError own_recall, reason_missing, recall_in_the_past, already_recalled, or not_home_based when the
    rota has him at the office, away or off at that minute.
    """
    if by.employee_id == employee.pk:
        raise DomainError("own_recall", "Nobody recalls himself.")
    if not reason.strip():
        raise DomainError("reason_missing", "A recall needs a reason.")
    if at < now - LATE_RECALL:
        raise DomainError("recall_in_the_past", "A recall holds from now on.")
    day = roster.work_day(employee.pk, at)
    _lock(employee.pk)
    if Recall.objects.filter(employee=employee, date=day).exists():
        raise DomainError("already_recalled", f"There is a recall on {day}.")
    expected = roster.expectation(employee.pk, day, at)
    if expected is None or expected.expectation.mode != "wfh":
        raise DomainError("not_home_based", f"Not planned at home on {day}.")
    return Recall.objects.create(
        employee=employee, date=day, at=at, reason=reason, ordered_by=by, ordered_at=now
    )


# Who may do it. "Of that date" is the date of the scope.


def keeps_files(scope: Scope, employee: Employee) -> bool:
    """Whether the reader records absences on behalf of this person: HR of the agency and the unit's officer."""
    return employee.agency_id in scope.hr or _posted(employee.pk, scope, unit__in=scope.units)


def may_decide(scope: Scope, absence: Absence) -> bool:
    """The direct superior, who stands in for him, the unit's officer and HR; never oneself."""
    if scope.employee == absence.employee_id:
        return False
    if absence.kind in BY_HR:
        return absence.employee.agency_id in scope.hr
    return keeps_files(scope, absence.employee) or _supervises(scope, absence.employee_id)


def waiting_for(scope: Scope) -> QuerySet[Absence]:
    """The requests on which the reader decides, by the rule of `may_decide`."""
    kept = Q(employee__agency__in=scope.hr)
    people = Q(employee__in=scope.people_of_units()) | Q(employee__in=scope.people_supervised())
    waiting = Absence.objects.filter(status=Status.PROPOSED).exclude(employee=scope.employee)
    return waiting.filter(kept | (people & ~Q(kind__in=BY_HR)))


def may_attach(scope: Scope, absence: Absence) -> bool:
    """The person, who asked on his behalf, and who keeps the files."""
    mine = scope.employee == absence.employee_id or scope.user == absence.requested_by_id
    return mine or keeps_files(scope, absence.employee)


def may_cancel(scope: Scope, absence: Absence) -> bool:
    """The person or who asked on his behalf, before it begins, and HR; `cancel` refuses the rest with a reason."""
    mine = scope.employee == absence.employee_id or scope.user == absence.requested_by_id
    early = absence.kind not in BY_HR and absence.starts > scope.day
    return (mine and early) or _keeps(scope, absence)


def may_shorten(scope: Scope, absence: Absence) -> bool:
    """HR, never for oneself."""
    return _keeps(scope, absence)


def may_read_papers(scope: Scope, absence: Absence) -> bool:
    """Medical papers and notes are for the person and for who decides; others for everybody who sees the row."""
    if absence.kind not in MEDICAL or scope.employee == absence.employee_id:
        return True
    return may_decide(scope, absence)


def may_recall(scope: Scope, employee: Employee) -> bool:
    """The direct superior on the date of the scope, who stands in for him, and HR; never oneself."""
    if scope.employee == employee.pk:
        return False
    return employee.agency_id in scope.hr or _supervises(scope, employee.pk)


def recalls_seen(scope: Scope) -> QuerySet[Recall]:
    """The recalls of everybody whom the reader sees, and those that he ordered himself."""
    people = Employee.objects.visible_to(scope).values("pk")
    return Recall.objects.filter(Q(employee__in=people) | Q(ordered_by=scope.user))


def _supervises(scope: Scope, employee_id: int) -> bool:
    return _posted(employee_id, scope, superior__in=scope.stands_for)


def _posted(employee_id: int, scope: Scope, **where) -> bool:
    return Posting.objects.on(scope.day).filter(employee=employee_id, **where).exists()


def _keeps(scope: Scope, absence: Absence) -> bool:
    """HR of the agency, about somebody else."""
    return absence.employee.agency_id in scope.hr and scope.employee != absence.employee_id


# The guards


def _lock(employee_id: int) -> None:
    """Waits for whoever else decides about this person's days."""
    Employee.objects.select_for_update(no_key=True).get(pk=employee_id)


def _held(absence: Absence) -> Absence:
    _lock(absence.employee_id)
    return Absence.objects.select_related("employee", "decided_by__employee").get(pk=absence.pk)


def _claim(absence: Absence, by: User, now: datetime) -> Absence:
    """Locks the employee, so that two decisions cannot both be made, nor two overlapping ones."""
    _refuse_own(absence, by)
    if absence.kind in BY_HR:
        _demand_hr(absence.employee, by, now)
    absence = _held(absence)
    if absence.status != Status.PROPOSED:
        raise DomainError("already_decided", "This request has been decided already.")
    return absence


def _refuse_own(absence: Absence, by: User) -> None:
    if by.employee_id == absence.employee_id:
        raise DomainError("own_absence", "Nobody decides on an absence of their own.")


def _demand_hr(employee: Employee, by: User, now: datetime) -> None:
    if employee.agency_id not in scope_of(by, now).hr:
        raise DomainError("hr_only", "Only HR records this kind.")


def _refuse_period(starts: date, ends: date) -> None:
    in_order = EARLIEST <= starts <= ends <= LATEST
    if not in_order or ends - starts > LONGEST:
        raise DomainError("absence_period", "From 2000 to 2100, in order, and at most five years.")


def _refuse_overlap(employee_id: int, starts: date, ends: date | None) -> None:
    approved = Absence.objects.filter(employee=employee_id, status=Status.APPROVED)
    before_it_ends = Q(starts__lte=ends) if ends else Q()
    if approved.filter(before_it_ends, Q(ends__isnull=True) | Q(ends__gte=starts)).exists():
        raise DomainError("overlapping_absence", "Another approved absence covers a day of this one.")


def _decide(absence: Absence, status: str, *, by: User, now: datetime, note: str) -> Absence:
    absence.status, absence.decided_by, absence.decided_at = status, by, now
    absence.decision_note = note[:500]
    absence.save()
    log.info("absence %s is %s until %s, by user %s", absence.pk, status, absence.ends, by.pk)
    return absence


def _after(absence: Absence, note: str) -> str:
    """A note that keeps the decision it follows, for the row has room for one."""
    if absence.decided_by is None:
        return note
    until = f" s.d. {absence.ends:%d-%m-%Y}" if absence.ends else ""
    earlier = f"Sebelumnya {absence.get_status_display().lower()}{until} oleh {absence.decided_by}"
    if absence.decided_at:
        earlier += f" pada {local_day(absence.decided_at, settings.TIME_ZONE):%d-%m-%Y}"
    return f"{note[:300]} ({earlier}. {absence.decision_note})".replace(". )", ".)").strip()
