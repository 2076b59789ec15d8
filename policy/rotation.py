"""Fair rota: which members of a team work from home on which days. PURE.

Whoever has had the fewest shares goes first, where a share is a day at home (daily pattern) or a whole week of
them (weekly pattern); of several such, whoever waits longest; after that a circular order that the seed shuffles.
The daily pattern goes by working days, the weekly one by calendar weeks (domain reference 7, edge 14).

An absence is neither punished nor made up for: on return one joins at the level of those with the fewest shares.
Between two members of a rank with the same days the shares differ by at most one, whatever the caps and whoever
else comes and goes: see `_Standing`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from itertools import groupby
from typing import Literal, NamedTuple, get_args

Pattern = Literal["daily", "weekly"]


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the team; `days` are those on which he may be planned at home, the smaller `rank` goes first."""

    id: int
    days: frozenset[date]
    rank: int = 0


@dataclass(frozen=True, slots=True)
class Room:
    """A working day: at most `most` people of the team may be at home, at least `least` ought to be."""

    day: date
    most: int
    least: int = 0


@dataclass(frozen=True, slots=True)
class Rotation:
    """Who is at home on each day of the rooms; `short` are the days below `least` and how many people are missing."""

    home: Mapping[date, frozenset[int]]
    short: tuple[tuple[date, int], ...]


def rotate(
    members: Sequence[Member], rooms: Sequence[Room], pattern: Pattern = "daily", seed: int = 0
) -> Rotation:
    """The rota of a team for the working days `rooms`; the order of both inputs does not matter.

    No place stays empty while somebody could have it. A call knows nothing of earlier ones: who starts a daily
    plan is up to the seed, so a team that plans month by month should change it.
    """
    _check(members, rooms, pattern)
    rooms = sorted(rooms, key=lambda room: room.day)
    home = (_daily if pattern == "daily" else _weekly)(members, rooms, seed)
    missing = ((room.day, room.least - len(home[room.day])) for room in rooms)
    return Rotation(home, tuple((day, number) for day, number in missing if number > 0))


def week_of(day: date) -> int:
    """The number of the calendar week, Monday to Sunday, counted without a break since 1 January of the year 1.

    ISO weeks begin anew with the year; after a week 53 (odd) comes week 1 (odd), and one group had two in a row.
    """
    return (day.toordinal() - 1) // 7


class _Standing(NamedTuple):
    """What decides who goes first: the smaller tuple does.

    `shares` are those received and those that passed by during absences, `latest` is the round of the last one
    received. Two members who are there on the same days are never apart by more than one in `shares`, as the one
    with fewer goes first. An absence can level them while one is still a day ahead in `received`; he is not the
    one who waits longer then, and `received` settles a draw, so that he is never ahead by two.
    """

    shares: int
    latest: int
    received: int
    place: int


class _Line:
    """The members of one rank, waiting for shares in the circular order of `ids`."""

    def __init__(self, ids: Sequence[int], start: int = 0) -> None:
        """`start` is how many shares the circle handed out before this plan."""
        places = ((place - start) % len(ids) for place in range(len(ids)))
        self.standing = {member: _Standing(0, 0, 0, place) for member, place in zip(ids, places, strict=True)}
        self.present: AbstractSet[int] = self.standing.keys()
        self.round = 0

    def serve(self, there: AbstractSet[int], number: int) -> list[int]:
        """Give `number` shares to those `there` who go first."""
        self.round += 1
        served = sorted(self.standing.keys() & there, key=self.standing.__getitem__)[:number]
        for member in served:
            shares, _, received, place = self.standing[member]
            self.standing[member] = _Standing(shares + 1, self.round, received + 1, place)
        return served

    def admit(self, there: AbstractSet[int]) -> None:
        """Whoever was away joins at the level of those with the fewest shares of the round before.

        A round with nobody leaves that level as it is.
        """
        present = self.standing.keys() & there
        if not present:
            return
        level = min(self.standing[member].shares for member in self.present)
        for member in present - self.present:
            standing = self.standing[member]
            self.standing[member] = standing._replace(shares=max(standing.shares, level))
        self.present = present


