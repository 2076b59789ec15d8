"""Cap arithmetic in integers: "paling banyak" forbids rounding up. PURE.

`int(90 * (70 / 100))` is 62 and the right answer 63, so there are no floats here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Measure = Literal["wfh", "wfo"]
Bound = Literal["max", "min", "target"]


@dataclass(frozen=True, slots=True)
class Cap:
    """How many percent may (max), must (min) or should (target) work where (domain reference 2.4)."""

    measure: Measure
    bound: Bound
    percent: int


@dataclass(frozen=True, slots=True)
class Allowed:
    """How many of a unit must, may and should work from home. `least` > `most` where caps contradict each other."""

    least: int
    most: int
    target: int | None = None


NOBODY = Allowed(0, 0)


def most(headcount: int, percent: int) -> int:
    """The largest number that is not above `percent` of `headcount`, rounded down."""
    return headcount * percent // 100


def least(headcount: int, percent: int) -> int:
    """The smallest number that is not below `percent` of `headcount`, rounded up."""
    return -(-headcount * percent // 100)


def nearest(headcount: int, percent: int) -> int:
    """The number nearest to `percent` of `headcount`; of two equally near the smaller."""
    return -(-(2 * headcount * percent - 100) // 200) if headcount else 0


def allowed(headcount: int, caps: Iterable[Cap]) -> Allowed:
    """What the caps of a phase leave for working from home; without any cap nobody does.

    A cap on the office is one on home turned round: at least 25 % at the office leaves at most n - ceil(n * 25 %)
    at home, which is the floor of 75 % (edge case 10). A tie of a target goes to the office.
    """
    stated = list(caps)
    if not stated:
        return NOBODY
    home = [_at_home(headcount, cap) for cap in stated]
    targets = [one.target for one in home if one.target is not None]
    return Allowed(
        least=max(one.least for one in home),
        most=min(one.most for one in home),
        target=targets[-1] if targets else None,
    )


def _at_home(headcount: int, cap: Cap) -> Allowed:
    """The numbers at home that a single cap allows."""
    home = cap.measure == "wfh"
    if cap.bound == "target":
        share = cap.percent if home else 100 - cap.percent
        return Allowed(0, headcount, nearest(headcount, share))
    if cap.bound == "max":
        limit = most(headcount, cap.percent)
        return Allowed(0, limit) if home else Allowed(headcount - limit, headcount)
    limit = least(headcount, cap.percent)
    return Allowed(limit, headcount) if home else Allowed(0, headcount - limit)
