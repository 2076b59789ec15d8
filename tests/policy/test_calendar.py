"""Windows, zones and work dates."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from policy.calendar import Windows, instant, is_weekend, local, local_day, timing

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
    assert timing(SE34, kind, at) == expected


def test_the_minute_convention_is_a_setting():
    at = datetime.fromisoformat("2023-08-21T08:00:01+07:00")
    assert timing(SE34, "in", at, closing_second=0) == "late"


def test_a_window_may_close_in_the_last_minute_of_the_day():
    night = Windows(time(6), time(8), time(16), time(23, 59))
    assert timing(night, "out", datetime.fromisoformat("2023-08-21T23:59:59+07:00")) == "within"


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
