"""Fixes, fences, metres and verdicts by table; distances against an independent geodesic library."""

import json
import math

import pytest
from pyproj import Geod

from policy.fences import Circle, Fence, FenceError, Polygon
from policy.geofence import (
    ALPHA_INSIDE,
    ALPHA_OUTSIDE,
    Fix,
    FixError,
    Judgement,
    judge,
    k,
    probability_inside,
    signed_distance_m,
    verdict_of,
)

WGS84 = Geod(ellps="WGS84")
MONAS = (-6.1754, 106.8272)
HOME = Circle(*MONAS, 100)


def away(metres, bearing, accuracy_m=10.0, start=MONAS):
    """A fix so many metres away from `start` (latitude, longitude) on the ellipsoid."""
    longitude, latitude, _ = WGS84.fwd(start[1], start[0], bearing, metres)
    return Fix(latitude, longitude, accuracy_m)


def gon(corners, radius_m, start=MONAS):
    """A ring of so many corners at `radius_m` from `start`."""
    points = [away(radius_m, 360 * i / corners, start=start) for i in range(corners)]
    ring = [(point.longitude, point.latitude) for point in points]
    return (*ring, ring[0])


SQUARE = ((106.80, -6.20), (106.81, -6.20), (106.81, -6.19), (106.80, -6.19), (106.80, -6.20))
YARD = ((106.804, -6.196), (106.806, -6.196), (106.806, -6.194), (106.804, -6.194), (106.804, -6.196))
BOW_TIE = ((106.80, -6.20), (106.81, -6.19), (106.81, -6.20), (106.80, -6.19), (106.80, -6.20))
FAR_RING = ((107.0, -6.2), (107.01, -6.2), (107.01, -6.19), (107.0, -6.2))


def with_point(ring, place, point):
    return (*ring[:place], point, *ring[place + 1 :])


# ---- the rule --------------------------------------------------------------------------------------------


def test_k_has_the_values_of_the_rayleigh_tail():
    assert [round(k(alpha), 4) for alpha in (0.05, 1e-3, 1e-4)] == [1.6215, 2.4622, 2.8431]
    assert k(0.32) == 1
    assert (ALPHA_INSIDE, ALPHA_OUTSIDE) == (0.05, 1e-3)


RULE = [
    # distance, accuracy, registered error, verdict: effective radius r' = hypot(max(1.5 r, 10), registered)
    (-100.0, 5, 0, "inside"),  # dead centre of a home
    (0.0, 10, 0, "inside"),  # on the edge; r' = 15
    (0.1, 10, 0, "uncertain"),
    (36.9, 10, 0, "uncertain"),  # 2.4622 * 15 = 36.93
    (37.0, 10, 0, "outside"),
    (24.6, 0, 0, "uncertain"),  # the floor: r' = 10
    (24.7, 0, 0, "outside"),
    (-21.5, 50, 0, "uncertain"),  # 1.6215 * 75 - 100 = 21.61
    (-21.7, 50, 0, "inside"),
    (184.6, 50, 0, "uncertain"),
    (184.7, 50, 0, "outside"),
    (-100.0, 82, 0, "inside"),  # at the centre "inside" ends at 82.2 m
    (-100.0, 83, 0, "uncertain"),
    (61.5, 10, 20, "uncertain"),  # r' = hypot(15, 20) = 25
    (61.6, 10, 20, "outside"),
    (-100.0, 10, 122, "inside"),
    (-100.0, 10, 123, "uncertain"),
    (4900.0, 5000, 0, "uncertain"),  # the open door of `distance - accuracy <= radius`
    (2e7, 1e4, 0, "outside"),
    (2e7, 1e9, 0, "uncertain"),
    (-1e5, 1e9, 0, "uncertain"),
    (-1e5, 1e308, 0, "uncertain"),
]


@pytest.mark.parametrize(("distance", "accuracy", "registered", "verdict"), RULE)
def test_the_rule_says(distance, accuracy, registered, verdict):
    assert verdict_of(distance, accuracy, registered) == verdict


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("place", [0, 1, 2])
def test_what_cannot_be_evaluated_raises_and_is_never_inside(bad, place):
    values = [-50.0, 10.0, 0.0]
    values[place] = bad
    with pytest.raises(ValueError, match="finite"):
        verdict_of(*values)


