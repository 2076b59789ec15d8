"""Windows, zones and work dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import pytest

from policy.calendar import (
    Hours,
    Windows,
    finish_of,
    instant,
    is_weekend,
    late_minutes,
    local,
    local_day,
    of_the_day,
    timing,
)

MONDAY = date(2023, 8, 21)
SE34 = Windows(time(6), time(8), time(16), time(18))


@pytest.mark.parametrize(
    ("kind", "clock", "expected"),
    [
        ("in", "05:59:59", "early"),
        ("in", "06:00:00", "within"),
        ("in", "08:00:00", "within"),
        ("in", "08:00:59", "within"),
        ("in", "08:01:00", "late"),
        ("in", "17:00:00", "late"),
        ("out", "08:00:00", "early"),
        ("out", "15:59:59", "early"),
        ("out", "16:00:00", "within"),
        ("out", "18:00:59", "within"),
        ("out", "18:01:00", "late"),
    ],
)
def test_the_closing_minute_still_counts(kind, clock, expected):
    at = datetime.fromisoformat(f"2023-08-21T{clock}+07:00")
    assert timing(SE34, kind, at, MONDAY) == expected


def test_the_minute_convention_is_a_setting():
    at = datetime.fromisoformat("2023-08-21T08:00:01+07:00")
    assert timing(SE34, "in", at, MONDAY, closing_second=0) == "late"


def test_a_window_may_close_in_the_last_minute_of_the_day():
    night = Windows(time(6), time(8), time(16), time(23, 59))
    assert timing(night, "out", datetime.fromisoformat("2023-08-21T23:59:59+07:00"), MONDAY) == "within"


@pytest.mark.parametrize(
    ("zone", "utc"), [("Asia/Jakarta", 17), ("Asia/Makassar", 16), ("Asia/Jayapura", 15)]
)
def test_midnight_is_the_workplaces_midnight(zone, utc):
    assert local_day(datetime(2023, 8, 21, utc - 1, 59, 59, tzinfo=UTC), zone) == date(2023, 8, 21)
    assert local_day(datetime(2023, 8, 21, utc, tzinfo=UTC), zone) == date(2023, 8, 22)


def test_a_wall_time_and_its_instant_belong_together():
    moment = instant(date(2023, 8, 21), time(10), "Asia/Jayapura")
    assert moment == datetime(2023, 8, 21, 1, tzinfo=UTC)
    assert local(moment, "Asia/Jayapura").time() == time(10)


def test_saturday_and_sunday_are_the_weekend():
    week = [is_weekend(date(2023, 8, day)) for day in range(21, 28)]
    assert week == [False] * 5 + [True] * 2


NIGHT = Hours("Sif malam", time(22), time(7), None, None, 0, Windows(time(21), time(22), time(7), time(10)))
RAMADAN_2026 = Hours(
    "Ramadan 1447 H",
    time(8),
    time(15),
    time(12),
    time(12, 30),
    60,
    Windows(time(6), time(9), time(15), time(18)),
)


@pytest.mark.parametrize(
    ("kind", "at", "expected"),
    [
        ("in", "2023-08-21T20:59:59", "early"),
        ("in", "2023-08-21T21:00:00", "within"),
        ("in", "2023-08-21T22:01:00", "late"),
        ("out", "2023-08-22T06:59:59", "early"),
        ("out", "2023-08-22T07:00:00", "within"),
        ("out", "2023-08-22T10:00:59", "within"),
        ("out", "2023-08-22T10:01:00", "late"),
    ],
)
def test_a_night_shift_ends_on_the_next_day(kind, at, expected):
    """Edge case 22: from an hour before to three hours after (e-0059/SE/2023), by the date of its start."""
    assert timing(NIGHT.windows, kind, datetime.fromisoformat(at), MONDAY) == expected


@pytest.mark.parametrize(
    ("arrival", "late", "finish"),
    [
        ("07:40", 0, "15:00"),
        ("08:00", 0, "15:00"),
        ("08:25", 0, "15:25"),
        ("09:00", 0, "16:00"),
        ("09:00:59", 0, "16:00"),
        ("09:10", 10, "16:00"),
    ],
)
def test_flexible_time_moves_the_end_and_only_beyond_it_is_anybody_late(arrival, late, finish):
    """Edge case 25, SE 1/SE/2026: in at 09:10 means out at 16:00 and ten minutes late."""
    day = date(2026, 2, 23)
    came = datetime.combine(day, time.fromisoformat(arrival))
    assert late_minutes(RAMADAN_2026, day, came) == late
    assert finish_of(RAMADAN_2026, day, came) == datetime.combine(day, time.fromisoformat(finish))


def test_a_shift_of_midnight_begins_after_its_window_opens():
    midnight = Hours(
        "Sif dini hari", time(0), time(8), None, None, 0, Windows(time(23), time(0, 30), time(8), time(11))
    )
    came = datetime.combine(MONDAY, time(23, 50))
    assert late_minutes(midnight, MONDAY, came) == 0
    assert late_minutes(midnight, MONDAY, came + timedelta(minutes=25)) == 15
    assert finish_of(midnight, MONDAY, came) == datetime.combine(date(2023, 8, 22), time(8))


def test_within_the_credit_of_a_window_nobody_is_late():
    came = datetime.combine(MONDAY, time(7, 59))
    half_past_seven = Hours("Biasa", time(7, 30), time(16), None, None, 0, SE34)
    assert late_minutes(half_past_seven, MONDAY, came) == 29
    assert late_minutes(half_past_seven, MONDAY, came, SE34) == 0
    assert late_minutes(half_past_seven, MONDAY, came + timedelta(minutes=11), SE34) == 10


def test_a_night_shift_is_done_on_the_next_morning():
    came = datetime.combine(MONDAY, time(21, 50))
    assert finish_of(NIGHT, MONDAY, came) == datetime.combine(date(2023, 8, 22), time(7))


@dataclass(frozen=True)
class Row:
    name: str
    starts: date
    ends: date | None = None
    unit: int | None = None
    weekdays: tuple[int, ...] = (1, 2, 3, 4, 5)


@pytest.mark.parametrize(
    ("day", "path", "expected"),
    [
        (date(2023, 3, 22), (1,), "ordinary"),
        (date(2023, 3, 23), (1,), "Ramadan"),
        (date(2023, 3, 24), (1,), "Ramadan Friday"),
        (date(2023, 3, 24), (1, 7), "hospital"),
        (date(2023, 3, 24), (1, 7, 9), "hospital"),
        (date(2023, 3, 25), (1, 7), "hospital"),
        (date(2023, 3, 25), (1,), None),
        (date(2022, 3, 25), (1,), None),
    ],
)
def test_the_most_specific_hours_of_a_day_decide(day, path, expected):
    """Edge cases 23 and 24: Ramadan over the year, Friday its own, and not for the hospital."""
    rows = [
        Row("ordinary", date(2023, 1, 1)),
        Row("Ramadan", date(2023, 3, 23), date(2023, 4, 21), weekdays=(1, 2, 3, 4)),
        Row("Ramadan Friday", date(2023, 3, 23), date(2023, 4, 21), weekdays=(5,)),
        Row("hospital", date(2023, 1, 1), unit=7, weekdays=(1, 2, 3, 4, 5, 6, 7)),
    ]
    found = of_the_day(rows, day, path)
    assert (found.name if found else None) == expected
