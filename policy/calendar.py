"""Working days, punch windows and local time. PURE.

A work date is the local date of the employee's assigned workplace (WIB, WITA or WIT), never of the phone
or the server. Indonesia has no daylight saving time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

ZONES = {"Asia/Jakarta": "WIB", "Asia/Pontianak": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}

Kind = Literal["in", "out"]
Timing = Literal["early", "within", "late"]


@dataclass(frozen=True, slots=True)
class Windows:
    """The two punch windows of a day in local time; SE 34/SE/2023: 06:00-08:00 and 16:00-18:00."""

    in_opens: time
    in_closes: time
    out_opens: time
    out_closes: time

    def of(self, kind: Kind) -> tuple[time, time]:
        """Opening and closing time of the window for a check-in or a check-out."""
        return (self.in_opens, self.in_closes) if kind == "in" else (self.out_opens, self.out_closes)


def local(now: datetime, zone: str) -> datetime:
    """`now` (aware) on the wall clock of `zone`."""
    return now.astimezone(ZoneInfo(zone))


def local_day(now: datetime, zone: str) -> date:
    """The local date of an instant in `zone`."""
    return local(now, zone).date()


def instant(day: date, at: time, zone: str) -> datetime:
    """The UTC instant of a local date and wall time in `zone`."""
    return datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC)


def is_weekend(day: date) -> bool:
    """Saturday or Sunday; Perpres 21/2023 sets Monday to Friday."""
    return day.weekday() >= 5


def timing(windows: Windows, kind: Kind, at: datetime, closing_second: int = 59) -> Timing:
    """Where the local instant `at` lies to the window of its kind.

    The closing minute still counts (08:00:59 is 08:00, the convention of ANRI 18/2016) up to `closing_second`.
    """
    opens, closes = windows.of(kind)
    if at.time() < opens:
        return "early"
    last = datetime.combine(at.date(), closes) + timedelta(seconds=closing_second + 1)
    return "within" if at.replace(tzinfo=None) < last else "late"
