"""The board and the table of a day."""

from __future__ import annotations

import uuid
from datetime import date

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from attendance.models import CheckIn, Prompt
from attendance.recaps import board, unit_day
from policy.models import Posting
from tests import make
from tests.make import MALL, MONDAY, OFFICE, at, make_absence, make_employee, wib

pytestmark = pytest.mark.django_db

TUESDAY = date(2023, 8, 22)


def person(cast, who):
    postings = Posting.objects.filter(employee=who)
    (found,) = board(postings, MONDAY, wib("18:00"))
    return found


@pytest.mark.parametrize(
    ("sent", "state"),
    [
        ([], "not_yet"),
        ([("07:10", {})], "present"),
        ([("08:30", {})], "late"),
        ([("07:10", {"accuracy_m": 90})], "to_review"),
        ([("07:10", at(MALL))], "refused"),
        ([("07:10", {"is_mock": True})], "to_review"),
        ([("07:10", at(MALL)), ("07:30", {})], "present"),
        ([("16:10", {"kind": "out"})], "not_yet"),
    ],
)
def test_the_state_of_a_person(cast, check_in, sent, state):
    for text, said in sent:
        check_in(cast.ani, text, **said)
    assert person(cast, cast.ani).state == state


def test_the_first_check_in_and_the_last_check_out_make_the_day(cast, check_in):
    for text, kind in [("07:10", "in"), ("07:40", "in"), ("16:05", "out"), ("17:30", "out")]:
        check_in(cast.ani, text, kind=kind)
    day = person(cast, cast.ani)
    assert (day.arrival.received_at, day.departure.received_at) == (wib("07:10"), wib("17:30"))


def test_a_session_that_ended_inside_is_no_longer_uncertain(cast, check_in, phone):
    first = check_in(cast.ani, accuracy_m=90).json()
    waiting = CheckIn.objects.waiting_for_review
    assert person(cast, cast.ani).state == "to_review"
    assert (waiting(wib("07:11")).count(), waiting(wib("07:12")).count()) == (0, 1)
    phone(cast.ani).post("/api/v1/check-ins/", make.a_check_in(session=first["id"]))
    day = person(cast, cast.ani)
    assert (day.state, day.shows("uncertain_location")) == ("present", False)
    assert not waiting(wib("07:12")).exists()


def test_a_check_out_does_not_erase_lateness(cast, check_in, phone, monday):
    late = check_in(cast.ani, "16:00").json()
    monday("16:00:30")
    phone(cast.ani).post("/api/v1/check-ins/", make.a_check_in(kind="out", session=late["id"]))
    assert person(cast, cast.ani).state == "late"
    assert CheckIn.objects.waiting_for_review(wib("16:10")).count() == 1


def test_a_session_id_used_again_hides_nothing_from_review(cast, check_in, phone, monday):
    used = str(uuid.uuid4())
    check_in(cast.ani, session=used)
    monday("07:10", TUESDAY)
    phone(cast.ani).post("/api/v1/check-ins/", make.a_check_in(id=used, accuracy_m=90))
    assert CheckIn.objects.waiting_for_review(wib("09:00", TUESDAY)).count() == 1


def test_a_session_id_used_again_moves_no_arrival(cast, check_in, phone, monday):
    used = str(uuid.uuid4())
    check_in(cast.ani, "06:10", session=used, accuracy_m=90)
    monday("07:50")
    phone(cast.ani).post("/api/v1/check-ins/", make.a_check_in(id=used))
    assert person(cast, cast.ani).arrival.received_at == wib("06:10")


def test_leave_expects_nothing(cast):
    make_absence(cast.ani, "annual_leave", "approved", MONDAY, MONDAY)
    assert person(cast, cast.ani).state == "not_expected"


@pytest.mark.parametrize(
    ("who", "clock", "minutes"),
    [("ani", "07:50", 0), ("ani", "08:20", 20), ("bayu", "07:30", 0), ("bayu", "07:50", 20)],
)
def test_the_window_of_the_scheme_is_credited_at_home_and_the_clock_counts_at_the_office(
    cast, check_in, who, clock, minutes
):
    check_in(getattr(cast, who), clock, **(at(OFFICE) if who == "bayu" else {}))
    assert person(cast, getattr(cast, who)).late_minutes == minutes


def test_a_scheme_may_count_by_the_clock_at_home_too(cast, check_in):
    cast.scheme.window_mode = "clock"
    cast.scheme.save()
    check_in(cast.ani, "07:50")
    assert person(cast, cast.ani).late_minutes == 20


def test_a_complete_day_at_home_is_worth_its_credit_and_one_at_the_office_its_time(cast, check_in):
    for who, place in ((cast.ani, {}), (cast.bayu, at(OFFICE))):
        check_in(who, "07:20", **place)
        assert person(cast, who).worked_minutes is None
        check_in(who, "16:30", kind="out", **place)
    assert (person(cast, cast.ani).worked_minutes, person(cast, cast.bayu).worked_minutes) == (510, 550)


def test_the_table_counts_plan_and_fact_by_top_unit(cast, check_in):
    check_in(cast.ani, "08:20", uniform_photo=False)
    check_in(cast.bayu, **at(OFFICE))
    bureau = next(row for row in unit_day(cast.dki, MONDAY, wib("18:00")) if row.unit == cast.bureau)
    assert (bureau.headcount, bureau.planned_wfh, bureau.planned_wfo) == (5, 1, 4)
    assert bureau.cap == 2  # four in the section at 50 %, the head alone in the bureau
    assert (bureau.present, bureau.late, bureau.no_uniform, bureau.outside) == (2, 1, 1, 0)
    assert (bureau.drawn, Prompt.objects.count()) == (0, 0)


def test_the_table_prints_with_totals(cast, check_in, capsys):
    check_in(cast.ani)
    call_command("day_table", "2023-08-21", agency="pemprov-dki")
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1].split()[0] == "Total" and "Biro Organisasi" in lines[3]


def test_the_board_takes_the_same_queries_for_more_people(cast, check_in):
    check_in(cast.ani)

    def queries() -> int:
        with CaptureQueriesContext(connection) as counted:
            unit_day(cast.dki, MONDAY, wib("18:00"))
        return len(counted)

    few = queries()
    for n in range(20):
        check_in(make_employee(cast.section, cast.office, f"Pegawai {n}", cast.citra), **at(OFFICE))
    assert queries() == few
