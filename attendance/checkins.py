"""Checking in and out. Whatever the verdict, the event is recorded; the answer says what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from attendance import evidence
from attendance.models import CheckIn, CheckInLocation
from attendance.reports import Report, judged, same_request, sealed_location
from attendance.sessions import SESSION_FIXES, SESSION_SECONDS
from policy import roster
from policy.calendar import Kind, local, timing
from policy.models import Employee
from policy.roster import Expected


@dataclass(frozen=True, slots=True)
class Command:
    """A validated check-in: its kind, the report, and the session it belongs to (its own id by default)."""

    kind: Kind
    report: Report
    session: UUID | None = None

    @property
    def fingerprint(self) -> bytes:
        """What makes a replay the same request."""
        return self.report.fingerprint(kind=self.kind, session=self.session)


def check_in(employee: Employee, command: Command, *, now: datetime) -> tuple[CheckIn, bool]:
    """Records a check-in received at `now` (UTC); returns the event and whether this was a replay.

    1. Look for the id and the session.  2. Judge and insert in one transaction; the unique constraint decides
    a race of the same id.  3. The loser reads what the winner wrote.  Raises idempotency_key_reused.
    """
    known = _known(employee, command)
    first = _with_id(known, command.report.id)
    if first is None:
        try:
            with transaction.atomic():
                return _record(employee, command, known, now), False
        except IntegrityError:
            first = _with_id(_known(employee, command), command.report.id)
            if first is None:
                raise
    return same_request(first, command.fingerprint), True  # type: ignore[return-value]


def _known(employee: Employee, command: Command) -> list[CheckIn]:
    """The event of this id, if any, and the earlier fixes of its session."""
    mine = CheckIn.objects.filter(employee=employee)
    return list(mine.filter(Q(client_id=command.report.id) | Q(session=command.session or command.report.id)))


def _with_id(events: Sequence[CheckIn], client_id: UUID) -> CheckIn | None:
    return next((event for event in events if event.client_id == client_id), None)


def _record(employee: Employee, command: Command, known: list[CheckIn], now: datetime) -> CheckIn:
    day = roster.work_day(employee.pk, now)
    expected = roster.expectation(employee.pk, day, now) if employee.is_active else None
    expectation = expected.expectation if expected else None
    when = None
    if expectation:
        at = local(now, expectation.zone)
        when = timing(expectation.windows, command.kind, at, expectation.closing_second)
    found = judged(command.report, expectation, now=now, timing=when)
    fields = found.fields | _circumstances(employee, expected) | _session(command, known, now)
    fields |= {"kind": command.kind, "work_date": day, "mode": found.mode, "counts": found.outcome.counts}
    salt = evidence.new_salt()
    event = CheckIn.objects.create(
        **fields,
        fingerprint=command.fingerprint,
        leaf=evidence.leaf({**fields, "fix": asdict(command.report.fix)}, salt),
    )
    CheckInLocation.objects.create(check_in=event, **sealed_location(command.report, event, salt))
    return event


def _circumstances(employee: Employee, expected: Expected | None) -> dict[str, Any]:
    """Unit, superior and mode as they are on the day."""
    common = {"employee_id": employee.pk, "agency_id": employee.agency_id}
    if expected is None:
        return common | {"planned_mode": "off"}
    posting = expected.posting
    return common | {
        "unit_id": posting.unit_id,
        "superior_id": posting.superior_id,
        "planned_mode": expected.expectation.mode,
    }


def _session(command: Command, known: list[CheckIn], now: datetime) -> dict[str, Any]:
    """Session, number of this fix in it, and its end; a fix after the end opens a session of its own."""
    before = [event for event in known if event.session_until >= now]
    if command.session is None or not before or len(before) >= SESSION_FIXES:
        session = command.session if command.session and not known else command.report.id
        return {
            "session": session,
            "session_fix": 1,
            "session_until": now + timedelta(seconds=SESSION_SECONDS),
        }
    return {
        "session": command.session,
        "session_fix": len(before) + 1,
        "session_until": before[0].session_until,
    }
