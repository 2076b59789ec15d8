"""The cap in integers (domain reference 7, edges 1 and 2)."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.quota import most


@pytest.mark.parametrize(
    ("headcount", "at_50", "at_75"),
    [(0, 0, 0), (1, 0, 0), (2, 1, 1), (3, 1, 2), (4, 2, 3), (5, 2, 3), (7, 3, 5), (33, 16, 24)],
)
def test_at_most_is_rounded_down(headcount, at_50, at_75):
    assert (most(headcount, 50), most(headcount, 75)) == (at_50, at_75)


def test_seventy_percent_of_ninety_is_63():
    assert most(90, 70) == 63 and int(90 * (70 / 100)) == 62


@given(st.integers(0, 500), st.integers(0, 100))
def test_it_is_the_largest_number_not_above_the_exact_share(headcount, percent):
    exact = Fraction(headcount * percent, 100)
    assert most(headcount, percent) <= exact < most(headcount, percent) + 1
