"""The fixes that a simulated phone measures: a point with an error of its 68 % radius."""

from __future__ import annotations

import math
import random

from config.rehearsal.places import Spot, moved

SIGMAS_A_RADIUS = math.sqrt(-2 * math.log(0.32))  # 1.5096: 68 % of the errors lie within the radius
COARSE_M, TINY_M = 5_000.0, 3.0
ORDINARY_MEDIAN_M, ORDINARY_SPREAD = 12.0, 0.6  # in town mean errors of 7-13 m (trust 1.1)


def accuracy_of(kind: str, dice: random.Random) -> float:
    """The 68 % radius that the phone reports for its next fix, in metres."""
    if kind == "poor":
        return round(dice.uniform(60, 150), 1)
    if kind == "ordinary":
        drawn = dice.lognormvariate(math.log(ORDINARY_MEDIAN_M), ORDINARY_SPREAD)
        return round(min(max(drawn, 3.0), 60.0), 1)
    return {"coarse": COARSE_M, "tiny": TINY_M}[kind]


def measured(spot: Spot, radius_m: float, dice: random.Random) -> Spot:
    """Where a phone with this 68 % radius believes it is when it is at `spot`."""
    sigma = radius_m / SIGMAS_A_RADIUS
    return moved(spot, dice.gauss(0, sigma), dice.gauss(0, sigma))
