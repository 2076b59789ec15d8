"""What is worth seeing, read from the rows of the day as they appear. Reads only; the phones never ask here."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any

from django.db import DatabaseError, connection
from django.db.models import QuerySet

from attendance.models import Call, CheckIn, Draw, Prompt
from config.rehearsal.console import Console
from config.rehearsal.phones import WIB
from policy import clock
from policy.calendar import instant, local
from policy.models import Unit

LOOK_BACK = 200  # a row may become visible after one with a higher number
SAMPLE_AN_HOUR = 2
PROGRESS = timedelta(minutes=30)
OVER = (Prompt.State.MISSED, Prompt.State.UNDELIVERED)


class Story:
    """Follows one simulated day; each real second the new rows become lines."""

    def __init__(self, console: Console, opens: datetime, closes: datetime, expected: int) -> None:
        self.console, self.opens, self.closes, self.expected = console, opens, closes, expected
        self.date = local(opens, WIB).date()
        self._units = _unit_names()
        self._told = {CheckIn: _Unread(), Draw: _Unread(), Call: _Unread(), Prompt: _Unread()}
        self._samples: Counter[tuple[str, int]] = Counter()
        midnight = instant(self.date, time(), WIB)
        self._next_progress = midnight + ((opens - midnight) // PROGRESS + 1) * PROGRESS
        self._over = threading.Event()
        self._teller = threading.Thread(target=self._tell, daemon=True)

    def begin(self) -> None:
        """Starts telling."""
        self._teller.start()

    def end(self) -> None:
        """Tells what is left and stops."""
        self._over.set()
        self._teller.join(20)

    def _tell(self) -> None:
        while not self._over.wait(1):
            self._safely_read_on()
        self._safely_read_on()
        connection.close()

    def _safely_read_on(self) -> None:
        try:
            self.read_on()
        except DatabaseError as error:
            self.console.line(f"WARNING  the story lost the database: {error}")
            connection.close()

    def read_on(self) -> None:
        """Tells everything that happened since the last time, in its order."""
        news = [*self._draws(), *self._check_ins(), *self._unanswered(), *self._calls()]
        for moment, text in sorted(news):
            self.console.line(f"{local(moment, WIB):%H:%M}  {text}")
        self._progress(clock.now())

    # What happened

    def _draws(self) -> Iterator[tuple[datetime, str]]:
        rows = Draw.objects.filter(date=self.date).select_related("agency")
        for draw in self._told[Draw].of(rows):
            if draw.state == Draw.State.MISSED:
                yield draw.drawn_at, _row("draw", draw.agency.name, f"{draw.slot:%H:%M} MISSED")
                continue
            drawn = draw.prompts.count()
            late = ", late" if draw.is_late else ""
            what = f"{draw.slot:%H:%M}: {drawn} of {len(draw.pool)} at home are drawn{late}"
            yield draw.drawn_at, _row("draw", draw.agency.name, what)

    def _check_ins(self) -> Iterator[tuple[datetime, str]]:
        rows = CheckIn.objects.filter(work_date=self.date).select_related("employee")
        for event in self._told[CheckIn].of(rows):
            if event.status == "refused" or (event.status == "review" and self._in_sample(event)):
                yield event.received_at, _row(event.status, self._who(event), _why(event))

    def _in_sample(self, event: CheckIn) -> bool:
        """Every fake location, and a few an hour of what is ordinary."""
        if event.reason == "mock_location":
            return event.session_fix == 1
        return event.session_fix == 1 and self._is_rare(event.reason, event.received_at)

    def _unanswered(self) -> Iterator[tuple[datetime, str]]:
        rows = Prompt.objects.filter(draw__date=self.date, state__in=OVER).select_related("employee", "draw")
        for prompt in self._told[Prompt].of(rows, look_back=False):
            what = f"{prompt.draw.slot:%H:%M} prompt: " + (
                "no answer in time" if prompt.state == Prompt.State.MISSED else "never reached the phone"
            )
            yield prompt.expires_at, _row(prompt.state, self._who(prompt), what)

    def _calls(self) -> Iterator[tuple[datetime, str]]:
        rows = Call.objects.filter(prompt__draw__date=self.date)
        for call in self._told[Call].of(rows.select_related("prompt__employee", "recorded_by__employee")):
            plain = call.outcome == Call.Outcome.VERIFIED and call.in_uniform and call.at_home
            if not plain or self._is_rare("verified", call.recorded_at):
                yield call.recorded_at, _row("call", self._who(call.prompt), _heard(call))

    def _is_rare(self, topic: str, moment: datetime) -> bool:
        """Whether this is one of the first few of its kind in its hour."""
        key = (topic, local(moment, WIB).hour)
        self._samples[key] += 1
        return self._samples[key] <= SAMPLE_AN_HOUR

    def _who(self, row: CheckIn | Prompt) -> str:
        return f"{short_name(row.employee.name)} ({self._units.get(row.unit_id, '-')})"

    # How far the day is

    def _progress(self, now: datetime) -> None:
        done = (min(now, self.closes) - self.opens) / (self.closes - self.opens)
        if not self.console.is_terminal and now < self._next_progress:
            return
        standing = self._standing()
        self.console.bar(done, f"{local(now, WIB):%H:%M}  {standing}")
        if now >= self._next_progress:
            at = self._next_progress + (now - self._next_progress) // PROGRESS * PROGRESS
            self.console.line(f"{local(at, WIB):%H:%M}  ---- {done:4.0%} of the day ----  {standing}")
            self._next_progress = at + PROGRESS

    def _standing(self) -> str:
        events = CheckIn.objects.filter(work_date=self.date).exclude(counts="no").order_by()
        present = events.filter(kind="in").values("employee").distinct().count()
        gone = events.filter(kind="out").values("employee").distinct().count()
        waiting = Prompt.objects.filter(draw__date=self.date, state=Prompt.State.OPEN).count()
        return f"present {present} of {self.expected}, checked out {gone}, prompts open {waiting}"


class _Unread:
    """The rows of one table that have not been told yet."""

    def __init__(self) -> None:
        self._seen: set[int] = set()

    def of(self, rows: QuerySet, look_back: bool = True) -> list[Any]:
        """The new ones among `rows`, oldest first; `look_back` spares reading all of a growing table."""
        if look_back and self._seen:
            rows = rows.filter(pk__gt=max(self._seen) - LOOK_BACK)
        fresh = [row for row in rows.order_by("pk") if row.pk not in self._seen]
        self._seen.update(row.pk for row in fresh)
        return fresh


def short_name(name: str) -> str:
    """`Budi S.` for Budi Santoso: a console is no place for whole names."""
    first, *rest = name.split(",")[0].split() or [""]
    return f"{first} {rest[-1][0]}." if rest else first


def _unit_names() -> dict[int, str]:
    units = {unit.pk: unit for unit in Unit.objects.all()}
    return {pk: _unit_name(unit, units) for pk, unit in units.items()}


def _unit_name(unit: Unit, units: dict[int, Unit]) -> str:
    top = unit
    while top.parent_id is not None:
        top = units[top.parent_id]
    return unit.name if top is unit else f"{top.name}, {unit.name}"


def _row(kind: str, who: str, what: str) -> str:
    return f"{kind:<12}{who}  {what}"


def _why(event: CheckIn) -> str:
    """The reason, with the distance where it is one of location."""
    leaving = " on leaving" if event.kind == "out" else ""
    if event.reason in ("outside_fence", "uncertain_location") and event.distance_m is not None:
        return f"{event.reason}{leaving}, {metres(event.distance_m)} {event.place_name}"
    return event.reason + leaving


def metres(distance_m: float) -> str:
    """A signed distance to a fence in words."""
    if distance_m <= 0:
        return f"{-distance_m:.0f} m within"
    return f"{distance_m / 1000:.1f} km from" if distance_m >= 1000 else f"{distance_m:.0f} m from"


def _heard(call: Call) -> str:
    undressed = ", not in uniform" if call.in_uniform is False else ""
    place = f" ({call.stated_place})" if call.outcome == Call.Outcome.ELSEWHERE else ""
    return f"{call.outcome}{place}{undressed}, by {short_name(str(call.recorded_by))}"
