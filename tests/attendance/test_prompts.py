"""Prompts from the notice to the call, through HTTP where people act."""

from __future__ import annotations

import uuid

import pytest

from attendance import commitments, draws, prompts
from attendance.models import Call, Message, Prompt, PromptAnswer
from policy.errors import DomainError
from policy.models import Delegation, Employee
from tests.make import MALL, MONDAY, OFFICE, a_report, at, wib

pytestmark = pytest.mark.django_db


@pytest.fixture
def prompt(cast, check_in, monday) -> Prompt:
    """Ani was drawn at 10:00 and told so."""
    cast.scheme.draw_percent = 100
    cast.scheme.save()
    check_in(cast.ani)
    commitments.commit(wib("05:00"))
    draws.draw_due(wib("10:00"))
    prompts.notify_pending(wib("10:00"))
    monday("10:03")
    return Prompt.objects.get()


def answer(phone, person, prompt, **changes):
    return phone(person).post(f"/api/v1/prompts/{prompt.pk}/answer/", a_report(**changes))


def call(phone, person, prompt, **changes):
    body = {
        "id": str(uuid.uuid4()),
        "outcome": "verified",
        "stated_place": "rumah",
        "at_home": True,
        "in_uniform": True,
        "note": "",
    }
    return phone(person).post(f"/api/v1/supervision/prompts/{prompt.pk}/call/", body | changes)


def state(prompt) -> str:
    prompt.refresh_from_db()
    return prompt.state


def test_worker_and_superior_are_told_once(cast, prompt):
    assert prompts.notify_pending(wib("10:05")) == 0
    assert list(Message.objects.order_by("pk").values_list("recipient", flat=True)) == [
        cast.ani.pk,
        cast.citra.pk,
    ]


def test_a_notifier_with_a_stale_list_sends_nothing(cast, prompt, monkeypatch):
    """Whoever read the row before another claimed it must not send, whatever the channel."""
    sent = []
    monkeypatch.setattr(prompts.push, "send", lambda notice, now: sent.append(notice))
    assert prompts._notify(prompt, wib("10:01")) is False and sent == []
    Prompt.objects.update(notified_at=None)
    assert prompts._notify(prompt, wib("10:01")) is True and len(sent) == 2


def test_not_even_past_the_api_does_anybody_verify_himself(cast, prompt):
    record = prompts.CallRecord(uuid.uuid4(), "verified", "rumah", True, True, "")
    with pytest.raises(DomainError, match="verifies himself"):
        prompts.record_call(prompt, record, by=cast.ani.user, now=wib("10:05"))


def test_a_notice_that_fails_keeps_no_other_from_being_sent(cast, prompt, check_in, monkeypatch, caplog):
    Prompt.objects.update(notified_at=None)
    other = Prompt.objects.create(
        draw=prompt.draw,
        employee=cast.bayu,
        agency=cast.dki,
        unit=cast.section,
        superior=cast.citra,
        opened_at=wib("10:01"),
        expires_at=wib("10:21"),
    )
    honest = prompts._notices

    def broken(one):
        if one.pk == prompt.pk:
            raise RuntimeError("broken")
        return honest(one)

    monkeypatch.setattr(prompts, "_notices", broken)
    assert prompts.notify_pending(wib("10:02")) == 1 and "notice failed" in caplog.text
    waiting = Prompt.objects.filter(notified_at=None)
    assert list(waiting) == [prompt] and other not in waiting


def test_the_inbox_shows_what_one_was_told(cast, prompt, phone):
    (message,) = phone(cast.citra).get("/api/v1/me/inbox/").json()["results"]
    assert message["subject"] == "Panggilan video" and "Ani" in message["body"]


def test_the_worker_sees_the_prompt_with_its_video_room(cast, prompt, phone):
    (shown,) = phone(cast.ani).get("/api/v1/prompts/").json()["results"]
    assert (shown["slot"], shown["state"]) == ("10:00", "open")
    assert shown["video_call_url"] == f"https://vicon.example.go.id/{prompt.room}"
    assert phone(cast.bayu).get("/api/v1/prompts/").json()["results"] == []


def test_an_answer_from_home_is_accepted(cast, prompt, phone):
    response = answer(phone, cast.ani, prompt)
    body = response.json()
    assert (response.status_code, body["status"], body["verdict"], body["in_time"]) == (
        201,
        "accepted",
        "inside",
        True,
    )
    assert state(prompt) == "answered"