@pytest.mark.parametrize("values", [(-50.0, -1.0, 0.0), (-50.0, 10.0, -1.0)])
def test_a_negative_radius_of_error_raises(values):
    with pytest.raises(ValueError, match="negative"):
        verdict_of(*values)


def test_a_geometry_that_fails_raises_out_of_judge(monkeypatch):
    monkeypatch.setattr("policy.geofence.signed_distance_m", lambda fence, fix: math.nan)
    with pytest.raises(ValueError, match="finite"):
        judge(Fence((HOME,)), Fix(*MONAS, 10))


def test_judge_gives_verdict_distance_and_confidence_together():
    fence, fix = Fence((HOME,)), away(150, 30, 20)
    judged = judge(fence, fix)
    assert judged == Judgement("uncertain", signed_distance_m(fence, fix), probability_inside(fence, fix))
    assert judged.distance_m == pytest.approx(50, abs=0.1)
    assert 0 < judged.confidence < 0.01
    assert judge(fence, away(180, 30, 20)).verdict == "outside"
    assert judge(fence, away(180, 30, 20), registered_error_m=15).verdict == "uncertain"


# ---- fixes -----------------------------------------------------------------------------------------------

BAD_FIXES = [
    # latitude, longitude, accuracy, field, code
    (math.nan, 106.8, 10, "latitude", "not_a_number"),
    (-6.2, math.inf, 10, "longitude", "not_a_number"),
    (-6.2, 106.8, -math.inf, "accuracy_m", "not_a_number"),
    (-6.2, 106.8, 10**400, "accuracy_m", "not_a_number"),
    (True, 106.8, 10, "latitude", "not_a_number"),
    ("-6.2", 106.8, 10, "latitude", "not_a_number"),
    (-6.2, None, 10, "longitude", "not_a_number"),
    (90.01, 106.8, 10, "latitude", "out_of_range"),
    (-90.01, 106.8, 10, "latitude", "out_of_range"),
    (-6.2, 180.01, 10, "longitude", "out_of_range"),
    (-6.2, -180.01, 10, "longitude", "out_of_range"),
    (0, 0, 10, "latitude", "null_island"),
    (-0.0, 0.0, 10, "latitude", "null_island"),
    (-6.2, 106.8, -0.01, "accuracy_m", "negative"),
]


@pytest.mark.parametrize(("latitude", "longitude", "accuracy", "field", "code"), BAD_FIXES)
def test_a_bad_fix_names_its_field_and_the_reason(latitude, longitude, accuracy, field, code):
    with pytest.raises(FixError) as caught:
        Fix(latitude, longitude, accuracy)
    assert (caught.value.field, caught.value.code) == (field, code)


@pytest.mark.parametrize("fix", [(0, 109.34, 5), (51.48, 0, 5), (90, 180, 0), (-90, -180, 1e12)])
def test_a_valid_fix_anywhere_on_earth_is_taken_and_judged(fix):
    assert judge(Fence((HOME,)), Fix(*fix)).verdict in ("outside", "uncertain")


# ---- fences ----------------------------------------------------------------------------------------------

