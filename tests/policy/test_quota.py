"""The cap in integers against exact fractions (domain reference 7, edges 1, 2 and 10)."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor

import pytest

from policy.quota import Allowed, Cap, allowed, least, most, nearest

EVERY_PERCENT = range(101)
EVERY_HEADCOUNT = range(501)


@pytest.mark.parametrize(
    ("headcount", "at_50", "at_75"),
    [(0, 0, 0), (1, 0, 0), (2, 1, 1), (3, 1, 2), (4, 2, 3), (5, 2, 3), (7, 3, 5), (33, 16, 24)],
)
def test_at_most_is_rounded_down(headcount, at_50, at_75):
    assert (most(headcount, 50), most(headcount, 75)) == (at_50, at_75)


def test_seventy_percent_of_ninety_is_63():
    assert most(90, 70) == 63 and int(90 * (70 / 100)) == 62


@pytest.mark.parametrize("percent", EVERY_PERCENT)
def test_every_rounding_is_exact_for_every_head_count(percent):
    for headcount in EVERY_HEADCOUNT:
        exact = Fraction(headcount * percent, 100)
        assert most(headcount, percent) == floor(exact)
        assert least(headcount, percent) == ceil(exact)
        assert abs(nearest(headcount, percent) - exact) <= Fraction(1, 2)
        assert nearest(headcount, percent) != exact + Fraction(1, 2)  # a tie goes down


@pytest.mark.parametrize("percent", EVERY_PERCENT)
def test_every_cap_leaves_exactly_the_numbers_that_satisfy_it(percent):
    """For a handful of units of every size, count by brute force who satisfies the words of the document."""
    says = {
        ("wfh", "max"): lambda home, n: home <= Fraction(n * percent, 100),
        ("wfh", "min"): lambda home, n: home >= Fraction(n * percent, 100),
        ("wfo", "max"): lambda home, n: n - home <= Fraction(n * percent, 100),
        ("wfo", "min"): lambda home, n: n - home >= Fraction(n * percent, 100),
    }
    for headcount in [*range(12), 33, 90, 100, 499, 500]:
        for (measure, bound), holds in says.items():
            found = allowed(headcount, [Cap(measure, bound, percent)])
            right = [home for home in range(headcount + 1) if holds(home, headcount)]
            assert (found.least, found.most) == (right[0], right[-1])


@pytest.mark.parametrize("percent", EVERY_PERCENT)
def test_a_target_is_the_same_whether_said_of_home_or_of_the_office(percent):
    for headcount in EVERY_HEADCOUNT:
        home = allowed(headcount, [Cap("wfh", "target", percent)])
        office = allowed(headcount, [Cap("wfo", "target", 100 - percent)])
        assert home == office == Allowed(0, headcount, nearest(headcount, percent))


@pytest.mark.parametrize("percent", EVERY_PERCENT)
def test_at_least_at_the_office_is_the_other_side_of_at_most_at_home(percent):
    for headcount in EVERY_HEADCOUNT:
        assert allowed(headcount, [Cap("wfo", "min", 100 - percent)]) == allowed(
            headcount, [Cap("wfh", "max", percent)]
        )


def test_of_several_caps_the_narrowest_holds():
    both = allowed(10, [Cap("wfh", "max", 75), Cap("wfo", "min", 50), Cap("wfh", "target", 50)])
    assert both == Allowed(0, 5, 5)


def test_caps_that_contradict_each_other_show_it():
    clash = allowed(10, [Cap("wfh", "max", 20), Cap("wfo", "max", 50)])
    assert clash.least > clash.most


def test_a_phase_without_a_cap_lets_nobody_work_from_home():
    assert allowed(10, []) == Allowed(0, 0)