def test_an_answer_from_elsewhere_is_evidence(cast, prompt, phone):
    body = answer(phone, cast.ani, prompt, **at(MALL)).json()
    assert (body["status"], body["reason"], body["verdict"]) == ("refused", "outside_fence", "outside")
    assert body["distance_m"] > 3000


def test_a_late_answer_is_kept_and_changes_nothing(cast, prompt, phone, monday):
    phone(cast.ani).get("/api/v1/prompts/")
    prompts.expire_overdue(wib("10:20:01"))
    monday("10:21")
    body = answer(phone, cast.ani, prompt).json()
    assert (body["status"], body["in_time"]) == ("accepted", False)
    assert (state(prompt), PromptAnswer.objects.count()) == ("missed", 1)


def test_a_late_answer_before_the_sweep_does_not_count_either(cast, prompt, phone, monday):
    monday("10:20:01")
    answer(phone, cast.ani, prompt)
    assert state(prompt) == "open"


def test_a_prompt_that_no_phone_ever_fetched_is_undelivered_and_not_missed(prompt):
    prompts.expire_overdue(wib("10:20:01"))
    assert state(prompt) == "undelivered"


def test_a_prompt_expires_only_after_its_time(cast, prompt, phone):
    phone(cast.ani).get("/api/v1/prompts/")
    prompts.expire_overdue(wib("10:20"))
    assert state(prompt) == "open"
    prompts.expire_overdue(wib("10:20:01"))
    assert state(prompt) == "missed"


def test_an_answer_in_time_stays_in_time_whatever_the_sweep_did_meanwhile(cast, prompt, phone, monday):
    monday("10:19:59")
    Prompt.objects.update(state="missed")
    assert answer(phone, cast.ani, prompt).json()["in_time"] is True
    assert state(prompt) == "answered"


def test_a_first_fetch_after_the_time_is_no_delivery(cast, prompt, phone, monday):
    monday("10:20:10")
    phone(cast.ani).get("/api/v1/prompts/")
    prompts.expire_overdue(wib("10:20:30"))
    assert state(prompt) == "undelivered"


@pytest.mark.parametrize("path", ["prompts/", "me/today/", "me/inbox/"])
def test_whatever_shows_a_prompt_delivers_it(cast, prompt, phone, path):
    phone(cast.ani).get(f"/api/v1/{path}")
    prompt.refresh_from_db()
    assert prompt.delivered_at == wib("10:03")


def test_a_prompt_seen_before_anybody_was_told_is_delivered(cast, prompt, phone):
    Prompt.objects.update(notified_at=None)
    phone(cast.ani).get("/api/v1/prompts/")
    prompts.expire_overdue(wib("10:20:01"))
    assert state(prompt) == "missed"


def test_the_deputy_is_told_too(cast, check_in):
    Delegation.objects.create(superior=cast.citra, deputy=cast.head, kind="plh", starts=MONDAY, ends=MONDAY)
    cast.scheme.draw_percent = 100
    cast.scheme.save()
    check_in(cast.ani)
    commitments.commit(wib("05:00"))
    draws.draw_due(wib("10:00"))
    prompts.notify_pending(wib("10:00"))
    told = set(Message.objects.values_list("recipient", flat=True))
    assert told == {cast.ani.pk, cast.citra.pk, cast.head.pk}


def test_nobody_is_told_of_a_prompt_that_is_over(cast, prompt):
    Prompt.objects.update(notified_at=None)
    assert prompts.notify_pending(wib("10:20:01")) == 0


def test_a_superior_who_left_records_nothing(cast, prompt, phone):
    Employee.objects.filter(pk=cast.citra.pk).update(is_active=False)
    assert call(phone, cast.citra, prompt).status_code == 404


def test_a_check_out_does_not_close_an_open_prompt(cast, prompt, phone, check_in):
    check_in(cast.ani, "16:00", kind="out")
    assert state(prompt) == "open"


def test_an_answer_repeated_is_one_row(cast, prompt, phone):
    body = a_report()
    url = f"/api/v1/prompts/{prompt.pk}/answer/"
    first, again = phone(cast.ani).post(url, body), phone(cast.ani).post(url, body)
    assert (first.status_code, again.status_code, first.content) == (201, 200, again.content)
    changed = phone(cast.ani).post(url, body | {"uniform_photo": False})
    assert (changed.status_code, changed.json()["code"]) == (422, "idempotency_key_reused")
    assert PromptAnswer.objects.count() == 1


