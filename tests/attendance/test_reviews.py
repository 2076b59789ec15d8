"""A person's decision on a check-in."""

from __future__ import annotations

import pytest

from attendance import reviews
from attendance.models import CheckIn, Review
from attendance.recaps import counts
from policy.errors import DomainError
from tests.make import MALL, a_check_in, at, wib

pytestmark = pytest.mark.django_db


def decide(event, decision, by, note="Sudah dihubungi."):
    return reviews.decide(event, decision, by=by.user, note=note, now=wib("09:00"))


def effective(event) -> str:
    return CheckIn.objects.with_effective_status().get(pk=event.pk).effective


def test_the_latest_decision_stands_and_the_event_stays_as_it_was(cast, check_in):
    check_in(cast.ani, is_mock=True)
    event = CheckIn.objects.get()
    assert effective(event) == "review"
    decide(event, "accepted", cast.citra)
    assert effective(event) == "accepted"
    decide(event, "refused", cast.eko, "Ternyata lokasi tiruan.")
    assert effective(event) == "refused"
    assert (CheckIn.objects.get().status, Review.objects.count()) == ("review", 2)


@pytest.mark.parametrize(("decision", "counted"), [("accepted", True), ("refused", False)])
def test_the_fixes_of_a_session_are_one_row_and_one_decision(cast, check_in, phone, decision, counted):
    first = check_in(cast.ani, accuracy_m=90).json()
    for _ in range(2):
        phone(cast.ani).post("/api/v1/check-ins/", a_check_in(accuracy_m=90, session=first["id"]))
    (waiting,) = CheckIn.objects.waiting_for_review(wib("07:20"))
    assert waiting.session_fix == 3
    decide(waiting, decision, cast.citra)
    assert not CheckIn.objects.waiting_for_review(wib("07:20")).exists()
    assert {counts(event) for event in CheckIn.objects.with_effective_status()} == {counted}


def test_a_refused_check_in_may_be_accepted_by_a_person(cast, check_in):
    check_in(cast.ani, **at(MALL))
    decide(CheckIn.objects.get(), "accepted", cast.citra)
    assert counts(CheckIn.objects.with_effective_status().get())


@pytest.mark.parametrize(
    ("said", "decision", "by", "note", "code"),
    [
        ({"is_mock": True}, "accepted", "ani", "x", "own_check_in"),
        ({}, "refused", "citra", "x", "not_decidable"),
        ({"is_mock": True}, "accepted", "citra", "  ", "note_missing"),
    ],
)
def test_what_cannot_be_decided(cast, check_in, said, decision, by, note, code):
    check_in(cast.ani, **said)
    with pytest.raises(DomainError) as refused:
        decide(CheckIn.objects.get(), decision, getattr(cast, by), note)
    assert refused.value.code == code and not Review.objects.exists()


@pytest.mark.parametrize(
    ("said", "does"),
    [({}, True), ({"accuracy_m": 90}, True), ({"is_mock": True}, False), (at(MALL), False)],
)
def test_what_counts_before_anybody_decided(cast, check_in, said, does):
    check_in(cast.ani, **said)
    assert counts(CheckIn.objects.with_effective_status().get()) is does
