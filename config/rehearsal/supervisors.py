"""A superior's day: look for people to call around the slots, call them, write down what was seen."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date, time
from typing import Any

from config.rehearsal import places
from config.rehearsal.accounts import Account
from config.rehearsal.client import Session
from config.rehearsal.day import Day
from config.rehearsal.phones import WIB, minutes
from policy.calendar import instant

SLOTS = (time(10), time(14), time(16))
NEVER_CALLS = 0.1
# What a call finds: outcome, at home, in uniform, and the polite note that is filed.
FINDINGS: dict[str, dict[str, Any]] = {
    "verified": {
        "outcome": "verified",
        "stated_place": "Di rumah",
        "at_home": True,
        "in_uniform": True,
        "note": "Yang bersangkutan berada di domisili dan berpakaian dinas. Terima kasih.",
    },
    "undressed": {
        "outcome": "verified",
        "stated_place": "Di rumah",
        "at_home": True,
        "in_uniform": False,
        "note": "Yang bersangkutan berada di domisili, tetapi belum berpakaian dinas. Sudah kami ingatkan.",
    },
    "elsewhere": {
        "outcome": "elsewhere",
        "at_home": False,
        "in_uniform": True,
        "note": "Mohon izin melaporkan bahwa yang bersangkutan tidak berada di domisili saat panggilan video.",
    },
    "no_answer": {
        "outcome": "no_answer",
        "stated_place": "",
        "at_home": None,
        "in_uniform": None,
        "note": "Yang bersangkutan sudah kami hubungi dua kali, tetapi belum ada jawaban.",
    },
}


class People:
    """Who is behind a name on a superior's screen: the rehearsal knows what a video call would show."""

    def __init__(self, accounts: Iterable[Account]) -> None:
        accounts = [account for account in accounts if account.behaviour]
        self._by_login = {(account.agency, account.username): account for account in accounts}
        self._by_name = {(account.agency, account.name): account for account in accounts}

    def find(self, agency: str | None, nrk: str | None, name: str) -> Account | None:
        """The account of an employee of an agency."""
        return self._by_login.get((agency, nrk)) or self._by_name.get((agency, name))


class Supervisor:
    """A direct superior who takes the calls of his people, or in one case of ten never does."""

    def __init__(self, account: Account, session: Session, day: Day, people: People) -> None:
        self.account, self.session, self.day, self.people = account, session, day, people
        self.calls_people = day.dice(account.username, "calls").random() >= NEVER_CALLS
        self._seen: set[int] = set()

    def begin(self, date: date) -> None:
        """Looks at the screen every five minutes around each slot, from the notice to half an hour later."""
        if not self.calls_people:
            return
        for slot in SLOTS:
            start = instant(date, slot, WIB) + minutes(
                self.day.dice(self.account.username, slot).uniform(1, 5)
            )
            for look in range(6):
                self.day.at(start + minutes(5 * look), self.look)

    def look(self) -> None:
        """Takes on every open prompt that nobody has called about yet."""
        for prompt in self.session.get("/supervision/prompts/?page_size=20")["results"]:
            waits = prompt["state"] in ("open", "answered") and not prompt["calls"]
            if waits and prompt["id"] not in self._seen:
                self._seen.add(prompt["id"])
                pause = self.day.dice(self.account.username, "pause", prompt["nrk"], prompt["slot"])
                self.day.at(self.day.now() + minutes(pause.uniform(2, 12)), self.call, prompt)

    def call(self, prompt: dict[str, Any]) -> None:
        """Calls by video and records what was seen."""
        worker = self.people.find(self.account.agency, prompt["nrk"], prompt["employee"])
        record = {"id": str(uuid.uuid4())} | self.finding(worker)
        self.session.post(f"/supervision/prompts/{prompt['id']}/call/", record)

    def finding(self, worker: Account | None) -> dict[str, Any]:
        """What the call shows of a worker."""
        finding = FINDINGS[worker.behaviour.call if worker else "verified"]
        return {"stated_place": self._elsewhere(worker)} | finding

    def _elsewhere(self, worker: Account | None) -> str:
        if worker is None or worker.place is None:
            return ""
        if worker.behaviour.is_at == "far":
            return "Rumah kerabat, di luar domisili"
        mall, _spot = places.mall_near(places.middle(worker.place), self.day.dice(worker.username, "call"))
        return f"Pusat perbelanjaan ({mall})"
