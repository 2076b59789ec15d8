"""Working days, punch windows, working hours and local time. PURE.

A work date is the local date of the employee's assigned workplace (WIB, WITA or WIT), never of the phone
or the server. Indonesia has no daylight saving time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, Protocol, TypeVar
from zoneinfo import ZoneInfo

ZONES = {"Asia/Jakarta": "WIB", "Asia/Pontianak": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}
NOON = time(12)  # where a day that is split between home and office changes

Kind = Literal["in", "out"]
Timing = Literal["early", "within", "late"]
WindowMode = Literal["credit", "clock"]


@dataclass(frozen=True, slots=True)
class Windows:
    """The two punch windows of a day in local time; SE 34/SE/2023: 06:00-08:00 and 16:00-18:00.

    A time earlier than `in_opens` lies on the next day (a shift over midnight).
    """

    in_opens: time
    in_closes: time
    out_opens: time
    out_closes: time

    def of(self, kind: Kind, day: date) -> tuple[datetime, datetime]:
        """Opening and closing of the window for a check-in or a check-out of `day`, on the local wall clock."""
        pair = (self.in_opens, self.in_closes) if kind == "in" else (self.out_opens, self.out_closes)
        opens, closes = (after(day, at, self.in_opens) for at in pair)
        return opens, closes


@dataclass(frozen=True, slots=True)
class Hours:
    """Working hours of a day in local time, its break, and by how many minutes one may come later (and stay longer)."""

    name: str
    begins: time
    finishes: time
    break_begins: time | None
    break_finishes: time | None
    flex_minutes: int
    windows: Windows


def after(day: date, at: time, start: time) -> datetime:
    """The local moment of `at` on a day that starts at `start`: an earlier wall time lies on the next day."""
    return datetime.combine(day + timedelta(days=at < start), at)


def local(now: datetime, zone: str) -> datetime:
    """`now` (aware) on the wall clock of `zone`."""
    return now.astimezone(ZoneInfo(zone))


def local_day(now: datetime, zone: str) -> date:
    """The local date of an instant in `zone`."""
    return local(now, zone).date()


def instant(day: date, at: time, zone: str) -> datetime:
    """The UTC instant of a local date and wall time in `zone`."""
    return on_earth(datetime.combine(day, at), zone)


def on_earth(moment: datetime, zone: str) -> datetime:
    """The UTC instant of a moment on the wall clock of `zone`."""
    return moment.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def is_weekend(day: date) -> bool:
    """Saturday or Sunday; Perpres 21/2023 sets Monday to Friday."""
    return day.weekday() >= 5


def days_between(first: date, last: date) -> list[date]:
    """Every date from `first` to `last`, both inclusive."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def timing(windows: Windows, kind: Kind, at: datetime, day: date, closing_second: int = 59) -> Timing:
    """Where the local instant `at` lies to the window of its kind on the work date `day`.

    The closing minute still counts (08:00:59 is 08:00, the convention of ANRI 18/2016) up to `closing_second`.
    """
    opens, closes = windows.of(kind, day)
    wall = at.replace(tzinfo=None)
    if wall < opens:
        return "early"
    return "within" if wall < closes + timedelta(seconds=closing_second + 1) else "late"


def late_minutes(hours: Hours, day: date, arrival: datetime, credited: Windows | None = None) -> int:
    """Whole minutes by which a local arrival is late; within the flexible time nobody is (edge case 25).

    Where a scheme credits whoever comes within its window, those windows are `credited` and the minutes count from
    their closing (SE 34/SE/2023, D-07).
    Example, Ramadan 2026 (begin 08:00, flexible 60 minutes): an arrival at 09:10 is 10 minutes late.
    """
    latest = _beginning(hours, day) + timedelta(minutes=hours.flex_minutes)
    if credited is not None:
        _opens, latest = credited.of("in", day)
    return max(0, _minutes(arrival.replace(tzinfo=None) - latest))


def finish_of(hours: Hours, day: date, arrival: datetime) -> datetime:
    """The local moment from which somebody who arrived at `arrival` has done the day's hours.

    Who uses the flexible time stays as much longer; who comes earlier than the beginning, or later than the
    flexible time, gains nothing.
    """
    begins = _beginning(hours, day)
    shift = min(
        max(arrival.replace(tzinfo=None) - begins, timedelta()), timedelta(minutes=hours.flex_minutes)
    )
    return after(begins.date(), hours.finishes, hours.begins) + timedelta(minutes=_minutes(shift))


def _beginning(hours: Hours, day: date) -> datetime:
    """When the work of a day begins; a shift of midnight takes check-ins on the evening before."""
    return after(day, hours.begins, hours.windows.in_opens)


def _minutes(span: timedelta) -> int:
    return int(span.total_seconds() // 60)


class Dated(Protocol):
    """Anything with an inclusive period and the unit that it is for (None is the whole agency)."""

    @property
    def starts(self) -> date: ...
    @property
    def ends(self) -> date | None: ...
    @property
    def unit(self) -> int | None: ...
    @property
    def weekdays(self) -> Sequence[int]: ...


D = TypeVar("D", bound=Dated)


def of_the_day(rows: Iterable[D], day: date, path: Sequence[int]) -> D | None:
    """The row that decides on `day` for a unit whose `path` runs from the top unit down to itself.

    The nearest unit's rows come before the agency's, then the shorter period, then the later start.
    """
    of_the_weekday = (row for row in concerning(rows, day, path) if day.isoweekday() in row.weekdays)
    return max(of_the_weekday, key=lambda row: _specific(row, path), default=None)


def concerning(rows: Iterable[D], day: date, path: Sequence[int]) -> list[D]:
    """The rows whose period holds `day` for a unit, whatever the weekday. Without any, national hours hold."""
    return [
        row
        for row in rows
        if row.starts <= day
        and (row.ends is None or day <= row.ends)
        and (row.unit is None or row.unit in path)
    ]


def _specific(row: Dated, path: Sequence[int]) -> tuple[int, timedelta, date]:
    near = path.index(row.unit) if row.unit is not None else -1
    return near, row.starts - (row.ends or date.max), row.starts