BAD_SHAPES = [
    (lambda: Circle(math.nan, 106.8, 100), "not_a_number", "coordinates"),
    (lambda: Circle(-6.2, "106.8", 100), "not_a_number", "coordinates"),
    (lambda: Circle(106.8, -6.2, 100), "swapped_axes", "coordinates"),
    (lambda: Circle(95.0, 141.0, 100), "out_of_range", "coordinates"),
    (lambda: Circle(-6.2, 181, 100), "out_of_range", "coordinates"),
    (lambda: Circle(0, 0, 100), "null_island", "coordinates"),
    (lambda: Circle(-6.2, 106.8, 0), "not_positive", "radius_m"),
    (lambda: Circle(-6.2, 106.8, -5), "not_positive", "radius_m"),
    (lambda: Circle(-6.2, 106.8, 100_000.1), "too_large", "radius_m"),
    (lambda: Circle(-6.2, 106.8, math.inf), "not_a_number", "radius_m"),
    (lambda: Circle(-6.2, 106.8, True), "not_a_number", "radius_m"),
    (lambda: Polygon(()), "empty", "coordinates[0]"),
    (lambda: Polygon(SQUARE[:3]), "too_few_points", "coordinates[0]"),
    (lambda: Polygon(SQUARE[:4]), "open_ring", "coordinates[0]"),
    (lambda: Polygon(BOW_TIE), "self_intersection", "coordinates[0]"),
    (lambda: Polygon((SQUARE[0],) * 4), "self_intersection", "coordinates[0]"),
    (lambda: Polygon(with_point(SQUARE, 2, (106.81, math.inf))), "not_a_number", "coordinates[0][2]"),
    (lambda: Polygon(with_point(SQUARE, 1, (-6.2, 106.81))), "swapped_axes", "coordinates[0][1]"),
    (lambda: Polygon(with_point(SQUARE, 3, (106.8,))), "malformed", "coordinates[0][3]"),
    (lambda: Polygon("106.8 -6.2"), "malformed", "coordinates[0]"),
    (lambda: Polygon(SQUARE, (YARD, YARD[:4])), "open_ring", "coordinates[2]"),
    (lambda: Polygon(SQUARE, (YARD, FAR_RING)), "hole_outside", "coordinates[2]"),
    (lambda: Polygon(YARD, (SQUARE,)), "hole_outside", "coordinates[1]"),
    (lambda: Polygon(SQUARE, (YARD, YARD)), "overlapping_holes", "coordinates"),
    (lambda: Fence(()), "empty", "shapes"),
    (lambda: Fence((HOME, "office")), "malformed", "shapes"),
    (lambda: Fence(HOME), "malformed", "shapes"),
]


@pytest.mark.parametrize(("make", "code", "where"), BAD_SHAPES)
def test_a_bad_shape_names_the_reason_and_the_place(make, code, where):
    with pytest.raises(FenceError) as caught:
        make()
    assert (caught.value.code, caught.value.where) == (code, where)


def lists(rings):
    return [[list(point) for point in ring] for ring in rings]


SWAPPED_YARD = with_point(YARD, 3, (-6.194, 106.804))
POINT = {"type": "Point", "coordinates": [106.8, -6.2], "radius_m": 100}
BAD_GEOJSON = [
    (None, "unsupported_type", "type"),
    ([POINT], "unsupported_type", "type"),
    ({"type": "LineString", "coordinates": lists([SQUARE])[0]}, "unsupported_type", "type"),
    ({"type": ["Point"]}, "unsupported_type", "type"),
    ({"type": "Point", "coordinates": [106.8, -6.2]}, "not_a_number", "radius_m"),
    ({"type": "Point", "radius_m": 100}, "malformed", "coordinates"),
    ({"type": "Point", "coordinates": [-6.2, 106.8], "radius_m": 100}, "swapped_axes", "coordinates"),
    ({"type": "Polygon"}, "malformed", "coordinates"),
    ({"type": "Polygon", "coordinates": []}, "empty", "coordinates"),
    ({"type": "Polygon", "coordinates": lists([SQUARE, SWAPPED_YARD])}, "swapped_axes", "coordinates[1][3]"),
    ({"type": "MultiPolygon", "coordinates": []}, "empty", "coordinates"),
    (
        {"type": "MultiPolygon", "coordinates": [lists([SQUARE, SWAPPED_YARD])]},
        "swapped_axes",
        "coordinates[0][1][3]",
    ),
    ({"type": "GeometryCollection", "geometries": []}, "empty", "geometries"),
    ({"type": "GeometryCollection", "geometries": {}}, "malformed", "geometries"),
    (
        {
            "type": "GeometryCollection",
            "geometries": [POINT, {"type": "MultiPolygon", "coordinates": [lists([BOW_TIE])]}],
        },
        "self_intersection",
        "geometries[1].coordinates[0][0]",
    ),
    (
        {"type": "GeometryCollection", "geometries": [{"type": "GeometryCollection", "geometries": [POINT]}]},
        "unsupported_type",
        "geometries[0].type",
    ),
]


