"""Cap arithmetic in integers: "paling banyak" forbids rounding up. PURE.

`int(90 * (70 / 100))` is 62 and the right answer 63, so there are no floats here.
"""

from __future__ import annotations


def most(headcount: int, percent: int) -> int:
    """The largest number that is not above `percent` of `headcount`, rounded down."""
    return headcount * percent // 100
