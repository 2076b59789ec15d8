"""Where a fix lies to a fence: metres, one of three verdicts, and a confidence. PURE.

A fix is a point with a 68 % radius r. Model: true position X, fix Z = X + e, e ~ N(0, sigma^2 I2); then
P(|e| <= r) = 0.68 gives r = sqrt(-2 ln 0.32) sigma = 1.5096 sigma, and P(|e| >= t) = 0.32 ** ((t / r) ** 2).
Two one-sided tests on that tail decide, so a large accuracy can only ever reach "uncertain".

Degrees are WGS84, distances metres. What cannot be evaluated raises; nothing here then answers "inside".
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple

import shapely
from shapely.geometry.base import BaseGeometry

from policy.fences import Circle, Fence, Position, Shape, number

Verdict = Literal["inside", "uncertain", "outside"]

# A phone claims too much: in dense housing sigma is about 1.5 times the report (assumed until calibrated).
LAMBDA = 1.5
# Phone GPS in town errs by 7-13 m on average, whatever it claims (doi 10.1371/journal.pone.0219890).
FLOOR_M = 10.0
# Risk of "outside" for a calibrated phone at the fence's edge: small, because salaries follow.
ALPHA_OUTSIDE = 1e-3
# Risk of "inside" for a calibrated phone GUARD_M beyond the fence; 5 % is the usual one-sided level.
ALPHA_INSIDE = 0.05
# As far again as the radius of a home; beyond it somebody is plainly elsewhere (a design choice).
GUARD_M = 100.0
SIGMAS_PER_ACCURACY = math.sqrt(-2 * math.log(0.32))  # 1.5096, from P(|e| <= r) = 0.68

WGS84_A_M, WGS84_E2 = 6_378_137.0, 0.00669437999014  # NIMA TR8350.2: semi-major axis, eccentricity squared
FAR = 300.0  # from here the normal approximation errs by 3e-6 at most, and the series would become long
RINGS, ANGLES = 96, 24  # many rings: for somebody in the middle of a place only the rings count
TURN = math.pi * (3 - math.sqrt(5))  # golden angle: no ring lines up with another or with a straight edge


class FixError(ValueError):
    """`field`: latitude, longitude, accuracy_m; `code`: not_a_number, out_of_range, null_island, negative."""

    def __init__(self, field: str, code: str) -> None:
        super().__init__(field, code)
        self.field, self.code = field, code


@dataclass(frozen=True, slots=True)
class Fix:
    """A measured point in degrees and its 68 % radius in metres. Raises FixError."""

    latitude: float
    longitude: float
    accuracy_m: float

    def __post_init__(self) -> None:
        for field, limit in ("latitude", 90), ("longitude", 180), ("accuracy_m", math.inf):
            value = number(getattr(self, field))
            if value is None:
                raise FixError(field, "not_a_number")
            if abs(value) > limit:
                raise FixError(field, "out_of_range")
        if self.latitude == self.longitude == 0:
            raise FixError("latitude", "null_island")
        if self.accuracy_m < 0:
            raise FixError("accuracy_m", "negative")


class _Plane(NamedTuple):
    """A tangent plane: x metres east and y metres north of a point, right to 0.1 % within 10 km of it."""

    longitude: float
    latitude: float
    east: float  # metres per degree of longitude
    north: float  # metres per degree of latitude

    @classmethod
    def at(cls, longitude: float, latitude: float) -> _Plane:
        """By the radii of curvature of the meridian and of the prime vertical at that latitude."""
        phi = math.radians(latitude)
        w2 = 1 - WGS84_E2 * math.sin(phi) ** 2
        meridian = WGS84_A_M * (1 - WGS84_E2) / w2**1.5
        prime_vertical = WGS84_A_M / math.sqrt(w2)
        return cls(longitude, latitude, math.radians(prime_vertical * math.cos(phi)), math.radians(meridian))

    def metres(self, longitude: float, latitude: float) -> Position:
        """(x, y); the difference of longitudes goes the short way round."""
        x = math.remainder(longitude - self.longitude, 360) * self.east
        return x, (latitude - self.latitude) * self.north

    def drawn(self, shape: Shape) -> BaseGeometry:
        """The shape in the metres of this plane, a circle as a 256-gon (of 100 m: 8 mm off at most)."""
        if isinstance(shape, Circle):
            return shapely.Point(self.metres(*shape.middle)).buffer(shape.radius_m, quad_segs=64)
        rings = [[self.metres(*point) for point in ring] for ring in (shape.exterior, *shape.holes)]
        return shapely.Polygon(rings[0], rings[1:])


class _Drawing(NamedTuple):
    area: BaseGeometry
    edge: BaseGeometry

    def signed_distance(self, x: float, y: float) -> float:
        distance = float(self.edge.distance(shapely.Point(x, y)))
        return 0.0 - distance if shapely.intersects_xy(self.area, x, y) else distance


@lru_cache(maxsize=1024)
def _drawing(fence: Fence, plane: _Plane) -> _Drawing:
    area = shapely.union_all([plane.drawn(shape) for shape in fence.shapes])
    drawing = _Drawing(area, area.boundary)
    # GEOS builds indexes at the first question; two threads may not do that at once (libgeos issue 825).
    drawing.signed_distance(0.0, 0.0)
    shapely.contains_xy(area, 0.0, 0.0)
    return drawing


def _seen_from(fence: Fence, fix: Fix) -> tuple[_Drawing, float, float]:
    """The fence in the plane of the place nearest to the fix: places far apart do not stretch each other."""
    planes = [_Plane.at(*shape.middle) for shape in fence.shapes]
    plane = min(planes, key=lambda plane: math.hypot(*plane.metres(fix.longitude, fix.latitude)))
    return _drawing(fence, plane), *plane.metres(fix.longitude, fix.latitude)


def _from_centre_m(circle: Circle, fix: Fix) -> float:
    return math.hypot(*_Plane.at(*circle.middle).metres(fix.longitude, fix.latitude))


def signed_distance_m(fence: Fence, fix: Fix) -> float:
    """Metres from the fix to the fence's edge, negative inside, 0 on the edge; a hole is outside.

    d - R for a single circle. Right to 0.1 % within 10 km of the middle of a place.
    """
    match fence.shapes:
        case (Circle() as circle,):
            return _from_centre_m(circle, fix) - circle.radius_m
    drawing, x, y = _seen_from(fence, fix)
    return drawing.signed_distance(x, y)


def k(alpha: float) -> float:
    """How many 68 % radii an error exceeds with probability alpha: k(0.05) = 1.6215, k(1e-3) = 2.4622."""
    return math.sqrt(math.log(alpha) / math.log(0.32))


def verdict_of(distance_m: float, accuracy_m: float, registered_error_m: float = 0.0) -> Verdict:
    """The rule on plain numbers: a signed distance, the 68 % radius of the fix, that of the registered place.

    outside: no point of the fence explains the fix (p <= ALPHA_OUTSIDE).
    inside: the fix is in the fence, and a true position GUARD_M beyond it is rejected (p <= ALPHA_INSIDE).
    Raises ValueError for a value that is not finite, and for a negative radius.
    """
    if not all(map(math.isfinite, (distance_m, accuracy_m, registered_error_m))):
        raise ValueError("not finite: the position can't be judged")
    if accuracy_m < 0 or registered_error_m < 0:
        raise ValueError("a radius of error can't be negative")
    radius = math.hypot(max(LAMBDA * accuracy_m, FLOOR_M), registered_error_m)
    if distance_m >= k(ALPHA_OUTSIDE) * radius:
        return "outside"
    if distance_m <= 0 and GUARD_M - distance_m >= k(ALPHA_INSIDE) * radius:
        return "inside"
    return "uncertain"


def probability_inside(fence: Fence, fix: Fix) -> float:
    """Probability, 0 to 1, that the true position is in the fence, if the phone's accuracy is true.

    For people to see; no verdict hangs on it. Within 1e-4 for a single circle, 0.01 for everything else.
    """
    sigma = fix.accuracy_m / SIGMAS_PER_ACCURACY
    if sigma == 0:
        return 1.0 if signed_distance_m(fence, fix) <= 0 else 0.0
    match fence.shapes:
        case (Circle() as circle,):
            return _in_circle(_from_centre_m(circle, fix), circle.radius_m, sigma)
    drawing, x, y = _seen_from(fence, fix)
    xs, ys = [x + sigma * dx for dx, _ in _SPREAD], [y + sigma * dy for _, dy in _SPREAD]
    return float(shapely.contains_xy(drawing.area, xs, ys).mean())


def _in_circle(distance_m: float, radius_m: float, sigma: float) -> float:
    """1 - Q1(d / sigma, R / sigma), Marcum's Q: the chance that Poisson(b) exceeds Poisson(a).

    Far out both are normal: |Z| has its mean at d + sigma^2 / 2d, which at d = R is sigma^2 / (d + R) off.
    """
    a, b = (0.5 * (length / sigma) * (length / sigma) for length in (distance_m, radius_m))
    if max(a, b) > FAR:
        return 0.5 * math.erfc(
            ((distance_m - radius_m) / sigma + sigma / (distance_m + radius_m)) / math.sqrt(2)
        )
    pa, pb = math.exp(-a), math.exp(-b)
    seen, below, inside = pa, pb, pa * (1 - pb)
    n = 0
    while seen < 1 - 1e-9 and n < 2 * FAR:  # the bound: a sum of rounded terms may stop short of 1
        n += 1
        pa, pb = pa * a / n, pb * b / n
        seen, below = seen + pa, below + pb
        inside += pa * (1 - below)
    return min(max(inside, 0.0), 1.0)


def _spread() -> Iterator[Position]:
    """Points of the standard circular normal: rings of equal probability, each turned by the golden angle."""
    for i in range(RINGS):
        radius = math.sqrt(-2 * math.log(1 - (i + 0.5) / RINGS))
        for j in range(ANGLES):
            angle = i * TURN + j * 2 * math.pi / ANGLES
            yield radius * math.cos(angle), radius * math.sin(angle)


_SPREAD = tuple(_spread())


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is stored of a fix: verdict, signed distance in metres, confidence 0..1."""

    verdict: Verdict
    distance_m: float
    confidence: float


def judge(fence: Fence, fix: Fix, registered_error_m: float = 0.0) -> Judgement:
    """The verdict on a fix with its reasons; `registered_error_m` is the 68 % error of the registered place.

    Raises whenever a part can't be evaluated.
    """
    distance = signed_distance_m(fence, fix)
    verdict = verdict_of(distance, fix.accuracy_m, registered_error_m)
    return Judgement(verdict, distance, probability_inside(fence, fix))
