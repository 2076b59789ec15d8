"""What is expected of a day, by a table that a person from HR could read."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time

import pytest

from policy.calendar import Hours, Windows
from policy.fences import Circle, Fence
from policy.rules import DayFacts, Place, Planned, SchemeTerms, deciding, expect, within

MONDAY = date(2023, 8, 21)
OFFICE = Place("site", 1, "Balai Kota", Fence((Circle(-6.18, 106.83, 150),)))
HOME = Place("domicile", 2, "Domisili", Fence((Circle(-6.4, 106.79, 100),)))
REGULAR = Hours(
    "Jam kerja", time(7, 30), time(16), None, None, 0, Windows(time(6), time(7, 30), time(16), time(20))
)
NIGHT = Hours("Sif malam", time(22), time(7), None, None, 0, Windows(time(21), time(22), time(7), time(10)))
SE34 = SchemeTerms(
    phase_id=7,
    scheme_id=1,
    scheme="SE 34",
    phase="50 %",
    legal_basis="34/SE/2023",
    starts=date(2023, 8, 21),
    ends=date(2023, 10, 21),
    windows=Windows(time(6), time(8), time(16), time(18)),
    slots=(time(10),),
)
HOME_ALL_DAY, OFFICE_ALL_DAY = Planned("day", "wfh"), Planned("day", "wfo")


def day(**changes) -> DayFacts:
    facts = {
        "date": MONDAY,
        "zone": "Asia/Jakarta",
        "at": datetime.combine(MONDAY, time(7, 10)),
        "employed": True,
        "office": OFFICE,
        "domicile": HOME,
        "plan": (HOME_ALL_DAY,),
        "absence": None,
        "holiday": None,
        "hours": REGULAR,
        "dress": "PDH",
        "terms": SE34,
    }
    return DayFacts(**facts | changes)


@pytest.mark.parametrize(
    ("changes", "mode", "why", "places"),
    [
        ({}, "wfh", "published_rota", [HOME, OFFICE]),
        ({"plan": (OFFICE_ALL_DAY,)}, "wfo", "published_rota", [OFFICE]),
        ({"plan": ()}, "wfo", "no_published_rota", [OFFICE]),
        ({"terms": None}, "wfo", "no_scheme", [OFFICE]),
        ({"domicile": None}, "wfh", "published_rota", [OFFICE]),
        ({"employed": False}, "off", "not_employed", []),
        ({"absence": "annual_leave"}, "leave", "on_leave", []),
        ({"absence": "sick"}, "leave", "on_leave", []),
        ({"absence": "study_assignment"}, "leave", "on_leave", []),
        ({"absence": "travel"}, "travel", "on_travel", []),
        ({"hours": None, "plan": (Planned("day", "wfo", NIGHT),)}, "wfo", "published_rota", [OFFICE]),
        ({"holiday": "HUT RI", "plan": (Planned("day", "wfo", NIGHT),)}, "wfo", "published_rota", [OFFICE]),
        ({"terms": None, "plan": (Planned("day", "wfo", NIGHT),)}, "wfo", "published_rota", [OFFICE]),
        ({"hours": None}, "off", "weekend", []),
        ({"holiday": "HUT RI"}, "off", "holiday", []),
        ({"holiday": "HUT RI", "absence": "sick"}, "leave", "on_leave", []),
    ],
)
def test_the_expectation_of_a_day(changes, mode, why, places):
    expected = expect(day(**changes))
    assert (expected.mode, expected.why, list(expected.places)) == (mode, why, places)


def test_home_follows_the_schemes_windows_and_the_office_its_own():
    assert expect(day()).windows == SE34.windows
    assert expect(day(plan=(OFFICE_ALL_DAY,))).windows == REGULAR.windows


def test_photo_and_slots_are_asked_only_of_those_at_home():
    assert (expect(day()).uniform_photo, expect(day()).slots) == (True, (time(10),))
    assert (expect(day(plan=(OFFICE_ALL_DAY,))).uniform_photo, expect(day(plan=(OFFICE_ALL_DAY,))).slots) == (
        False,
        (),
    )


def test_every_expectation_names_its_document():
    assert expect(day()).legal_basis == "34/SE/2023"
    assert expect(day(terms=None)).legal_basis == ""


@pytest.mark.parametrize(
    ("halves", "clock", "mode", "places"),
    [
        (("wfo", "wfh"), time(7), "wfo", [OFFICE]),
        (("wfo", "wfh"), time(11, 59), "wfo", [OFFICE]),
        (("wfo", "wfh"), time(12), "wfh", [HOME, OFFICE]),
        (("wfo", "wfh"), time(16, 30), "wfh", [HOME, OFFICE]),
        (("wfh", "wfo"), time(7), "wfh", [HOME, OFFICE]),
        (("wfh", "wfo"), time(16, 30), "wfo", [OFFICE]),
    ],
)
def test_a_day_may_change_at_noon_and_both_check_ins_are_valid(halves, clock, mode, places):
    plan = (Planned("am", halves[0]), Planned("pm", halves[1]))
    expected = expect(day(plan=plan, at=datetime.combine(MONDAY, clock)))
    assert (expected.mode, list(expected.places), expected.halves) == (mode, places, halves)


@pytest.mark.parametrize(
    "changes",
    [
        {"absence": "sick"},
        {"holiday": "HUT RI"},
        {"terms": None},
        {"plan": (Planned("am", "wfh"), Planned("pm", "wfh"))},
    ],
)
def test_only_a_day_that_changes_has_halves(changes):
    plan = (Planned("am", "wfh"), Planned("pm", "wfo"))
    assert expect(day(**{"plan": plan} | changes)).halves == ()


def test_a_half_that_the_rota_leaves_open_is_at_the_office():
    assert expect(day(plan=(Planned("pm", "wfh"),))).mode == "wfo"


@pytest.mark.parametrize(
    ("clock", "mode", "why", "recalled"),
    [
        (time(9, 59), "wfh", "published_rota", False),
        (time(10), "wfo", "recalled", True),
        (time(16, 30), "wfo", "recalled", True),
    ],
)
def test_a_recall_holds_from_its_minute_on(clock, mode, why, recalled):
    ten = datetime.combine(MONDAY, time(10))
    expected = expect(day(recalled_at=ten, at=datetime.combine(MONDAY, clock)))
    assert (expected.mode, expected.why, expected.is_recalled) == (mode, why, recalled)


def test_a_recall_of_somebody_at_the_office_changes_nothing():
    recalled = day(plan=(OFFICE_ALL_DAY,), recalled_at=datetime.combine(MONDAY, time(6)))
    assert expect(recalled).why == "published_rota"


def test_a_phase_without_windows_follows_the_ordinary_hours_and_a_shift_its_own():
    assert expect(day(terms=replace(SE34, windows=None))).windows == REGULAR.windows
    assert expect(day(plan=(Planned("day", "wfh", NIGHT),))).windows == NIGHT.windows


def phase(number: int, starts: int, ends: int | None, **changes) -> SchemeTerms:
    days = {"starts": date(2023, 9, starts), "ends": ends and date(2023, 9, ends)}
    return replace(SE34, phase_id=number, **days, **changes)


YEAR, SUMMIT = phase(1, 1, None), phase(2, 4, 7)
VENUE = phase(3, 1, 30, regions=("31.74",))
TOURISM = phase(4, 1, 30, units=(5,))


@pytest.mark.parametrize(
    ("phases", "on", "path", "region", "decides"),
    [
        ([YEAR, SUMMIT], 1, (1,), "", 1),
        ([YEAR, SUMMIT], 4, (1,), "", 2),
        ([SUMMIT, YEAR], 7, (1,), "", 2),
        ([YEAR, SUMMIT], 8, (1,), "", 1),
        ([SUMMIT], 8, (1,), "", None),
        ([YEAR, VENUE], 4, (1,), "31.74.02", 3),
        ([YEAR, VENUE], 4, (1,), "31.71.01", 1),
        ([YEAR, SUMMIT, VENUE], 4, (1,), "31.74", 3),
        ([YEAR, TOURISM], 4, (1, 5, 9), "", 4),
        ([YEAR, TOURISM], 4, (1, 6), "", 1),
        ([phase(8, 4, 7), phase(9, 4, 7)], 4, (1,), "", 8),
    ],
)
def test_the_most_specific_phase_decides(phases, on, path, region, decides):
    """Edge cases 7 and 8: the shorter phase, and the office's own place before the parent's."""
    found = deciding(phases, date(2023, 9, on), path, region)
    assert (found.phase_id if found else None) == decides


def test_a_region_is_no_beginning_of_digits():
    assert within("31.74.02", "31.74") and within("31.74", "31.74")
    assert not within("31.74", "31.74.02") and not within("31.74", "31.7")
