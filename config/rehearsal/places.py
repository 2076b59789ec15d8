"""Where simulated people are: homes, offices, and the shopping malls of Jabodetabek."""

from __future__ import annotations

import math
import random
from typing import Any

from policy.fences import Circle, Fence
from policy.geofence import Fix, signed_distance_m

Spot = tuple[float, float]  # (latitude, longitude) in degrees

METRES_A_DEGREE = 111_195.0
AT_HOME_M = 15.0
AWAY_FROM_THE_FENCE_M = 20.0
MALL_M = (2_000.0, 6_000.0)
FAR_M = 5_000.0
BANDUNG: Spot = (-6.9025, 107.6188)  # official travel goes to Gedung Sate

MALLS: dict[str, Spot] = {
    "Grand Indonesia": (-6.1952, 106.8203),
    "Plaza Senayan": (-6.2255, 106.7995),
    "Kota Kasablanka": (-6.2236, 106.8430),
    "Kalibata City Square": (-6.2571, 106.8505),
    "Pejaten Village": (-6.2803, 106.8296),
    "Cilandak Town Square": (-6.2913, 106.7995),
    "Pondok Indah Mall": (-6.2654, 106.7842),
    "Bintaro Jaya Xchange": (-6.2852, 106.7283),
    "Central Park": (-6.1774, 106.7907),
    "Lippo Mall Puri": (-6.1878, 106.7385),
    "Pluit Village": (-6.1170, 106.7897),
    "Mal Kelapa Gading": (-6.1577, 106.9081),
    "Arion Mall": (-6.1935, 106.8908),
    "Tamini Square": (-6.2905, 106.8814),
    "Cijantung Mall": (-6.3134, 106.8608),
    "Pondok Gede Plaza": (-6.2848, 106.9118),
    "Cibubur Junction": (-6.3687, 106.8942),
    "Summarecon Mal Bekasi": (-6.2257, 107.0005),
    "Mega Bekasi": (-6.2490, 106.9915),
    "Margo City": (-6.3731, 106.8342),
    "Cinere Mall": (-6.3242, 106.7830),
    "The Park Sawangan": (-6.4007, 106.7645),
    "Cibinong City Mall": (-6.4846, 106.8420),
    "Botani Square": (-6.6013, 106.8070),
    "Tangcity Mall": (-6.1930, 106.6342),
    "Living World Alam Sutera": (-6.2445, 106.6538),
    "AEON Mall BSD": (-6.3046, 106.6436),
}


def moved(spot: Spot, east_m: float, north_m: float) -> Spot:
    """The spot so many metres east and north."""
    latitude, longitude = spot
    east = METRES_A_DEGREE * math.cos(math.radians(latitude))
    return latitude + north_m / METRES_A_DEGREE, longitude + east_m / east


def metres(one: Spot, other: Spot) -> float:
    """The distance of two spots of one region."""
    east = METRES_A_DEGREE * math.cos(math.radians(one[0]))
    return math.hypot((one[0] - other[0]) * METRES_A_DEGREE, (one[1] - other[1]) * east)


def around(spot: Spot, radius_m: float, dice: random.Random) -> Spot:
    """A spot evenly anywhere within a radius."""
    distance, angle = radius_m * math.sqrt(dice.random()), dice.uniform(0, math.tau)
    return moved(spot, distance * math.cos(angle), distance * math.sin(angle))


def far_from(spot: Spot, dice: random.Random) -> Spot:
    """A spot 5 km away in any direction."""
    angle = dice.uniform(0, math.tau)
    return moved(spot, FAR_M * math.cos(angle), FAR_M * math.sin(angle))


def mall_near(home: Spot, dice: random.Random) -> tuple[str, Spot]:
    """A mall 2-6 km from a home; where there is none, the nearest one beyond walking distance."""
    reachable = [name for name, spot in MALLS.items() if MALL_M[0] <= metres(home, spot) <= MALL_M[1]]
    beyond = [name for name, spot in MALLS.items() if metres(home, spot) > MALL_M[0]]
    name = dice.choice(reachable) if reachable else min(beyond, key=lambda n: metres(home, MALLS[n]))
    return name, around(MALLS[name], 40.0, dice)


def middle(place: dict[str, Any]) -> Spot:
    """The middle of a place of the accounts file."""
    if "geojson" not in place:
        return place["latitude"], place["longitude"]
    longitude, latitude = Fence.from_geojson(place["geojson"]).shapes[0].middle
    return latitude, longitude


def at_office(place: dict[str, Any], dice: random.Random) -> Spot:
    """A desk in the office: well inside the fence where the fence is wide enough."""
    fence = _fence(place)
    tries = [around(middle(place), _reach_m(place), dice) for _ in range(40)]
    depth = {spot: signed_distance_m(fence, Fix(*spot, 1.0)) for spot in tries}
    return next((spot for spot in tries if depth[spot] <= -AWAY_FROM_THE_FENCE_M), min(tries, key=depth.get))


def _fence(place: dict[str, Any]) -> Fence:
    if "geojson" in place:
        return Fence.from_geojson(place["geojson"])
    return Fence((Circle(place["latitude"], place["longitude"], place["radius_m"]),))


def _reach_m(place: dict[str, Any]) -> float:
    """How far from the middle a desk may be."""
    if "geojson" not in place:
        return place["radius_m"]
    ring = _fence(place).shapes[0]
    corners = getattr(ring, "exterior", ())
    reach = [metres(middle(place), (latitude, longitude)) for longitude, latitude in corners]
    return max(reach, default=getattr(ring, "radius_m", AT_HOME_M))
