"""Checking in, through HTTP."""

from __future__ import annotations

import uuid
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from attendance.models import CheckIn, CheckInLocation
from attendance.reports import opened
from policy.models import CalendarDay, Domicile, DomicileLocation, Posting
from tests.make import MALL, MONDAY, OFFICE, a_check_in, at, make_absence, make_rota, wib

pytestmark = pytest.mark.django_db

URL = "/api/v1/check-ins/"


def outcome(response) -> tuple:
    body = response.json()
    return response.status_code, body["status"], body["reason"]


def test_a_home_based_worker_at_the_domicile_is_accepted(cast, check_in):
    answer = check_in(cast.ani)
    assert outcome(answer) == (201, "accepted", "ok")
    body = answer.json()
    assert body["verdict"] == "inside" and body["mode"] == body["planned_mode"] == "wfh"
    assert body["place"] == {"kind": "domicile", "name": "Domisili"}
    assert body["distance_m"] == pytest.approx(-100, abs=0.1)
    assert body["work_date"] == "2023-08-21" and body["received_at"] == "2023-08-21T07:10:00+07:00"
    assert body["retry"] is None


def test_an_office_worker_at_the_office_is_accepted(cast, check_in):
    answer = check_in(cast.bayu, **at(OFFICE), uniform_photo=False)
    assert outcome(answer) == (201, "accepted", "ok")
    assert answer.json()["place"]["kind"] == "site"


def test_the_own_office_counts_on_a_home_based_day_and_no_photo_is_asked_there(cast, check_in):
    answer = check_in(cast.ani, **at(OFFICE), uniform_photo=False)
    assert outcome(answer) == (201, "accepted", "ok")
    assert (answer.json()["planned_mode"], answer.json()["mode"]) == ("wfh", "wfo")


def test_the_domicile_does_not_count_on_an_office_day(cast, check_in, monday):
    make_rota(cast.section, {}, day=date(2023, 8, 28))
    monday("07:10", date(2023, 8, 28))
    answer = check_in(cast.bayu)
    assert outcome(answer) == (201, "refused", "outside_fence")


# One row of the outcome table each: (who, time, what the phone says, status, reason, counts).
ROWS = [
    ("ani", "05:59:59", {}, "refused", "outside_window", "no"),
    ("ani", "06:00", {}, "accepted", "ok", "yes"),
    ("ani", "08:00:59", {}, "accepted", "ok", "yes"),
    ("ani", "08:01:00", {}, "review", "late", "provisional"),
    ("ani", "07:10", at(MALL), "refused", "outside_fence", "no"),
    ("ani", "07:10", {"is_mock": True}, "review", "mock_location", "no"),
    ("ani", "07:10", {"is_mock": None}, "accepted", "ok", "yes"),
    ("ani", "07:10", {"age_ms": 120_001}, "review", "stale_fix", "provisional"),
    ("ani", "07:10", {"age_ms": 120_000}, "accepted", "ok", "yes"),
    ("ani", "07:10", {"accuracy_m": 90}, "review", "uncertain_location", "provisional"),
    ("ani", "07:10", {"accuracy_m": 1e9}, "review", "uncertain_location", "provisional"),
    ("ani", "07:10", {"accuracy_m": 5000, **at(MALL)}, "review", "uncertain_location", "provisional"),
    ("ani", "07:10", {"uniform_photo": False}, "review", "uniform_photo_missing", "provisional"),
    ("ani", "15:59", {"kind": "out"}, "refused", "outside_window", "no"),
    ("ani", "16:00", {"kind": "out"}, "accepted", "ok", "yes"),
    ("ani", "18:01", {"kind": "out"}, "review", "late", "provisional"),
    ("ani", "07:10", {"age_ms": None}, "accepted", "ok", "yes"),
    ("ani", "07:10", {"age_ms": None, "captured_at": "2023-08-21T04:10:00+07:00"}, "review", "stale_fix", "provisional"),
    ("ani", "07:10", {"age_ms": None, "captured_at": "2023-08-21T10:10:00+07:00"}, "review", "stale_fix", "provisional"),
    ("ani", "07:10", {"captured_at": "2023-08-21T23:10:00+07:00"}, "accepted", "ok", "yes"),
    ("bayu", "07:10", {}, "refused", "outside_fence", "no"),
    ("ani", "07:10", {"is_mock": True, "uniform_photo": False}, "review", "mock_location", "no"),
    ("ani", "07:10", {"latitude": 51.5, "longitude": -0.1}, "refused", "outside_fence", "no"),
]  # fmt: skip


