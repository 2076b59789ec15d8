"""Days that are not of one piece, over HTTP: night shifts, a change at noon, a recall, a scheme that only notes."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from attendance.models import CheckIn
from policy import absences
from policy.models import WorkingHours
from tests.make import MALL, MONDAY, OFFICE, a_check_in, at, make_absence, make_domicile, make_rota, wib

pytestmark = pytest.mark.django_db

TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture
def night(cast):
    """Dewi works from Monday 22:00 to Tuesday 07:00 at the office."""
    hours = WorkingHours.objects.create(
        agency=cast.dki,
        code="sif-malam",
        name="Sif malam",
        starts=date(2023, 1, 1),
        weekdays=[1, 2, 3, 4, 5, 6, 7],
        begins="22:00",
        finishes="07:00",
        in_opens="21:00",
        in_closes="22:00",
        out_opens="07:00",
        out_closes="10:00",
    )
    make_rota(cast.section, {cast.dewi: "wfo"}).entries.update(hours=hours)
    return cast.dewi


def send(phone, person, **changes) -> dict:
    return phone(person).post("/api/v1/check-ins/", a_check_in(**changes)).json()


def test_both_ends_of_a_night_shift_belong_to_the_date_of_its_start(night, phone, monday):
    monday("21:50")
    arrived = send(phone, night, **at(OFFICE))
    monday("07:10", TUESDAY)
    left = send(phone, night, kind="out", **at(OFFICE))
    for answer in (arrived, left):
        assert (answer["work_date"], answer["status"], answer["reason"]) == ("2023-08-21", "accepted", "ok")


def test_leaving_a_night_shift_early_is_refused_with_the_window_of_that_shift(night, phone, monday):
    monday("03:00", TUESDAY)
    answer = send(phone, night, kind="out", **at(OFFICE))
    assert (answer["work_date"], answer["reason"]) == ("2023-08-21", "outside_window")


def test_my_day_shows_the_shift_that_is_still_running(night, phone, monday):
    monday("03:00", TUESDAY)
    today = phone(night).get("/api/v1/me/today/").json()
    assert (today["date"], today["hours"]["name"]) == ("2023-08-21", "Sif malam")
    assert today["windows"]["check_out"] == {
        "opens": "2023-08-22T07:00:00+07:00",
        "closes": "2023-08-22T10:00:00+07:00",
    }


def test_after_its_last_minute_the_next_day_has_begun(night, phone, monday):
    monday("10:01", TUESDAY)
    assert send(phone, night, **at(OFFICE))["work_date"] == "2023-08-22"


def test_a_shift_that_leave_has_cancelled_swallows_no_arrival_of_the_next_day(cast, night, phone, monday):
    make_absence(night, starts=MONDAY, ends=MONDAY)
    monday("07:30", TUESDAY)
    answer = send(phone, night, **at(OFFICE))
    assert (answer["work_date"], answer["status"]) == ("2023-08-22", "accepted")


def test_an_arrival_in_todays_own_window_is_todays(cast, night, phone, monday):
    monday("07:05", TUESDAY)
    assert send(phone, night, **at(OFFICE))["work_date"] == "2023-08-22"
    assert send(phone, night, kind="out", **at(OFFICE))["work_date"] == "2023-08-21"


def test_a_posting_that_ended_with_the_night_still_takes_its_check_out(cast, night, phone, monday):
    night.postings.update(ends=MONDAY)
    monday("07:10", TUESDAY)
    answer = send(phone, night, kind="out", **at(OFFICE))
    assert (answer["work_date"], answer["status"]) == ("2023-08-21", "accepted")


@pytest.fixture
def split(cast):
    """Dewi is at the office in the morning and at home in the afternoon (as on 29 August 2025)."""
    make_domicile(cast.dewi, by=cast.eko.user)
    make_rota(cast.section, {cast.dewi: "wfh"}).entries.update(segment="pm")
    return cast.dewi


@pytest.mark.parametrize(
    ("clock", "changes", "status", "planned", "mode"),
    [
        ("07:10", at(OFFICE), "accepted", "wfo", "wfo"),
        ("07:10", {}, "refused", "wfo", None),
        ("16:30", {"kind": "out"}, "accepted", "wfh", "wfh"),
        ("16:30", {"kind": "out"} | at(OFFICE), "accepted", "wfh", "wfo"),
        ("16:30", {"kind": "out"} | at(MALL), "refused", "wfh", None),
    ],
)
def test_on_a_day_that_changes_at_noon_each_half_has_its_places(
    split, check_in, clock, changes, status, planned, mode
):
    answer = check_in(split, clock, **changes).json()
    assert (answer["status"], answer["planned_mode"], answer["mode"]) == (status, planned, mode)


def test_my_day_says_that_it_changes(split, phone, monday):
    monday("07:00")
    assert phone(split).get("/api/v1/me/today/").json()["halves"] == ["wfo", "wfh"]


def test_after_a_recall_the_check_in_at_the_office_is_valid_and_so_was_the_one_at_home(cast, check_in):
    assert check_in(cast.ani, "07:10").json()["status"] == "accepted"
    absences.recall(cast.ani, at=wib("10:00"), reason="Rapat", by=cast.citra.user, now=wib("09:30"))
    there = check_in(cast.ani, "11:20", **at(OFFICE)).json()
    assert (there["planned_mode"], there["mode"], there["verdict"]) == ("wfo", "wfo", "inside")
    left = check_in(cast.ani, "16:10", kind="out", **at(OFFICE)).json()
    assert left["status"] == "accepted"
    assert set(CheckIn.objects.values_list("planned_mode", flat=True)) == {"wfh", "wfo"}


def test_a_scheme_may_only_note_a_mock_location(cast, check_in):
    """The flag of a phone is no proof (18 of 379 newcomers in Lebong): some agencies only want to know."""
    assert check_in(cast.ani, is_mock=True).json()["reason"] == "mock_location"
    cast.scheme.mock_policy = "note"
    cast.scheme.save()
    answer = check_in(cast.ani, is_mock=True).json()
    assert (answer["status"], answer["reason"]) == ("accepted", "ok")
    assert CheckIn.objects.latest("pk").is_mock is True
