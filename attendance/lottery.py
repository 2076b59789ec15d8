"""The draw of a slot: seeded, auditable, stratified. PURE.

People overdue come first, limited only by their superior's calls; of everybody else each superior's team gives
floor(p n) people and one more with the chance of the remainder, so that all have the same chance p; a superior
never gets more calls than fit the window. Source: docs/draws.md.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

Stratum = Literal["overdue", "regular"]

_BITS = 53


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody in the pool. `superior` is None for a head without a superior in the system."""

    employee: int
    superior: int | None
    stratum: Stratum


def seed_of(secret: bytes, *parts: str) -> bytes:
    """The seed of a slot: HMAC-SHA-256 of the day's secret over its parts joined by "|"."""
    return hmac.digest(secret, "|".join(parts).encode(), "sha256")


def draw(seed: bytes, pool: Iterable[Candidate], percent: int, calls: int) -> list[int]:
    """The employees drawn, sorted by id.

    `percent` is the chance of a regular candidate in percent, `calls` the most one superior can make.
    """
    teams: dict[int | None, list[Candidate]] = {}
    for candidate in pool:
        teams.setdefault(candidate.superior, []).append(candidate)
    return sorted(employee for superior in teams for employee in _team(seed, teams[superior], percent, calls))


def _team(seed: bytes, team: Sequence[Candidate], percent: int, calls: int) -> list[int]:
    overdue = _ranked(seed, team, "overdue")[:calls]
    regular = _ranked(seed, team, "regular")
    wanted = _quota(seed, team[0].superior, len(regular), percent)
    return overdue + regular[: min(wanted, calls - len(overdue))]


def _ranked(seed: bytes, team: Sequence[Candidate], stratum: Stratum) -> list[int]:
    """The members of a stratum in the order that the seed gives them."""
    members = [candidate.employee for candidate in team if candidate.stratum == stratum]
    return sorted(members, key=lambda employee: hmac.digest(seed, f"employee|{employee}".encode(), "sha256"))


def _quota(seed: bytes, superior: int | None, members: int, percent: int) -> int:
    """floor(p n), plus one with the chance of the remainder, in integers."""
    whole, remainder = divmod(members * percent, 100)
    chance = int.from_bytes(hmac.digest(seed, f"team|{superior}".encode(), "sha256")[:8], "big") >> (
        64 - _BITS
    )
    return whole + (chance * 100 < remainder << _BITS)