def test_nobody_answers_for_somebody_else(cast, prompt, phone):
    assert answer(phone, cast.bayu, prompt).status_code == 404
    assert answer(phone, cast.citra, prompt).status_code == 404


def test_the_superior_sees_verdict_and_band_but_no_coordinates(cast, prompt, phone):
    answer(phone, cast.ani, prompt, **at(MALL))
    response = phone(cast.citra).get("/api/v1/supervision/prompts/")
    (shown,) = response.json()["results"]
    assert (shown["employee"], shown["answers"][0]["distance_band"]) == ("Ani", "over 2 km")
    assert "latitude" not in response.content.decode() and "-6.37" not in response.content.decode()


def test_the_superior_records_a_call(cast, prompt, phone):
    response = call(phone, cast.citra, prompt, note="Sedang menyusun laporan.")
    assert response.status_code == 201
    recorded = Call.objects.get()
    assert (recorded.outcome, recorded.at_home, recorded.recorded_by) == ("verified", True, cast.citra.user)
    assert recorded.recorded_at == wib("10:03")


def test_a_call_repeated_is_one_row(cast, prompt, phone):
    same = {"id": str(uuid.uuid4())}
    first, again = call(phone, cast.citra, prompt, **same), call(phone, cast.citra, prompt, **same)
    assert (first.status_code, again.status_code, first.content) == (201, 200, again.content)
    assert call(phone, cast.citra, prompt, **same, outcome="elsewhere").status_code == 422
    assert Call.objects.count() == 1


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("ani", 403),
        ("dewi", 403),
        ("eko", 403),
        ("fajar", 403),
        ("bayu", 404),
        ("head", 404),
        ("hasan", 404),
        ("indra", 404),
    ],
)
def test_only_the_superior_records_a_call(cast, prompt, phone, who, status):
    assert call(phone, getattr(cast, who), prompt).status_code == status
    assert not Call.objects.exists()


def test_who_stands_in_for_the_superior_records_it_too(cast, prompt, phone):
    Delegation.objects.create(superior=cast.citra, deputy=cast.head, kind="plh", starts=MONDAY, ends=MONDAY)
    assert call(phone, cast.head, prompt).status_code == 201


def test_a_deputy_does_not_verify_himself(cast, prompt, phone):
    Delegation.objects.create(superior=cast.citra, deputy=cast.ani, kind="plh", starts=MONDAY, ends=MONDAY)
    assert call(phone, cast.ani, prompt).status_code == 403
    assert phone(cast.ani).get("/api/v1/supervision/prompts/").json()["results"] == []


@pytest.mark.parametrize(
    "change", [{"outcome": "maybe"}, {"at_home": "yes"}, {"stated_place": "x" * 201}, {"id": "7"}]
)
def test_a_bad_call_record_is_refused(cast, prompt, phone, change):
    response = call(phone, cast.citra, prompt, **change)
    assert (response.status_code, response.json()["errors"][0]["field"]) == (400, next(iter(change)))


def test_an_answer_from_the_office_is_known_as_such(cast, prompt, phone):
    body = answer(phone, cast.ani, prompt, **at(OFFICE)).json()
    assert (body["status"], body["place"]["kind"]) == ("accepted", "site")


def test_today_shows_the_open_prompt_and_what_was_done(cast, prompt, phone):
    body = phone(cast.ani).get("/api/v1/me/today/").json()
    assert (body["mode"], body["why"], body["legal_basis"]) == ("wfh", "published_rota", "34/SE/2023")
    assert [place["kind"] for place in body["places"]] == ["domicile", "site"]
    assert body["windows"]["check_in"]["closes"] == "2023-08-21T08:00:00+07:00"
    assert (body["slots"], body["zone"]) == (["10:00", "14:00", "16:00"], "WIB")
    assert [row["reason"] for row in body["check_ins"]] == ["ok"]
    assert [row["id"] for row in body["prompts"]] == [prompt.pk]


def test_today_of_an_office_worker_shows_no_home(cast, phone, monday):
    monday("07:00")
    body = phone(cast.bayu).get("/api/v1/me/today/").json()
    assert (body["mode"], [place["kind"] for place in body["places"]]) == ("wfo", ["site"])
