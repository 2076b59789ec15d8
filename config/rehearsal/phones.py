"""A phone's day: look at the plan, check in, answer prompts, check out."""

from __future__ import annotations

import itertools
import random
import threading
import uuid
from datetime import datetime, timedelta
from typing import Any

from config.rehearsal import fixes, places
from config.rehearsal.accounts import WORKING, Account
from config.rehearsal.client import Answer, Session
from config.rehearsal.day import Day
from config.rehearsal.places import Spot
from policy.calendar import instant

APPLE = 0.3  # the share of phones that cannot tell a simulated location
WIB = "Asia/Jakarta"


def minutes(number: float) -> timedelta:
    """So many simulated minutes."""
    return timedelta(minutes=number)


class Phone:
    """One person with a phone."""

    def __init__(self, account: Account, session: Session, day: Day) -> None:
        self.account, self.session, self.day = account, session, day
        self.behaviour = account.behaviour
        dice = self.dice("self")
        self.is_apple = dice.random() < APPLE
        self.base = _base(account)
        self.spot = _whereabouts(account, self.base, dice)
        self._fixes, self._seen = itertools.count(1), set()

    def dice(self, *purpose: object) -> random.Random:
        """This person's chance for one purpose."""
        return self.day.dice(self.account.username, *purpose)

    def begin(self, opening: datetime) -> None:
        """Sets the alarm: the app is opened some time after five to six."""
        self.day.at(opening + minutes(self.dice("wake").uniform(1, 25)), self.wake)

    def wake(self) -> None:
        """Looks at the day's plan and lives by it."""
        today = self.session.get("/me/today/")
        if today["mode"] not in WORKING:
            return
        arrival, departure = self._hours(today["windows"])
        self.day.at(arrival, self.check_in, "in")
        self.day.at(departure, self.check_in, "out")
        for slot in today["slots"]:
            self._watch(today["date"], slot)

    def _hours(self, windows: dict[str, Any]) -> tuple[datetime, datetime]:
        """When this person comes and goes: most come in the last forty minutes, most go in the first."""
        opens, closes = _window(windows["check_in"])
        dice = self.dice("hours")
        if self.behaviour.comes == "late":
            arrival = closes + minutes(dice.uniform(5, 40))
        elif dice.random() < 0.75:
            arrival = closes - minutes(dice.triangular(10, 40, 25))
        else:
            arrival = opens + (closes - minutes(5) - opens - minutes(5)) * dice.random() + minutes(5)
        opens, closes = _window(windows["check_out"])
        stay = (closes - minutes(10) - opens - minutes(2)) * dice.betavariate(1.2, 2.5)
        return max(arrival, self.day.now() + minutes(1)), opens + minutes(2) + stay

    # Check-ins

    def check_in(self, kind: str, session: str | None = None) -> None:
        """Sends a check-in, as often as this phone does, and another fix when the server asks for one."""
        body = self.report(self.spot) | {"kind": kind} | ({"session": session} if session else {})
        if self.behaviour.copies > 1:
            Burst(self, body).send()
        else:
            self._insist(kind, session or body["id"], self.session.post("/check-ins/", body).data)

    def _insist(self, kind: str, session: str, answer: dict[str, Any]) -> None:
        """Another fix of the same session, a few seconds later, while the server offers it."""
        retry = answer["retry"]
        if retry is None or not self.behaviour.insists:
            return
        again = self.day.now() + timedelta(seconds=self.dice("again", kind).uniform(10, 20))
        if again < datetime.fromisoformat(retry["until"]):
            self.day.tally.add("further fixes of a session")
            self.day.at(again, self.check_in, kind, session)

    def report(self, spot: Spot) -> dict[str, Any]:
        """What the phone reports now from a spot, under a new id."""
        dice = self.dice("fix", next(self._fixes))
        return {
            "id": str(uuid.uuid4()),
            "captured_at": self.day.now().isoformat(),
            "location": self._location(spot, dice),
            "uniform_photo": self.behaviour.uniform,
        }

    def _location(self, spot: Spot, dice: random.Random) -> dict[str, Any]:
        behaviour = self.behaviour
        accuracy_m = fixes.accuracy_of(behaviour.accuracy, dice)
        if behaviour.claims == "one point":
            latitude, longitude = self.base
        else:
            shown = self.base if behaviour.claims == "plan" else spot
            # Who claims 5 km knows quite well where he is.
            error_m = 20.0 if behaviour.accuracy == "coarse" else accuracy_m
            latitude, longitude = fixes.measured(shown, error_m, dice)
        return {
            "latitude": round(latitude, 7),
            "longitude": round(longitude, 7),
            "accuracy_m": accuracy_m,
            "is_mock": True if behaviour.mock else (None if self.is_apple else False),
            "age_ms": dice.randrange(300, 4000),
        }

    # Prompts

    def _watch(self, date: str, slot: str) -> None:
        """Looks for a prompt shortly after a slot, then every four minutes or so."""
        start = _local(date, slot)
        dice = self.dice("poll", slot)
        self.day.at(start + minutes(dice.uniform(1, 4)), self.poll, start + minutes(22), dice)

    def poll(self, until: datetime, dice: random.Random) -> None:
        """Asks for prompts once; asks again later unless there was one or the time is over."""
        shown = self.session.get("/prompts/?page_size=5")["results"]
        fresh = [p for p in shown if p["state"] == "open" and p["id"] not in self._seen]
        for prompt in fresh:
            self._seen.add(prompt["id"])
            self._consider(prompt)
        again = self.day.now() + minutes(dice.uniform(3.5, 4.5))
        if not fresh and again <= until:
            self.day.at(again, self.poll, until, dice)

    def _consider(self, prompt: dict[str, Any]) -> None:
        if self.behaviour.answers != "never":
            pause = minutes(self.dice("answer", prompt["slot"]).uniform(1, 8))
            self.day.at(self.day.now() + pause, self.answer, prompt["id"])

    def answer(self, prompt: int) -> None:
        """Answers a prompt with a fresh fix, from wherever this person is by now."""
        spot = self.spot
        if self.behaviour.answers == "mall":
            _name, spot = places.mall_near(self.base, self.dice("mall"))
        self.session.post(f"/prompts/{prompt}/answer/", self.report(spot))


