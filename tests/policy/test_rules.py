"""What is expected of a day, by a table that a person from HR could read."""

from __future__ import annotations

from datetime import date, time

import pytest

from policy.calendar import Windows
from policy.fences import Circle, Fence
from policy.rules import AgencyDay, DayFacts, Place, SchemeTerms, expect

MONDAY, SATURDAY = date(2023, 8, 21), date(2023, 8, 26)
OFFICE = Place("site", 1, "Balai Kota", Fence((Circle(-6.18, 106.83, 150),)))
HOME = Place("domicile", 2, "Domisili", Fence((Circle(-6.4, 106.79, 100),)))
REGULAR = Windows(time(6), time(7, 30), time(16), time(20))
SE34 = SchemeTerms(
    7, "SE 34", "50 %", "34/SE/2023", Windows(time(6), time(8), time(16), time(18)), (time(10),), True, 59
)


def day(**changes) -> DayFacts:
    facts = {
        "date": MONDAY,
        "zone": "Asia/Jakarta",
        "employed": True,
        "office": OFFICE,
        "domicile": HOME,
        "planned": "wfh",
        "absence": None,
        "agency_day": AgencyDay(REGULAR, "PDH"),
        "terms": SE34,
    }
    return DayFacts(**facts | changes)


@pytest.mark.parametrize(
    ("changes", "mode", "why", "places"),
    [
        ({}, "wfh", "published_rota", [HOME, OFFICE]),
        ({"planned": "wfo"}, "wfo", "published_rota", [OFFICE]),
        ({"planned": None}, "wfo", "no_published_rota", [OFFICE]),
        ({"terms": None}, "wfo", "no_scheme", [OFFICE]),
        ({"domicile": None}, "wfh", "published_rota", [OFFICE]),
        ({"employed": False}, "off", "not_employed", []),
        ({"absence": "leave"}, "leave", "on_leave", []),
        ({"absence": "sick"}, "leave", "on_leave", []),
        ({"absence": "travel"}, "travel", "on_travel", []),
        ({"date": SATURDAY}, "off", "weekend", []),
        ({"agency_day": AgencyDay(REGULAR, "", "HUT RI")}, "off", "holiday", []),
        ({"agency_day": AgencyDay(REGULAR, "", "HUT RI"), "absence": "leave"}, "leave", "on_leave", []),
    ],
)
def test_the_expectation_of_a_day(changes, mode, why, places):
    expected = expect(day(**changes))
    assert (expected.mode, expected.why, list(expected.places)) == (mode, why, places)


def test_home_follows_the_schemes_windows_and_the_office_its_own():
    assert expect(day()).windows == SE34.windows
    assert expect(day(planned="wfo")).windows == REGULAR


def test_photo_and_slots_are_asked_only_of_those_at_home():
    assert (expect(day()).uniform_photo, expect(day()).slots) == (True, (time(10),))
    assert (expect(day(planned="wfo")).uniform_photo, expect(day(planned="wfo")).slots) == (False, ())


def test_every_expectation_names_its_document():
    assert expect(day()).legal_basis == "34/SE/2023"
    assert expect(day(terms=None)).legal_basis == ""
