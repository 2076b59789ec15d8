"""Receives a request whole, then reads the clock, once; every answer says the server's present."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, UnreadablePostError

from policy import clock
from policy.api import errors


def hadir_time(get_response):
    """Sets `request.now` (UTC, the time of receipt) and the header Hadir-Time.

    A request has arrived when its last byte has: whoever opens a connection in the window and sends the rest an
    hour later is an hour late. So the body of an API request is read, within the cap, before the clock.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        refused = _receive(request) if request.path.startswith("/api/") else None
        request.now = clock.now()
        response = refused or get_response(request)
        response["Hadir-Time"] = request.now.isoformat().replace("+00:00", "Z")
        return response

    return middleware


def _receive(request: HttpRequest) -> HttpResponse | None:
    """Reads the body, or answers what cannot be read; one over the cap is refused unread."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > settings.HADIR_MAX_BODY_BYTES:
        return errors.answer(413, "body_too_large", "Isi permintaan terlalu besar.")
    try:
        request.body  # noqa: B018 - reading is the point; Django keeps it
    except UnreadablePostError:
        return errors.answer(400, "parse_error", "Isi permintaan tidak lengkap.")
    return None
