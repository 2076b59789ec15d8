"""Reads the clock once a request; every answer says the server's present."""

from __future__ import annotations

from policy import clock


def hadir_time(get_response):
    """Sets `request.now` (UTC, the time of receipt) and the header Hadir-Time."""

    def middleware(request):
        request.now = clock.now()
        response = get_response(request)
        response["Hadir-Time"] = request.now.isoformat().replace("+00:00", "Z")
        return response

    return middleware
