"""Recalls to the office over HTTP: the order, the word to the worker, and who sees it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from attendance import recalls
from attendance.models import CheckIn, Message
from policy.models import Recall
from tests import make
from tests.make import MONDAY, OFFICE, at, wib

pytestmark = pytest.mark.django_db

PATH = "/api/v1/supervision/recalls/"
PEOPLE = "/api/v1/supervision/people/"


@pytest.fixture(autouse=True)
def nine(cast, monday):
    """Nine o'clock of the Monday."""
    monday("09:00")


@pytest.fixture
def order(phone):
    """`order(cast.citra, cast.ani)`: an order for ten o'clock."""

    def send(by, person, **changes):
        said = {"employee": person.pk, "at": "2023-08-21T10:00:00+07:00", "reason": "Rapat mendadak."}
        return phone(by).post(PATH, said | changes)

    return send


def test_an_order_is_a_row_and_a_message(cast, order, phone):
    answer = order(cast.citra, cast.ani)
    recall = Recall.objects.get()
    assert answer.status_code == 201
    assert answer.json() == {
        "id": recall.pk,
        "employee": {"id": cast.ani.pk, "name": "Ani", "nrk": cast.ani.nrk},
        "date": "2023-08-21",
        "at": "2023-08-21T10:00:00+07:00",
        "reason": "Rapat mendadak.",
        "ordered_by": "Citra",
        "ordered_at": "2023-08-21T09:00:00+07:00",
    }
    (message,) = phone(cast.ani).get("/api/v1/me/inbox/").json()["results"]
    assert message["subject"] == "Perintah hadir di kantor"
    assert "Senin, 21 Agustus 2023 mulai pukul 10.00 WIB oleh Citra" in message["body"]


def test_the_day_turns_at_the_minute_and_both_check_ins_count(cast, check_in, order, monday, phone):
    """Edge case 26: home in the morning, the office after the recall."""
    morning = check_in(cast.ani, "07:10").json()
    monday("09:00")
    order(cast.citra, cast.ani)
    monday("09:59")
    assert phone(cast.ani).get("/api/v1/me/today/").json()["mode"] == "wfh"
    monday("10:00")
    today = phone(cast.ani).get("/api/v1/me/today/").json()
    assert (today["mode"], today["why"], today["recalled"]) == ("wfo", "recalled", True)
    leaving = check_in(cast.ani, "16:05", kind="out", **at(OFFICE)).json()
    assert (morning["mode"], morning["status"]) == ("wfh", "accepted")
    assert (leaving["mode"], leaving["status"]) == ("wfo", "accepted")
    assert CheckIn.objects.count() == 2


@pytest.mark.parametrize(
    ("who", "whom", "status", "code"),
    [
        ("citra", "ani", 201, None),
        ("eko", "ani", 201, None),
        ("dewi", "ani", 403, "not_the_superior"),
        ("fajar", "ani", 403, "not_the_superior"),
        ("head", "ani", 404, "not_found"),
        ("indra", "ani", 404, "not_found"),
        ("bayu", "ani", 404, "not_found"),
        ("hasan", "ani", 404, "not_found"),
        ("ani", "ani", 409, "own_recall"),
        ("citra", "bayu", 409, "not_home_based"),
    ],
)
def test_who_may_recall_whom(cast, order, who, whom, status, code):
    answer = order(getattr(cast, who), getattr(cast, whom))
    assert (answer.status_code, answer.json().get("code")) == (status, code)
    assert Recall.objects.count() == Message.objects.count() == (status == 201)


def test_a_technical_account_recalls_nobody(cast, order):
    assert order(cast.joni, cast.ani).json()["code"] == "not_an_employee"


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"at": "2023-08-21T08:54:00+07:00"}, 409, "recall_in_the_past"),
        ({"at": "2023-08-26T10:00:00+07:00"}, 409, "not_home_based"),
        ({"at": "2023-08-21T10:00:00"}, 400, "invalid"),
        ({"at": "2101-01-01T10:00:00+07:00"}, 400, "invalid"),
        ({"reason": ""}, 400, "invalid"),
        ({"reason": "   "}, 400, "invalid"),
        ({"reason": "x" * 301}, 400, "invalid"),
        ({"employee": "3"}, 400, "invalid"),
        ({"employee": 0}, 400, "invalid"),
        ({"employee": 2**63}, 400, "invalid"),
        ({"employee": 2**63 - 1}, 404, "not_found"),
        ({"employee": None}, 400, "invalid"),
    ],
)
def test_an_order_that_cannot_be_stores_nothing(cast, order, changes, status, code):
    answer = order(cast.citra, cast.ani, **changes)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert Recall.objects.count() == Message.objects.count() == 0