def _check(members: Sequence[Member], rooms: Sequence[Room], pattern: Pattern) -> None:
    """Refuse input that has no meaning."""
    if pattern not in get_args(Pattern):
        raise ValueError(f"no such pattern: {pattern}")
    if len({room.day for room in rooms}) < len(rooms):
        raise ValueError("a day is given twice")
    if len({member.id for member in members}) < len(members):
        raise ValueError("a member is given twice")
    if any(room.most < 0 or room.least < 0 for room in rooms):
        raise ValueError("a number of people is never negative")


def _daily(members: Sequence[Member], rooms: Sequence[Room], seed: int) -> dict[date, frozenset[int]]:
    """Day by day."""
    lines = [_Line(ids) for ids in _ranks(members, seed)]
    home: dict[date, frozenset[int]] = {}
    for room in rooms:
        there = _there(members, [room.day])
        home[room.day] = frozenset(_hand_out(lines, there, there, room.most))
    return home


def _weekly(members: Sequence[Member], rooms: Sequence[Room], seed: int) -> dict[date, frozenset[int]]:
    """Week by week; a week with a holiday is a turn like any other, one without a working day is none."""
    ranks = _ranks(members, seed)
    extras = [_Line(ids) for ids in ranks]
    turns: list[_Line] = []
    home: dict[date, frozenset[int]] = {}
    for number, days in groupby(rooms, key=lambda room: week_of(room.day)):
        week = list(days)
        most = min(room.most for room in week)
        turns = turns or _circles(ranks, number, most)
        there = _there(members, [room.day for room in week])
        holders = _hand_out(turns, there, there, most)
        home |= {room.day: _filled(members, room, holders, extras) for room in week}
    return home


def _circles(ranks: Sequence[Sequence[int]], week: int, most: int) -> list[_Line]:
    """Lines that stand where they would, had they run with the same team and cap since week 0.

    So the groups keep swapping from one plan to the next: A/B weeks belong to the calendar, not to the plan.
    A rank that is left without turns has no such place; any will do.
    """
    lines = []
    for ids in ranks:
        lines.append(_Line(ids, start=week * most))
        most -= len(ids)
    return lines


def _filled(
    members: Sequence[Member], room: Room, holders: AbstractSet[int], extras: Sequence[_Line]
) -> frozenset[int]:
    """The holders of the week who are there, and extra people in the places that they leave."""
    there = _there(members, [room.day])
    own = there & holders
    return frozenset(own | _hand_out(extras, there, there - own, room.most - len(own)))


def _hand_out(
    lines: Iterable[_Line], there: AbstractSet[int], waiting: AbstractSet[int], number: int
) -> set[int]:
    """`number` shares to those `waiting`, rank after rank; who is `there` decides who was away."""
    served: set[int] = set()
    for line in lines:
        line.admit(there)
        served.update(line.serve(waiting, number - len(served)))
    return served


def _there(members: Iterable[Member], days: Sequence[date]) -> set[int]:
    """The members who may be planned at home on one of `days`."""
    return {member.id for member in members if not member.days.isdisjoint(days)}


def _ranks(members: Iterable[Member], seed: int) -> list[list[int]]:
    """The ids of each rank, the first rank first, each in the order of the seed; who has no day is in no circle."""
    ranks: dict[int, list[int]] = {}
    for member in members:
        if member.days:
            ranks.setdefault(member.rank, []).append(member.id)
    return [sorted(ids, key=lambda one: _shuffled(seed, one)) for _, ids in sorted(ranks.items())]


def _shuffled(seed: int, member: int) -> bytes:
    """A place in the circle that does not move when a colleague joins or leaves."""
    return sha256(f"{seed}|{member}".encode()).digest()