@pytest.mark.parametrize(("who", "when", "said", "status", "reason", "counted"), ROWS)
def test_the_outcome_table(cast, check_in, who, when, said, status, reason, counted):
    answer = check_in(getattr(cast, who), when, **said)
    assert outcome(answer) == (201, status, reason)
    assert CheckIn.objects.get().counts == counted


def test_everything_that_applies_is_kept_and_the_first_is_the_reason(cast, check_in):
    check_in(cast.ani, "08:30", is_mock=True, uniform_photo=False, accuracy_m=90)
    assert CheckIn.objects.get().conditions == [
        "mock_location",
        "uncertain_location",
        "late",
        "uniform_photo_missing",
    ]


def test_a_person_on_leave_is_refused_with_that_reason(cast, check_in):
    make_absence(cast.ani, "annual_leave", "approved", MONDAY, MONDAY)
    assert outcome(check_in(cast.ani)) == (201, "refused", "on_leave")


def test_leave_that_nobody_approved_changes_nothing(cast, check_in):
    make_absence(cast.ani, "annual_leave", "proposed", MONDAY, MONDAY)
    assert outcome(check_in(cast.ani)) == (201, "accepted", "ok")


def test_official_travel_knows_no_fence(cast, check_in):
    make_absence(cast.ani, "travel", "approved", MONDAY, MONDAY)
    answer = check_in(cast.ani, latitude=-8.65, longitude=115.2)
    assert outcome(answer) == (201, "accepted", "ok")
    assert answer.json()["planned_mode"] == "travel" and answer.json()["verdict"] is None


def test_a_holiday_and_a_weekend_are_no_working_days(cast, check_in, monday, phone):
    CalendarDay.objects.create(agency=cast.dki, date=MONDAY, kind="public_holiday", name="Libur")
    assert outcome(check_in(cast.ani)) == (201, "refused", "not_a_working_day")
    monday("07:10", date(2023, 8, 26))
    assert outcome(phone(cast.ani).post(URL, a_check_in())) == (201, "refused", "not_a_working_day")


def test_without_a_posting_nobody_is_employed(cast, check_in):
    Posting.objects.filter(employee=cast.ani).update(ends=date(2023, 8, 20))
    answer = check_in(cast.ani)
    assert outcome(answer) == (201, "refused", "not_employed")
    assert answer.json()["planned_mode"] == "off"


def test_without_a_domicile_in_force_home_is_nowhere_but_the_office_counts(cast, check_in, phone):
    Domicile.objects.filter(employee=cast.ani).update(in_force_until=wib("07:00"))
    assert outcome(check_in(cast.ani)) == (201, "refused", "no_approved_domicile")
    assert outcome(phone(cast.ani).post(URL, a_check_in(**at(OFFICE)))) == (201, "accepted", "ok")


def test_a_phone_cannot_decide_what_only_the_server_decides(cast, check_in):
    claims = {
        "employee": cast.bayu.pk,
        "verdict": "inside",
        "status": "accepted",
        "received_at": "2020-01-01T00:00:00Z",
    }
    answer = check_in(cast.ani, **at(MALL), **claims)
    assert outcome(answer) == (201, "refused", "outside_fence")
    assert CheckIn.objects.get().employee == cast.ani