def test_a_second_order_for_the_day_is_refused(cast, order):
    order(cast.citra, cast.ani)
    assert order(cast.eko, cast.ani).json()["code"] == "already_recalled"
    tomorrow = order(cast.citra, cast.ani, at="2023-08-22T10:00:00+07:00")
    assert tomorrow.status_code == 201 and Message.objects.count() == 2


def test_who_stands_in_recalls_on_his_days_alone(cast, order):
    cast.bayu.deputations.create(superior=cast.citra, kind="plh", starts=MONDAY, ends=MONDAY)
    assert order(cast.bayu, cast.ani, at="2023-08-22T10:00:00+07:00").status_code == 403
    assert order(cast.bayu, cast.ani).status_code == 201


def test_nobody_recalls_himself_even_as_a_stand_in(cast, order):
    cast.ani.deputations.create(superior=cast.citra, kind="plh", starts=MONDAY)
    assert order(cast.ani, cast.ani).json()["code"] == "own_recall"


def test_without_the_word_to_the_worker_there_is_no_recall(cast, monkeypatch):
    def fail(*args):
        raise RuntimeError

    monkeypatch.setattr(recalls.push, "send", fail)
    with pytest.raises(RuntimeError):
        recalls.order(cast.ani, at=wib("10:00"), reason="x", by=cast.citra.user, now=wib("09:00"))
    assert Recall.objects.count() == 0


def test_the_hour_in_the_message_is_the_one_of_the_workplace(cast):
    site = make.make_site(cast.dki, zone="Asia/Jayapura")
    far = make.make_employee(cast.section, site, "Yosef", cast.citra)
    make.make_rota(cast.bureau, {far: "wfh"})
    recalls.order(far, at=wib("10:00"), reason="x", by=cast.citra.user, now=wib("09:00"))
    assert "mulai pukul 12.00 WIT" in Message.objects.get().body


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("ani", 1),
        ("citra", 1),
        ("dewi", 1),
        ("eko", 1),
        ("fajar", 1),
        ("bayu", 0),
        ("indra", 0),
        ("hasan", 0),
    ],
)
def test_who_sees_an_order(cast, order, phone, who, seen):
    order(cast.citra, cast.ani)
    assert len(phone(getattr(cast, who)).get(PATH).json()["results"]) == seen


# The people


def test_a_superior_sees_his_people_and_what_is_expected_of_them(cast, order, monday, phone):
    order(cast.citra, cast.ani)
    monday("10:00")
    found = {person["name"]: person for person in phone(cast.citra).get(PEOPLE).json()}
    assert {name: (p["mode"], p["why"]) for name, p in found.items()} == {
        "Ani": ("wfo", "recalled"),
        "Bayu": ("wfo", "published_rota"),
        "Dewi": ("wfo", "no_published_rota"),
    }
    assert found["Ani"]["id"] == cast.ani.pk and found["Ani"]["date"] == "2023-08-21"


def test_who_supervises_nobody_sees_nobody(cast, phone):
    for person in (cast.ani, cast.eko, cast.fajar, cast.hasan):
        assert phone(person).get(PEOPLE).json() == []


def test_a_stand_in_does_not_see_himself_among_his_people(cast, phone):
    cast.ani.deputations.create(superior=cast.citra, kind="plh", starts=MONDAY)
    names = [person["name"] for person in phone(cast.ani).get(PEOPLE).json()]
    assert names == ["Bayu", "Dewi"]


@pytest.mark.parametrize("path", [PATH, PEOPLE])
def test_lists_take_as_many_queries_for_twenty_as_for_one(cast, phone, path):
    def more(first: int, last: int) -> None:
        for n in range(first, last):
            person = make.make_employee(cast.section, cast.office, f"Pegawai {n}", cast.citra)
            moment = wib("10:00", MONDAY + timedelta(days=n))
            Recall.objects.create(
                employee=person,
                date=MONDAY,
                at=moment,
                reason="x",
                ordered_by=person.user,
                ordered_at=wib("09:00"),
            )

    def queries() -> int:
        client = phone(cast.citra)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(path).status_code == 200
        return len(seen)

    more(0, 1)
    before = queries()
    more(1, 20)
    assert queries() == before