class Burst:
    """One request sent several times at once: a server that keeps its word makes one row of it."""

    def __init__(self, phone: Phone, body: dict[str, Any]) -> None:
        self.phone, self.body = phone, body
        self.answers: list[Answer] = []
        self._lock = threading.Lock()

    def send(self) -> None:
        """Has every copy sent by another thread."""
        for _ in range(self.phone.behaviour.copies):
            self.phone.day.do(self._one)

    def _one(self) -> None:
        answer = self.phone.session.post("/check-ins/", self.body)
        with self._lock:
            self.answers.append(answer)
            complete = len(self.answers) == self.phone.behaviour.copies
        if complete:
            self._compare()

    def _compare(self) -> None:
        """One new row at most, every other answer a replay of it to the byte."""
        day = self.phone.day
        day.tally.add("requests repeated at once", len(self.answers) - 1)
        day.tally.add("answered from the same row", sum(answer.replayed for answer in self.answers))
        new = sum(answer.status == 201 for answer in self.answers)
        if new > 1 or len({answer.body for answer in self.answers}) != 1:
            statuses = [answer.status for answer in self.answers]
            day.warn(
                f"check-in {self.body['id']} sent {len(statuses)} times at once: answers differ {statuses}"
            )


def _base(account: Account) -> Spot:
    """The middle of the place of the plan."""
    return places.middle(account.place) if account.place else places.BANDUNG


def _whereabouts(account: Account, base: Spot, dice: random.Random) -> Spot:
    """Where the person really is all day."""
    where = account.behaviour.is_at
    if where == "mall":
        return places.mall_near(base, dice)[1]
    if where == "away":
        return places.around(places.BANDUNG, places.AT_HOME_M, dice)
    if where == "far":
        return places.far_from(base, dice)
    if where == "office" and account.office:
        return places.at_office(account.office, dice)
    if account.mode == "wfo" and account.place:
        return places.at_office(account.place, dice)
    return places.around(base, places.AT_HOME_M, dice)


def _window(window: dict[str, str]) -> tuple[datetime, datetime]:
    return datetime.fromisoformat(window["opens"]), datetime.fromisoformat(window["closes"])


def _local(date: str, at: str) -> datetime:
    moment = datetime.fromisoformat(f"{date}T{at}")
    return instant(moment.date(), moment.time(), WIB)
