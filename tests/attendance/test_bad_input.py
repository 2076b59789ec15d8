"""Bad input: a clear problem that names the field, nothing stored, never a 500."""

from __future__ import annotations

import json
import tracemalloc

import pytest

from attendance.models import CheckIn, PromptAnswer
from tests.make import a_check_in

pytestmark = pytest.mark.django_db

URL = "/api/v1/check-ins/"
MISSING = object()

FIELDS = [
    ("id", MISSING), ("id", "not-a-uuid"), ("id", None), ("id", 7), ("id", []),
    ("kind", MISSING), ("kind", "IN"), ("kind", None), ("kind", {"a": 1}), ("kind", "\ud800"),
    ("captured_at", MISSING), ("captured_at", "2023-08-21T07:10:00"), ("captured_at", "1999-12-31T23:59:59Z"),
    ("captured_at", "yesterday"), ("captured_at", 1692576600), ("captured_at", "9999-12-31T23:59:59-12:00"),
    ("captured_at", "0001-01-01T00:00:00+14:00"), ("captured_at", "2023-02-30T07:00:00Z"), ("captured_at", None),
    ("uniform_photo", MISSING), ("uniform_photo", "true"), ("uniform_photo", 1), ("uniform_photo", None),
    ("session", "x"), ("session", 5),
    ("location", MISSING), ("location", None), ("location", []), ("location", "POINT(0 0)"),
    ("location.latitude", MISSING), ("location.latitude", 91), ("location.latitude", -90.0001),
    ("location.latitude", "abc"), ("location.latitude", "-6.2"), ("location.latitude", None),
    ("location.latitude", True), ("location.latitude", []), ("location.latitude", 10**400),
    ("location.longitude", 181), ("location.longitude", -180.5), ("location.longitude", MISSING),
    ("location.accuracy_m", -1), ("location.accuracy_m", "10"), ("location.accuracy_m", MISSING),
    ("location.is_mock", MISSING), ("location.is_mock", "no"), ("location.is_mock", 0),
    ("location.age_ms", -1), ("location.age_ms", 1.5), ("location.age_ms", "800"), ("location.age_ms", 10**13),
]  # fmt: skip


def with_field(name: str, value) -> dict:
    body = a_check_in()
    target = body["location"] if name.startswith("location.") else body
    key = name.removeprefix("location.")
    if value is MISSING:
        del target[key]
    else:
        target[key] = value
    return body


@pytest.fixture
def post(cast, phone, monday):
    """Posts a raw body as Ani at 07:10."""
    monday("07:10")
    client = phone(cast.ani)

    def send(body, content_type: str = "application/json", url: str = URL):
        return client.generic("POST", url, body, content_type=content_type)

    return send


def problem(response) -> dict:
    assert response["Content-Type"].startswith("application/problem+json")
    body = response.json()
    assert {"type", "title", "status", "code", "detail"} <= set(body) and body[
        "status"
    ] == response.status_code
    return body


@pytest.mark.parametrize(("name", "value"), FIELDS)
def test_a_bad_field_is_named(post, name, value):
    response = post(json.dumps(with_field(name, value)))
    assert response.status_code == 400
    named = {error["field"] for error in problem(response)["errors"]}
    assert any(field == name or name.startswith(f"{field}.") for field in named), named
    assert not CheckIn.objects.exists()


@pytest.mark.parametrize(
    "number", ["NaN", "Infinity", "-Infinity", "1e400", "-1e999", "1" * 5000, "0x10", "-"]
)
@pytest.mark.parametrize("field", ["latitude", "longitude", "accuracy_m"])
def test_numbers_that_are_none_are_refused(post, field, number):
    text = json.dumps(with_field(f"location.{field}", "@")).replace('"@"', number)
    response = post(text)
    assert response.status_code == 400
    problem(response)
    assert not CheckIn.objects.exists()


