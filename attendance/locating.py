"""Which of the allowed places a fix belongs to. PURE."""

from __future__ import annotations

from dataclasses import dataclass

from policy.geofence import Fix, Judgement, Verdict, judge, signed_distance_m, verdict_of
from policy.rules import Expectation, Place

_ORDER = {"inside": 0, "uncertain": 1, "outside": 2}


@dataclass(frozen=True, slots=True)
class Located:
    """The place a fix was matched with, else the nearest that the day allows, and the judgement there.

    `judgement` is None where the geometry of the place could not be read.
    """

    place: Place
    judgement: Judgement | None

    @property
    def verdict(self) -> Verdict:
        """Fails closed: without a geometry nobody is inside, and nobody is accused of being outside."""
        return self.judgement.verdict if self.judgement else "uncertain"


def locate(expectation: Expectation, fix: Fix) -> Located | None:
    """The best match among the places of the day; None where the day has no place or needs none.

    Inside beats uncertain beats outside; among those inside the planned place comes first, else the nearest.
    The confidence, which costs most, is worked out for the chosen place alone.
    """
    place = min(expectation.places, key=lambda place: _rank(place, fix), default=None)
    if place is None:
        return None
    return Located(place, judge(place.fence, fix, place.error_m) if place.fence else None)


def _rank(place: Place, fix: Fix) -> tuple[int, float]:
    if place.fence is None:
        return _ORDER["uncertain"], 0.0
    distance_m = signed_distance_m(place.fence, fix)
    verdict = verdict_of(distance_m, fix.accuracy_m, place.error_m)
    return _ORDER[verdict], 0.0 if verdict == "inside" else distance_m
