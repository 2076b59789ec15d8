"""Laws of the rule and of the confidence, searched for counterexamples."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy.fences import Circle, Fence, Polygon
from policy.geofence import (
    ALPHA_INSIDE,
    GUARD_M,
    LAMBDA,
    Fix,
    judge,
    k,
    probability_inside,
    signed_distance_m,
    verdict_of,
)

RANK = {"inside": 0, "uncertain": 1, "outside": 2}
CENTRE = (-6.2, 106.8)
EAST, NORTH = 110_668.0, 110_578.0  # metres per degree at CENTRE, to 0.1 %

distances = st.floats(-1_000, 5_000) | st.floats(-1e5, 2.1e7)
accuracies = st.floats(0, 200) | st.floats(0, 1e9)
bearings = st.floats(0, 2 * math.pi)

laws = settings(max_examples=200, deadline=None, derandomize=True)


def fix_at(metres, bearing, accuracy=10.0):
    return Fix(
        CENTRE[0] + metres * math.cos(bearing) / NORTH,
        CENTRE[1] + metres * math.sin(bearing) / EAST,
        accuracy,
    )


def home(radius=100.0):
    return Fence((Circle(*CENTRE, radius),))


def gon(radius, corners=256):
    points = [fix_at(radius, 2 * math.pi * i / corners) for i in range(corners)]
    ring = tuple((point.longitude, point.latitude) for point in points)
    return Fence((Polygon((*ring, ring[0])),))


# ---- the rule --------------------------------------------------------------------------------------------


@laws
@given(distances, distances, accuracies, st.floats(0, 200))
def test_farther_away_is_never_judged_nearer(one, other, accuracy, registered):
    near, far = sorted((one, other))
    assert RANK[verdict_of(near, accuracy, registered)] <= RANK[verdict_of(far, accuracy, registered)]


@laws
@given(distances, accuracies, accuracies, st.floats(0, 200), st.floats(0, 200))
def test_a_larger_accuracy_or_registered_error_only_ever_leads_to_uncertain(d, one, other, r_one, r_other):
    fine, coarse = sorted((one, other))
    small, large = sorted((r_one, r_other))
    before, after = verdict_of(d, fine, small), verdict_of(d, coarse, large)
    assert after in (before, "uncertain")


@laws
@given(distances, accuracies)
def test_the_two_tests_exclude_each_other(distance, accuracy):
    verdict = verdict_of(distance, accuracy)
    assert verdict != "inside" or distance <= 0
    assert verdict != "outside" or distance > 0


@laws
@given(st.floats(-1e5, 2.1e7))
def test_an_accuracy_of_1e9_is_never_inside(distance):
    assert verdict_of(distance, 1e9) == "uncertain"


@laws
@given(st.floats(200.5, 9_000), bearings, st.floats(1, 1e6))
def test_no_accuracy_gets_a_fix_beyond_radius_and_guard_accepted(metres, bearing, accuracy):
    fix = fix_at(metres, bearing, accuracy)
    assert judge(home(), fix).verdict != "inside"
    assert judge(gon(100), fix).verdict != "inside"


def test_the_naive_rule_accepts_there_so_the_law_above_can_fail():
    fix = fix_at(4_900, 1.0, 5_000)
    from_centre = signed_distance_m(home(), fix) + 100
    assert from_centre - fix.accuracy_m <= 100  # "distance - accuracy <= radius" opens the door
    assert judge(home(), fix).verdict == "uncertain"


@pytest.mark.parametrize("reported", [1, 5, 10, 20, 35, 50, 60, 75, 82])
def test_somebody_at_the_guard_distance_is_called_inside_in_five_percent_at_most(reported):
    """Accepted are the fixes in a disc; how likely is one if the error is LAMBDA times its report?"""
    margin = k(ALPHA_INSIDE) * max(LAMBDA * reported, 10)
    disc = home(min(100.0, 100 + GUARD_M - margin))
    assert verdict_of(min(0.0, GUARD_M - margin) - 0.01, reported) == "inside"
    assert verdict_of(min(0.0, GUARD_M - margin) + 0.01, reported) == "uncertain"
    assert probability_inside(disc, fix_at(100 + GUARD_M, 0.3, LAMBDA * reported)) <= ALPHA_INSIDE


# ---- metres -------------------------------------------------------------------------------------------


@laws
@given(st.floats(0, 9_000), bearings, bearings, st.floats(1, 300))
def test_a_circle_looks_the_same_from_every_bearing(metres, one, other, accuracy):
    first, second = (judge(home(), fix_at(metres, bearing, accuracy)) for bearing in (one, other))
    assert first.distance_m == pytest.approx(second.distance_m, abs=0.002 * metres + 1e-6)
    slack = 0.002 * metres + 0.01
    if verdict_of(first.distance_m - slack, accuracy) == verdict_of(first.distance_m + slack, accuracy):
        assert first.verdict == second.verdict


@laws
@given(st.floats(0, 9_000), bearings, st.floats(20, 500))
def test_a_circle_is_its_256_gon_within_half_a_metre(metres, bearing, radius):
    fix = fix_at(metres, bearing)
    distance = signed_distance_m(home(radius), fix)
    assert signed_distance_m(gon(radius), fix) == pytest.approx(distance, abs=0.5 + 1e-3 * metres)


@laws
@given(st.floats(0, 2_000), bearings)
def test_a_place_more_never_moves_a_fix_away(metres, bearing):
    fix, office = fix_at(metres, bearing), Circle(CENTRE[0] + 0.01, CENTRE[1], 300)
    both = signed_distance_m(Fence((home().shapes[0], office)), fix)
    alone = [signed_distance_m(home(), fix), signed_distance_m(Fence((office,)), fix)]
    assert both == pytest.approx(min(alone), abs=0.5 + 1e-3 * metres)


# ---- confidence ---------------------------------------------------------------------------------------


def scaled_bessel(x):
    """I0(x) exp(-x), by the asymptotic series where I0 itself would overflow."""
    small, large = np.minimum(x, 500.0), np.maximum(x, 500.0)
    series = (1 + 1 / (8 * large) + 9 / (128 * large**2)) / np.sqrt(2 * np.pi * large)
    return np.where(x < 500, np.i0(small) * np.exp(-small), series)


def rice_integral(distance, radius, sigma):
    """Probability that the distance of a circular normal point from the centre is at most `radius`."""
    t = np.linspace(max(0.0, distance - 10 * sigma), min(radius, distance + 10 * sigma), 8_001)
    if t[0] >= radius:
        return 0.0
    density = t / sigma**2 * np.exp(-((t - distance) ** 2) / (2 * sigma**2))
    return float(np.trapezoid(density * scaled_bessel(t * distance / sigma**2), t))


@laws
@given(st.floats(1, 1_000), st.floats(1e-3, 30), st.floats(-6, 6))
def test_the_closed_form_is_the_integral_of_the_rice_density(radius, sigmas, steps):
    sigma = radius / sigmas
    distance = max(0.0, radius + steps * sigma)
    fix = fix_at(distance, 0.0, sigma * math.sqrt(-2 * math.log(0.32)))
    distance = signed_distance_m(home(radius), fix) + radius
    expected = rice_integral(distance, radius, sigma)
    assert probability_inside(home(radius), fix) == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("sigmas", [20, 24, 24.4, 24.6, 25, 30, 60, 200])
def test_the_closed_form_has_no_step_where_the_far_regime_begins(sigmas):
    for steps in np.linspace(-5, 5, 41):
        fix = fix_at(100 + steps * 100 / sigmas, 0.0, 100 / sigmas * math.sqrt(-2 * math.log(0.32)))
        distance = signed_distance_m(home(), fix) + 100
        expected = rice_integral(distance, 100, 100 / sigmas)
        assert probability_inside(home(), fix) == pytest.approx(expected, abs=1e-5)


@laws
@given(st.floats(0, 1_000), bearings, st.floats(0.1, 1_000))
def test_the_quadrature_agrees_with_the_closed_form(metres, bearing, accuracy):
    fix = fix_at(metres, bearing, accuracy)
    assert probability_inside(gon(100), fix) == pytest.approx(probability_inside(home(), fix), abs=0.01)


@laws
@given(
    st.floats(-90, 90),
    st.floats(-180, 180),
    st.floats(-9, 12).map(lambda e: 10**e) | st.just(0.0),
    st.sampled_from([1e-3, 100.0, 1e5]),
)
def test_confidence_stays_between_0_and_1_over_the_whole_earth(latitude, longitude, accuracy, radius):
    if (latitude, longitude) == (0, 0):
        latitude = 1.0
    for fence in (home(radius), gon(max(radius, 1.0))):
        assert 0 <= probability_inside(fence, Fix(latitude, longitude, accuracy)) <= 1


@pytest.mark.parametrize("accuracy", [5e-324, 1e-300, 1e-9, 1e12, 1.7e308])
@pytest.mark.parametrize("fix", [CENTRE, (6.2, -73.2), (89.9, 10.0)])
def test_extreme_accuracies_neither_overflow_nor_hang(fix, accuracy):
    expected = 1.0 if fix == CENTRE and accuracy < 1 else 0.0
    for fence in (home(), gon(100)):
        assert probability_inside(fence, Fix(*fix, accuracy)) == pytest.approx(expected, abs=1e-4)