def test_exactly_null_island_is_refused(post):
    body = a_check_in(latitude=0, longitude=0.0)
    response = post(json.dumps(body))
    assert response.status_code == 400
    assert problem(response)["errors"][0]["code"] == "null_island"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        "7",
        '"text"',
        "[" * 30_000,
        '{"a":' * 10_000,
        "\xff\xfe",
        "{'id': 1}",
        '{"id": 1,}',
    ],
)
def test_what_is_no_json_object_is_refused(post, text):
    response = post(text.encode("latin-1"))
    assert response.status_code == 400
    problem(response)
    assert not CheckIn.objects.exists()


@pytest.mark.parametrize("text", ['"\\ud800"', '"a\\u0000b"', '{"deep": ["\\udfff"]}', '{"\\ud800": 1}'])
def test_what_is_no_text_is_refused_wherever_it_stands(post, text):
    response = post(json.dumps(a_check_in() | {"note": "@"}).replace('"@"', text))
    assert response.status_code == 400
    problem(response)


def test_a_body_over_64_kilobytes_is_refused_before_it_is_read(post):
    response = post(json.dumps(a_check_in() | {"pad": "x" * 64_001}))
    assert (response.status_code, problem(response)["code"]) == (413, "body_too_large")
    assert not CheckIn.objects.exists()


def test_names_repeated_in_every_path_cost_no_memory(post):
    body = json.dumps(a_check_in() | {"k" * 31_000: [0] * 10_000})
    tracemalloc.start()
    assert post(body).status_code == 201
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 30_000_000


def test_a_body_just_below_64_kilobytes_is_read(post):
    body = a_check_in() | {"pad": ""}
    body["pad"] = "x" * (64_000 - len(json.dumps(body)))
    assert post(json.dumps(body)).status_code == 201


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/xml", "multipart/form-data; boundary=x", ""]
)
def test_another_content_type_is_refused(post, content_type):
    response = post("x=1", content_type=content_type)
    assert response.status_code in (400, 415)
    problem(response)


def test_the_answer_to_a_prompt_is_checked_alike(post, monday):
    response = post(json.dumps(with_field("location.latitude", 91)), url="/api/v1/prompts/1/answer/")
    assert response.status_code == 400
    assert problem(response)["errors"][0]["field"] == "location.latitude"
    assert not PromptAnswer.objects.exists()


@pytest.mark.parametrize(
    "path", ["nothing/", "check-ins", "check-ins/7/", "prompts/99999999999999999999/answer/"]
)
def test_an_unknown_path_is_a_problem_too(cast, phone, path):
    response = phone(cast.ani).post(f"/api/v1/{path}", {})
    assert response.status_code in (400, 404)
    problem(response)


@pytest.mark.parametrize("cursor", ["x", "%00", "bz0x", "cD14eHg=", "cD0yMDIzLTAyLTMw", "%F0%9F%92%A9"])
def test_a_bad_cursor_is_no_server_error(cast, phone, cursor):
    assert phone(cast.ani).get(f"{URL}?cursor={cursor}").status_code in (200, 404)


@pytest.mark.parametrize("host", ["evil.example", "a b", "x" * 300])
def test_an_unknown_host_is_a_problem_too(phone, cast, host):
    response = phone(cast.ani).get("/api/v1/time/", headers={"host": host})
    assert (response.status_code, problem(response)["code"]) == (400, "bad_request")


@pytest.mark.parametrize("path", ["docs/", "schema/", "check-ins/", "me/"])
def test_options_are_not_offered(phone, cast, path):
    assert phone(cast.ani).options(f"/api/v1/{path}").status_code == 405


def test_a_method_that_does_not_exist_is_named(cast, phone):
    response = phone(cast.ani).delete(URL)
    assert (response.status_code, problem(response)["code"]) == (405, "method_not_allowed")


def test_a_database_that_is_away_answers_503_with_retry_after(cast, phone, monkeypatch):
    from django.db import OperationalError

    from attendance.api import checkins

    def away(*args, **kwargs):
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(checkins, "check_in", away)
    response = phone(cast.ani).post(URL, a_check_in())
    assert (response.status_code, problem(response)["code"]) == (503, "unavailable")
    assert response["Retry-After"] == "5"
