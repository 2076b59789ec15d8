"""The agency's calendar: seeded once, then the agency's own to change, until the days are closed.

Nothing of a day is stored ahead: what is expected follows from the calendar whenever it is asked. So a change inside
the year (domain reference 2.11, edge case 27) reaches every open day by itself, and a closed day never changes.
"""

from __future__ import annotations

from datetime import date, datetime

import holidays
from django.db import transaction

from policy.calendar import ZONES, local_day
from policy.errors import DomainError
from policy.models import Agency, CalendarChange, CalendarDay, User

EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 31)  # the dates that Hadir knows
CATEGORIES = {
    "public": CalendarDay.Kind.PUBLIC_HOLIDAY,
    "government": CalendarDay.Kind.JOINT_LEAVE,  # what the library calls it; by default it leaves these out
}


def hold_open(agency_id: int, day: date) -> Agency:
    """The agency, locked as by `hold`. Raises DomainError period_closed when `day`, the first to change, is closed."""
    agency = hold(agency_id)
    refuse_closed(agency, day)
    return agency


def refuse_closed(agency: Agency, day: date) -> None:
    """Raises DomainError period_closed when `day` is closed."""
    if agency.closed_until and day <= agency.closed_until:
        raise DomainError("period_closed", f"The days up to {agency.closed_until} are closed.")


def hold(agency_id: int) -> Agency:
    """The agency, locked until the transaction ends, so that nobody closes days that are being changed.

    Whoever locks people too locks them after their agency. Check-ins refer to it meanwhile.
    """
    return Agency.objects.select_for_update(no_key=True).get(pk=agency_id)


@transaction.atomic
def seed(agency: Agency, year: int, *, by: User | None, now: datetime) -> list[CalendarDay]:
    """Adds the public holidays and joint leave (cuti bersama) of `year` as the PyPI package holidays knows them.

    Dates that the agency has entered already, and closed ones, are left as they are. Local holidays and the
    ministers' latest changes are not in the package: the agency enters those.
    """
    closed = hold(agency.pk).closed_until
    taken = set(CalendarDay.objects.filter(agency=agency, date__year=year).values_list("date", flat=True))
    new = [
        CalendarDay(agency=agency, date=day, kind=kind, name=name)
        for day, (kind, name) in sorted(holidays_of(year).items())
        if day not in taken and (closed is None or day > closed)
    ]
    CalendarDay.objects.bulk_create(new)
    reason = f"Pengisian awal kalender {year}"
    CalendarChange.objects.bulk_create(
        CalendarChange(
            agency=agency, date=row.date, after=described(row), reason=reason, changed_by=by, changed_at=now
        )
        for row in new
    )
    return new


def holidays_of(year: int) -> dict[date, tuple[str, str]]:
    """Kind and Indonesian name of each day off in `year`; on a date with both, the public holiday."""
    found: dict[date, tuple[str, str]] = {}
    for category, kind in CATEGORIES.items():
        for day, name in holidays.Indonesia(years=year, categories=category, language="id").items():
            found.setdefault(day, (kind, name))
    return found


@transaction.atomic
def set_day(
    agency: Agency, day: date, kind: str, name: str, *, reason: str, by: User, now: datetime
) -> CalendarDay:
    """Says what a date is, in place of what it was: a holiday, joint leave, or a working day instead.

    `reason` names the decision behind it (a decree, a circular). The same once more changes and records nothing.
    Raises DomainError reason_missing or period_closed; open days follow by themselves (see above).
    """
    _demand(reason)
    agency = hold_open(agency.pk, day)
    row = CalendarDay.objects.filter(agency=agency, date=day).first()
    before = described(row)
    row = row or CalendarDay(agency=agency, date=day)
    row.kind, row.name = kind, name
    if described(row) != before:
        row.save()
        _record(agency, day, (before, described(row)), reason=reason, by=by, now=now)
    return row


@transaction.atomic
def clear_day(agency: Agency, day: date, *, reason: str, by: User, now: datetime) -> None:
    """Takes a date out of the calendar: its weekday decides again.

    Raises DomainError reason_missing, period_closed, or not_in_calendar when there is nothing to take out.
    """
    _demand(reason)
    agency = hold_open(agency.pk, day)
    row = CalendarDay.objects.filter(agency=agency, date=day).first()
    if row is None:
        raise DomainError("not_in_calendar", f"{day} does not stand in the calendar.")
    before = described(row)
    row.delete()
    _record(agency, day, (before, ""), reason=reason, by=by, now=now)


@transaction.atomic
def close(agency: Agency, until: date, *, by: User, now: datetime) -> Agency:
    """Settles the days up to `until`: their calendar, hours, absences and postings never change again.

    Forward only: raises DomainError period_closed for a date that is closed already, and not_yet_over while the
    day still runs somewhere in Indonesia.
    """
    agency = hold_open(agency.pk, until)
    if until >= min(local_day(now, zone) for zone in ZONES):
        raise DomainError("not_yet_over", f"{until} is not over yet.")
    before = f"Terkunci s.d. {agency.closed_until:%d-%m-%Y}" if agency.closed_until else ""
    after = f"Terkunci s.d. {until:%d-%m-%Y}"
    agency.closed_until = until
    agency.save(update_fields=["closed_until"])
    _record(agency, until, (before, after), reason="Penguncian kalender", by=by, now=now)
    return agency


def described(row: CalendarDay | None) -> str:
    """What a date is in words, as the record of changes keeps it; empty for an ordinary day."""
    return f"{row.get_kind_display()}: {row.name}" if row else ""


def _demand(reason: str) -> None:
    if not reason.strip():
        raise DomainError("reason_missing", "A change of the calendar needs a reason.")


def _record(
    agency: Agency, day: date, words: tuple[str, str], *, reason: str, by: User, now: datetime
) -> None:
    before, after = words
    CalendarChange.objects.create(
        agency=agency, date=day, before=before, after=after, reason=reason, changed_by=by, changed_at=now
    )
