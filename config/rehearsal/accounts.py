"""The made-up people that `seed_demo --json` writes down, as plain values."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config.processes import Failure
from config.rehearsal.personas import PERSONAS, Persona

WORKING = ("wfh", "wfo", "travel")


@dataclass(frozen=True)
class Account:
    """One account. `place` is where the plan says to be, a circle or GeoJSON; `office` is the own office."""

    username: str
    password: str
    role: str
    agency: str | None = None
    unit: str | None = None
    mode: str | None = None
    place: dict[str, Any] | None = None
    office: dict[str, Any] | None = None
    persona: str | None = None
    name: str = ""

    @property
    def behaviour(self) -> Persona | None:
        """How this person behaves; None for an account that carries no phone."""
        return PERSONAS[self.persona] if self.persona else None

    @property
    def has_phone(self) -> bool:
        """Whether a simulated phone lives this account's day."""
        return self.behaviour is not None and self.behaviour.comes != "never" and self.mode is not None

    @property
    def is_supervisor(self) -> bool:
        """Whether somebody sits at a desk (or on a sofa) and takes calls: nobody on leave does."""
        return self.role == "supervisor" and self.mode != "leave" and self.persona != "absent"


def read(path: Path) -> list[Account]:
    """The accounts of a file. Raises Failure for one that cannot be read or names an unknown persona."""
    try:
        rows = json.loads(path.read_text())["accounts"]
        known = Account.__dataclass_fields__
        accounts = [Account(**{key: row[key] for key in row if key in known}) for row in rows]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Failure(f"{path} is not a file of accounts: {error!r}") from None
    if strangers := {a.persona for a in accounts if a.persona} - set(PERSONAS):
        raise Failure(f"{path} names personas that nobody can play: {', '.join(sorted(strangers))}")
    return accounts


def largest_agency(accounts: list[Account]) -> str | None:
    """The agency most accounts belong to: its table ends the day."""
    counted = Counter(account.agency for account in accounts if account.agency)
    return counted.most_common(1)[0][0] if counted else None
