"""A request has arrived when its last byte has."""

from __future__ import annotations

import io
import json
from datetime import timedelta

import pytest
import time_machine

from attendance.models import CheckIn
from tests.make import a_check_in, wib

pytestmark = pytest.mark.django_db


class SlowBody(io.BytesIO):
    """A body whose bytes take minutes to arrive."""

    def __init__(self, body: bytes, traveller) -> None:
        super().__init__(body)
        self.traveller = traveller

    def read(self, *args) -> bytes:
        self.traveller.shift(timedelta(minutes=3))
        return super().read(*args)


def test_a_body_that_comes_minutes_later_is_minutes_late(cast, phone):
    body = json.dumps(a_check_in()).encode()
    with time_machine.travel(wib("07:59"), tick=False) as traveller:
        response = phone(cast.ani).generic(
            "POST",
            "/api/v1/check-ins/",
            body,
            content_type="application/json",
            **{"wsgi.input": SlowBody(body, traveller)},
        )
    assert response.json()["reason"] == "late"
    assert CheckIn.objects.get().received_at >= wib("08:02")


def test_a_body_that_breaks_off_is_a_problem(cast, phone):
    class Broken(io.BytesIO):
        def read(self, *args):
            raise OSError("connection reset")

    response = phone(cast.ani).generic(
        "POST", "/api/v1/check-ins/", b"{}", content_type="application/json", **{"wsgi.input": Broken()}
    )
    assert (response.status_code, response.json()["code"]) == (400, "parse_error")
    assert not CheckIn.objects.exists()