@pytest.mark.parametrize(("data", "code", "where"), BAD_GEOJSON)
def test_bad_geojson_names_the_reason_and_the_place(data, code, where):
    with pytest.raises(FenceError) as caught:
        Fence.from_geojson(data)
    assert (caught.value.code, caught.value.where) == (code, where)


FENCES = {
    "circle": Fence((HOME,)),
    "polygon with a yard": Fence((Polygon(SQUARE, (YARD,)),)),
    "two polygons": Fence((Polygon(SQUARE), Polygon(FAR_RING))),
    "home and office": Fence((HOME, Polygon(SQUARE, (YARD,)))),
}


@pytest.mark.parametrize("fence", FENCES.values(), ids=FENCES.keys())
def test_geojson_reads_back_as_the_same_fence(fence):
    sent = json.loads(json.dumps(fence.to_geojson()))
    assert sent == fence.to_geojson()
    assert Fence.from_geojson(sent) == fence
    assert hash(Fence.from_geojson(sent)) == hash(fence)


def test_every_kind_of_geojson_geometry_is_written():
    kinds = [fence.to_geojson()["type"] for fence in FENCES.values()]
    assert kinds == ["Point", "Polygon", "MultiPolygon", "GeometryCollection"]


def test_rings_may_run_in_either_direction_and_carry_an_altitude():
    backwards = Fence((Polygon(SQUARE[::-1], (YARD[::-1],)),))
    high = Fence((Polygon(tuple((*point, 12.0) for point in SQUARE), (YARD,)),))
    for fix in (Fix(-6.1999, 106.805, 5), Fix(-6.195, 106.805, 5), Fix(-6.21, 106.805, 5)):
        distance = signed_distance_m(FENCES["polygon with a yard"], fix)
        assert signed_distance_m(backwards, fix) == pytest.approx(distance, abs=1e-9)
        assert signed_distance_m(high, fix) == distance


# ---- metres ----------------------------------------------------------------------------------------------

LATITUDES, LONGITUDES = (-11, -6.2, -0.0001, 3.5, 6), (95, 106.8, 121.4, 141)


@pytest.mark.parametrize("latitude", LATITUDES)
@pytest.mark.parametrize("longitude", LONGITUDES)
def test_metres_agree_with_the_geodesic_to_a_thousandth_within_10_km(latitude, longitude):
    start = (latitude, longitude)
    circle, polygon = Fence((Circle(*start, 100),)), Fence((Polygon(gon(256, 100, start)),))
    for bearing in range(0, 360, 15):
        for metres in (150, 1_000, 10_000):
            fix = away(metres, bearing, start=start)
            assert signed_distance_m(circle, fix) + 100 == pytest.approx(metres, rel=1e-3)
            assert signed_distance_m(polygon, fix) + 100 == pytest.approx(metres, rel=1e-3)


@pytest.mark.parametrize("latitude", LATITUDES)
def test_a_circle_is_its_256_gon_within_half_a_metre_and_with_the_same_verdict(latitude):
    start = (latitude, 118.0)
    circle, polygon = Fence((Circle(*start, 100),)), Fence((Polygon(gon(256, 100, start)),))
    for metres in range(0, 600, 17):
        for accuracy in (3, 20, 50, 90):
            fix = away(metres, 7 * metres, accuracy, start)
            assert signed_distance_m(circle, fix) == pytest.approx(signed_distance_m(polygon, fix), abs=0.5)
            near = [verdict_of(metres - 100 + d, accuracy) for d in (-1, 1)]
            if near[0] == near[1]:
                assert judge(circle, fix).verdict == judge(polygon, fix).verdict == near[0]


@pytest.mark.parametrize("latitude", [-75.0, -45.0, 0.5, 60.0])
def test_near_a_place_metres_are_the_ellipsoid_s_at_every_latitude(latitude):
    start = (latitude, 20.0)
    for bearing in (0, 45, 90):
        fix = away(150, bearing, start=start)
        assert signed_distance_m(Fence((Circle(*start, 100),)), fix) == pytest.approx(50, abs=0.02)


