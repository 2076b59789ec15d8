"""Which of the allowed places a fix belongs to. PURE."""

from __future__ import annotations

from dataclasses import dataclass

from policy.geofence import Fix, Judgement, judge
from policy.rules import Expectation, Place

_ORDER = {"inside": 0, "uncertain": 1, "outside": 2}


@dataclass(frozen=True, slots=True)
class Located:
    """The place a fix was matched with, else the nearest that the day allows, and the judgement there."""

    place: Place
    judgement: Judgement


def locate(expectation: Expectation, fix: Fix) -> Located | None:
    """The best match among the places of the day; None where the day has no place or needs none.

    Inside beats uncertain beats outside; among equals the planned place wins when inside, else the nearest.
    """
    judged = [Located(place, judge(place.fence, fix, place.error_m)) for place in expectation.places]
    return min(judged, key=_rank, default=None)


def _rank(located: Located) -> tuple[int, float]:
    verdict = located.judgement.verdict
    return _ORDER[verdict], 0.0 if verdict == "inside" else located.judgement.distance_m
