"""Judges a rota from plain values. It shares no code with policy/: both would have to be wrong in the same way.

python tests/policy/rota_checker.py < rota.json prints the findings, one a line, and exits with 1 if there are any.
In JSON days are written 2023-09-28; the keys are the parameters of `findings`.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from fractions import Fraction
from itertools import combinations

Plan = Mapping[date, Collection[int]]


def findings(
    team: Mapping[int, Collection[date]],
    caps: Mapping[date, tuple[int, int]],
    plan: Plan,
    duty: Mapping[date, tuple[int, int]] | None = None,
    ranks: Mapping[int, int] | None = None,
    weekly: bool = False,
) -> list[str]:
    """What is wrong with `plan` (who is at home on which day), in plain words; nothing if it is right.

    `team`: the days on which each member may be at home. `caps`: headcount and percent of each working day.
    `duty`: how many people are on duty on a day, and how many of them must be at the office. `ranks`: who is
    compared with whom. `weekly`: shares are weeks wholly at home, not days; right unless somebody is away for
    a part of a week.
    """
    return [
        *_holidays(caps, plan),
        *_over_the_cap(caps, plan),
        *_not_allowed(team, plan),
        *_office_empty(duty or {}, plan),
        *_unfair(team, _weeks(plan) if weekly else _days(plan), set(caps), ranks or {}),
    ]


def _holidays(caps: Mapping[date, tuple[int, int]], plan: Plan) -> Iterator[str]:
    for day in sorted(plan):
        if day not in caps:
            yield f"{day} is no working day, but {len(plan[day])} people are planned"


def _over_the_cap(caps: Mapping[date, tuple[int, int]], plan: Plan) -> Iterator[str]:
    for day, (headcount, percent) in sorted(caps.items()):
        allowed = Fraction(percent, 100) * headcount
        if len(plan.get(day, ())) > allowed:
            yield f"{day}: {len(plan[day])} at home are more than {percent} % of {headcount}"


def _not_allowed(team: Mapping[int, Collection[date]], plan: Plan) -> Iterator[str]:
    for day in sorted(plan):
        for person in sorted(plan[day]):
            if day not in team.get(person, ()):
                yield f"{day}: {person} may not be at home"


def _office_empty(duty: Mapping[date, tuple[int, int]], plan: Plan) -> Iterator[str]:
    for day, (people, needed) in sorted(duty.items()):
        left = people - len(plan.get(day, ()))
        if left < needed:
            yield f"{day}: {left} at the office, {needed} are needed"


def _days(plan: Plan) -> Counter[int]:
    """How many days each person is at home."""
    return Counter(person for people in plan.values() for person in people)


def _weeks(plan: Plan) -> Counter[int]:
    """How many weeks each person is at home on every working day."""
    weeks: dict[tuple[int, int], list[set[int]]] = {}
    for day, people in plan.items():
        weeks.setdefault(day.isocalendar()[:2], []).append(set(people))
    return Counter(person for days in weeks.values() for person in set.intersection(*days))


def _unfair(
    team: Mapping[int, Collection[date]], shares: Counter[int], days: set[date], ranks: Mapping[int, int]
) -> Iterator[str]:
    """Two of a rank who may be at home on the same days differ by one share at most."""
    for one, other in combinations(sorted(team), 2):
        alike = set(team[one]) & days == set(team[other]) & days and ranks.get(one) == ranks.get(other)
        mine, theirs = shares[one], shares[other]
        if alike and abs(mine - theirs) > 1:
            yield f"unfair: {one} has {mine}, {other} has {theirs}"


def _read(text: str) -> list[str]:
    """The findings of a rota in JSON."""
    given = json.loads(text)
    for name in ("caps", "plan", "duty"):
        given[name] = {date.fromisoformat(day): value for day, value in given.get(name, {}).items()}
    for name in ("team", "ranks"):
        given[name] = {int(person): value for person, value in given.get(name, {}).items()}
    given["team"] = {
        person: {date.fromisoformat(day) for day in days} for person, days in given["team"].items()
    }
    return findings(**given)


if __name__ == "__main__":
    found = _read(sys.stdin.read())
    print(*found, sep="\n")
    sys.exit(bool(found))