def test_the_difference_of_longitudes_goes_the_short_way_round():
    fence = Fence((Circle(-6.2, 179.999, 100),))
    assert signed_distance_m(fence, Fix(-6.2, -179.999, 5)) == pytest.approx(121.3, abs=0.5)


def test_a_hole_is_outside_and_the_edge_is_zero():
    fence = FENCES["polygon with a yard"]
    assert signed_distance_m(fence, Fix(-6.195, 106.805, 5)) == pytest.approx(110.6, abs=0.2)  # mid-yard
    assert signed_distance_m(fence, Fix(-6.195, 106.807, 5)) == pytest.approx(-110.6, abs=0.2)
    assert signed_distance_m(fence, Fix(-6.195, 106.811, 5)) == pytest.approx(110.6, abs=0.2)
    assert signed_distance_m(fence, Fix(-6.2, 106.8, 5)) == pytest.approx(0, abs=1e-6)
    assert signed_distance_m(fence, Fix(-6.196, 106.804, 5)) == pytest.approx(0, abs=1e-6)
    assert judge(fence, Fix(-6.195, 106.805, 5)).verdict == "outside"
    assert judge(fence, Fix(-6.195, 106.807, 5)).verdict == "inside"


def test_several_places_are_one_fence_each_right_by_its_own_metres():
    jayapura, bogor = (-2.533, 140.718), (-6.595, 106.816)
    fence = Fence((Circle(*jayapura, 100), HOME, Polygon(gon(256, 80, bogor))))
    for place, radius in (jayapura, 100), (MONAS, 100), (bogor, 80):
        for bearing in (20, 95, 200):
            for metres in (5, 60, 400, 9_000):
                distance = signed_distance_m(fence, away(metres, bearing, start=place))
                assert distance == pytest.approx(metres - radius, rel=1e-3, abs=0.05)


def test_places_that_touch_have_no_edge_between_them():
    left = ((106.80, -6.20), (106.81, -6.20), (106.81, -6.19), (106.80, -6.19), (106.80, -6.20))
    right = ((106.81, -6.20), (106.82, -6.20), (106.82, -6.19), (106.81, -6.19), (106.81, -6.20))
    seam = Fix(-6.195, 106.81, 5)
    assert signed_distance_m(Fence((Polygon(left), Polygon(right))), seam) == pytest.approx(-552.9, abs=0.5)


# ---- confidence ---------------------------------------------------------------------------------------

CONFIDENCE = [
    # metres from the centre of a 100 m circle, accuracy, probability; there 1 - 0.32 ** (100 / r) ** 2
    (0, 100, 0.68),
    (0, 50, 0.98951),
    (0, 200, 0.24788),
    (0, 0, 1.0),
    (99, 0, 1.0),
    (101, 0, 0.0),
    (500, 10, 0.0),
    (10_000_000, 1e12, 0.0),
]


@pytest.mark.parametrize("kind", ["circle", "polygon"])
@pytest.mark.parametrize(("metres", "accuracy", "probability"), CONFIDENCE)
def test_confidence_is(kind, metres, accuracy, probability):
    shape = HOME if kind == "circle" else Polygon(gon(256, 100))
    fix = Fix(*MONAS, accuracy) if metres == 0 else away(metres, 90, accuracy)
    tolerance = 1e-4 if kind == "circle" else 0.01
    assert probability_inside(Fence((shape,)), fix) == pytest.approx(probability, abs=tolerance)


@pytest.mark.parametrize("accuracy", [1e-9, 1.0])
def test_on_the_edge_the_confidence_is_one_half(accuracy):
    fix = away(100, 90, accuracy)
    edge = Circle(*MONAS, 100 + signed_distance_m(Fence((HOME,)), fix))
    assert probability_inside(Fence((edge,)), fix) == pytest.approx(0.5, abs=0.002)


def test_half_of_a_fix_on_the_middle_of_a_straight_edge_is_inside():
    square = Fence((Polygon(SQUARE),))
    for fix in (Fix(-6.195, 106.81, 50), Fix(-6.19, 106.805, 50)):
        assert probability_inside(square, fix) == pytest.approx(0.5, abs=0.01)
