"""Checking in and out. Whatever the verdict, the event is recorded; the answer says what became of it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

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

    1. Judge and insert in one transaction.  2. The unique constraint knows whether the id is new; whoever
    is not the first reads what the first wrote.  Raises idempotency_key_reused.
    """
    try:
        with transaction.atomic():
            return _record(employee, command, now), False
    except IntegrityError:
        first = CheckIn.objects.filter(employee=employee, client_id=command.report.id).first()
        if first is None:
            raise
    return same_request(first, command.fingerprint), True  # type: ignore[return-value]


def _record(employee: Employee, command: Command, now: datetime) -> CheckIn:
    day, expected = roster.current(employee.pk, now, command.kind)
    expectation = expected.expectation if expected else None
    when = None
    if expectation:
        at = local(now, expectation.zone)
        when = timing(expectation.windows, command.kind, at, day, expectation.closing_second)
    found = judged(command.report, expectation, now=now, timing=when)
    fields = found.fields | _circumstances(employee, expected) | _session(employee, command, now)
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
    return common | {
        "unit_id": expected.unit_id,
        "superior_id": expected.superior_id,
        "planned_mode": expected.expectation.mode,
    }


def _session(employee: Employee, command: Command, now: datetime) -> dict[str, Any]:
    """Session, number of this fix in it, and its end; a fix after the end opens a session of its own."""
    earlier = _earlier(employee, command)
    if not earlier:
        return _opened(command.session or command.report.id, now)
    if earlier[0].session_until < now or len(earlier) >= SESSION_FIXES:
        return _opened(command.report.id, now)
    return {
        "session": command.session,
        "session_fix": len(earlier) + 1,
        "session_until": earlier[0].session_until,
    }


def _earlier(employee: Employee, command: Command) -> list[CheckIn]:
    """The fixes of the same kind that the session of a check-in has already."""
    if command.session in (None, command.report.id):
        return []
    mine = CheckIn.objects.filter(employee=employee, kind=command.kind, session=command.session)
    return list(mine.order_by("pk"))


def _opened(session: UUID, now: datetime) -> dict[str, Any]:
    until = now + timedelta(seconds=SESSION_SECONDS)
    return {"session": session, "session_fix": 1, "session_until": until}