def test_a_replay_returns_the_first_answer_to_the_byte(cast, check_in, monday, phone):
    body = a_check_in()
    first = check_in(cast.ani, "07:10", **body)
    monday("07:40")
    again = phone(cast.ani).post(URL, body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.content == again.content
    assert again["Idempotent-Replayed"] == "true" and "Idempotent-Replayed" not in first
    assert CheckIn.objects.count() == 1


def test_a_replay_after_a_review_still_returns_the_first_answer(cast, check_in, phone):
    from attendance import reviews

    body = a_check_in(is_mock=True)
    first = check_in(cast.ani, "07:10", **body)
    event = CheckIn.objects.get()
    reviews.decide(event, "accepted", by=cast.citra.user, note="Sudah ditelepon.", now=wib("07:20"))
    assert phone(cast.ani).post(URL, body).content == first.content
    now = phone(cast.ani).get(f"{URL}{event.client_id}/").json()
    assert (now["status"], now["effective_status"]) == ("review", "accepted")


@pytest.mark.parametrize(
    "change",
    [{"kind": "out"}, {"uniform_photo": False}, {"accuracy_m": 11}, {"age_ms": 801}, {"captured_at": "2023-08-21T07:11:00+07:00"}],
)  # fmt: skip
def test_the_same_id_with_other_fields_is_refused(cast, check_in, phone, change):
    body = a_check_in()
    check_in(cast.ani, "07:10", **body)
    answer = phone(cast.ani).post(
        URL,
        a_check_in(
            **{
                **body,
                **body["location"],
                **change,
                "location": {
                    **body["location"],
                    **{k: v for k, v in change.items() if k in body["location"]},
                },
            }
        ),
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")
    assert CheckIn.objects.count() == 1


def test_two_people_may_use_the_same_id(cast, check_in, phone):
    body = a_check_in()
    check_in(cast.ani, "07:10", **body)
    assert phone(cast.bayu).post(URL, body).status_code == 201


def test_a_domicile_counts_from_its_stated_minute(cast, check_in, monday, phone):
    Domicile.objects.filter(employee=cast.ani).update(in_force_from=wib("07:30"))
    assert outcome(check_in(cast.ani, "07:29:59")) == (201, "refused", "no_approved_domicile")
    monday("07:30")
    assert outcome(phone(cast.ani).post(URL, a_check_in())) == (201, "accepted", "ok")


def test_the_fix_is_sealed_for_its_row_and_nowhere_in_clear(cast, check_in):
    check_in(cast.ani, latitude=-6.402512, longitude=106.794221)
    event, location = CheckIn.objects.get(), CheckInLocation.objects.get()
    assert opened(location, event).latitude == -6.402512
    assert b"402512" not in bytes(location.sealed)
    with connection.cursor() as cursor:
        cursor.execute("SELECT c::text || l::text FROM attendance_checkin c, attendance_checkinlocation l")
        assert "402512" not in cursor.fetchone()[0]


def test_a_sealed_fix_cannot_be_moved_to_another_event(cast, check_in, phone):
    from cryptography.exceptions import InvalidTag

    check_in(cast.ani)
    phone(cast.ani).post(URL, a_check_in())
    first, second = CheckIn.objects.order_by("pk")
    with pytest.raises(InvalidTag):
        opened(first.location, second)


def test_an_uncertain_fix_may_be_tried_again_in_its_session(cast, check_in, phone):
    first = check_in(cast.ani, accuracy_m=90).json()
    assert first["retry"]["remaining"] == 2 and first["retry"]["until"] == "2023-08-21T07:11:30+07:00"
    assert "jendela" in first["retry"]["hint"]
    second = phone(cast.ani).post(URL, a_check_in(accuracy_m=90, session=first["id"])).json()
    assert second["retry"]["remaining"] == 1
    third = phone(cast.ani).post(URL, a_check_in(accuracy_m=90, session=first["id"])).json()
    assert third["retry"] is None
    assert list(CheckIn.objects.order_by("pk").values_list("session_fix", flat=True)) == [1, 2, 3]


def test_a_fix_after_the_session_closed_opens_one_of_its_own(cast, check_in, phone, monday):
    first = check_in(cast.ani, accuracy_m=90).json()
    monday("07:12")
    late = phone(cast.ani).post(URL, a_check_in(accuracy_m=90, session=first["id"])).json()
    assert late["retry"]["remaining"] == 2
    assert CheckIn.objects.get(client_id=late["id"]).session == uuid.UUID(late["id"])


def test_history_is_my_own_newest_first_in_pages(cast, check_in, phone):
    check_in(cast.bayu)
    for minute in range(3):
        check_in(cast.ani, f"07:1{minute}")
    page = phone(cast.ani).get(f"{URL}?page_size=2").json()
    assert [row["received_at"][11:16] for row in page["results"]] == ["07:12", "07:11"]
    rest = phone(cast.ani).get(page["next"]).json()
    assert [row["received_at"][11:16] for row in rest["results"]] == ["07:10"] and rest["next"] is None


def test_somebody_elses_check_in_is_not_found(cast, check_in, phone):
    event = check_in(cast.ani).json()["id"]
    assert phone(cast.bayu).get(f"{URL}{event}/").status_code == 404
    assert phone(cast.ani).get(f"{URL}{event}/").status_code == 200


def test_a_check_in_takes_at_most_eight_queries(cast, phone, monday, check_in):
    check_in(cast.ani)  # channels, caches
    client, body = phone(cast.ani), a_check_in()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.post(URL, body).status_code == 201
    assert len(queries) <= 8, [q["sql"][:80] for q in queries]


def test_a_fence_that_cannot_be_read_accepts_nobody_and_accuses_nobody(cast, check_in, phone):
    cast.office.geojson = {"type": "Polygon", "coordinates": [[[106.8, -6.2], [106.9, -6.2]]]}
    cast.office.save()
    assert outcome(check_in(cast.bayu, **at(OFFICE))) == (201, "review", "uncertain_location")
    assert outcome(phone(cast.ani).post(URL, a_check_in())) == (201, "accepted", "ok")
    assert phone(cast.bayu).get("/api/v1/me/today/").json()["places"][0]["fence"] is None


def test_a_domicile_that_cannot_be_opened_accepts_nobody_and_accuses_nobody(cast, check_in):
    DomicileLocation.objects.filter(domicile=cast.domicile).update(sealed=b"x" * 40)
    answer = check_in(cast.ani)
    assert outcome(answer) == (201, "review", "uncertain_location")
    assert (answer.json()["distance_m"], answer.json()["place"]["kind"]) == (None, "domicile")


def test_a_technical_account_has_no_attendance(cast, check_in):
    answer = check_in(cast.joni)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_an_employee")


@pytest.mark.parametrize("zone, utc, day", [
    ("Asia/Jakarta", "2023-08-21T16:59:59", "2023-08-21"),
    ("Asia/Jakarta", "2023-08-21T17:00:00", "2023-08-22"),
    ("Asia/Makassar", "2023-08-21T15:59:59", "2023-08-21"),
    ("Asia/Makassar", "2023-08-21T16:00:00", "2023-08-22"),
    ("Asia/Jayapura", "2023-08-21T14:59:59", "2023-08-21"),
    ("Asia/Jayapura", "2023-08-21T15:00:00", "2023-08-22"),
])  # fmt: skip
def test_the_work_date_is_the_local_date_of_the_workplace(cast, phone, zone, utc, day):
    import time_machine

    cast.office.zone = zone
    cast.office.save()
    with time_machine.travel(f"{utc}+00:00", tick=False):
        assert phone(cast.ani).post(URL, a_check_in()).json()["work_date"] == day
