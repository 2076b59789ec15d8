"""A small JSON client on http.client: keep-alive, patient with a busy server, honest about surprises."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections import Counter
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

API = "/api/v1"
WANTED = (200, 201, 204)
TIMEOUT_SECONDS = 30
TRIES = 6
LONGEST_PAUSE_SECONDS = 5.0


@dataclass(frozen=True)
class Answer:
    """What the server said."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def data(self) -> Any:
        """The JSON of the body, or None."""
        return json.loads(self.body) if self.body else None

    @property
    def replayed(self) -> bool:
        """Whether the answer comes from the row of an earlier request."""
        return self.headers.get("Idempotent-Replayed") == "true"


class Surprise(Exception):
    """An answer that nobody should get; the text says which request and what came back."""


class Tally:
    """What all phones together saw."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.counts: Counter[str] = Counter()

    def add(self, what: str, number: int = 1) -> None:
        """Counts something; safe from any thread."""
        with self._lock:
            self.counts[what] += number

    def statuses(self) -> dict[str, int]:
        """The answers by their status."""
        return {name: number for name, number in sorted(self.counts.items()) if name.isdigit()}


class Api:
    """The server: one kept connection a thread, the request again when the connection or the server is away."""

    def __init__(self, base_url: str) -> None:
        self._base = urlsplit(base_url)
        self._mine = threading.local()
        self.tally = Tally()

    def send(self, method: str, path: str, body: bytes | None = None, token: str | None = None) -> Answer:
        """Sends a request until there is an answer other than 503. Every POST has an id, so repeating is safe."""
        headers = {"Content-Type": "application/json"} if body is not None else {}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        for attempt in range(TRIES):
            pause, was_kept = 0.1 * 2**attempt, self._has_link()
            try:
                answer = self._once(method, API + path, body, headers)
                if answer.status != 503 or attempt == TRIES - 1:
                    return answer
                pause = max(pause, float(answer.headers.get("Retry-After", 0)))
            except (OSError, http.client.HTTPException) as error:
                if was_kept and attempt == 0:
                    continue  # the server may close a kept connection whenever it likes
                self.tally.add("connections lost")
                if attempt == TRIES - 1:
                    raise Surprise(f"{method} {path}: no answer ({error!r})") from None
            time.sleep(min(pause, LONGEST_PAUSE_SECONDS))
        raise AssertionError("the last try answers or raises")

    def _once(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        link = self._link()
        try:
            link.request(method, path, body, headers)
            response = link.getresponse()
            answer = Answer(response.status, response.headers, response.read())
        except BaseException:
            link.close()
            self._mine.link = None
            raise
        self.tally.add(str(answer.status))
        return answer

    def _has_link(self) -> bool:
        return getattr(self._mine, "link", None) is not None

    def _link(self) -> http.client.HTTPConnection:
        if not self._has_link():
            self._mine.link = http.client.HTTPConnection(
                self._base.hostname or "127.0.0.1", self._base.port or 80, timeout=TIMEOUT_SECONDS
            )
        return self._mine.link


class Session:
    """Somebody's sign-in: an access token of ten real minutes, renewed when the server says 401."""

    def __init__(self, api: Api, username: str, password: str, agency: str | None) -> None:
        self.api = api
        self.username = username
        self.access: str | None = None
        self._credentials = {"username": username, "password": password, "agency": agency}
        self._refresh = ""
        self._lock = threading.Lock()

    def sign_in(self) -> None:
        """Gets the first pair of tokens."""
        self._take(_checked("POST", "/auth/token/", self._post("/auth/token/", self._credentials)))

    def get(self, path: str) -> Any:
        """The JSON of a page."""
        return self._send("GET", path, None).data

    def post(self, path: str, body: dict[str, Any]) -> Answer:
        """Posts a body that carries its own id."""
        return self._send("POST", path, json.dumps(body).encode())

    def _send(self, method: str, path: str, body: bytes | None) -> Answer:
        token = self.access
        answer = self.api.send(method, path, body, token)
        if answer.status == 401:
            self._renew(token)
            answer = self.api.send(method, path, body, self.access)
        return _checked(method, f"{path} by {self.username}", answer)

    def _renew(self, stale: str | None) -> None:
        """A new pair, unless another thread of this person has just got one."""
        with self._lock:
            if self.access == stale:
                answer = self._post("/auth/token/refresh/", {"refresh": self._refresh})
                self._take(_checked("POST", "/auth/token/refresh/", answer))
                self.api.tally.add("tokens renewed")

    def _post(self, path: str, body: dict[str, Any]) -> Answer:
        return self.api.send("POST", path, json.dumps(body).encode())

    def _take(self, answer: Answer) -> None:
        pair = answer.data
        self._refresh, self.access = pair["refresh"], pair["access"]


def _checked(method: str, path: str, answer: Answer) -> Answer:
    """The answer if it is one that phones expect; raises Surprise."""
    if answer.status in WANTED:
        return answer
    text = answer.body[:300].decode(errors="replace")
    raise Surprise(f"{method} {path} was answered {answer.status}: {text}")
