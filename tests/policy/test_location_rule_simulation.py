"""The published error rates of the location rule, drawn again through the real rule.

R = 100 m, G = 100 m, an honest person uniformly within 15 m of the registered point. In "dense" housing
the error is 1.5 times what the phone claims, and 4 times in 5 % of the fixes. All figures in percent.
"""

import math

import numpy as np
import pytest

from policy.geofence import verdict_of

RADIUS = 100.0
DRAWS = 100_000
DRAWS_OF_THE_TABLE = 1_000_000

COLUMNS = ("naive", "IN", "UNC", "OUT", "IN@200", "OUT@200", "OUT@300", "OUT@500")
TABLE = """
   r | naive d<=R:  | at home                | IN     | OUT
     | false reject | IN     UNC     OUT     | @200 m | @200   @300   @500 m
  10 |   0.006      |  99.99    0.01   0     |  0     |  100    100    100
  20 |   0.88       |  99.12    0.85   0.024 |  0.09  |   90.5  100    100
  35 |   4.6        |  95.4     4.4    0.24  |  0.51  |   23.6   97.4  100
  50 |  16.9        |  67.6    31.9    0.50  |  0.68  |    7.1   65.2   99.8
  75 |  43.4        |   2.6    96.6    0.83  |  0.09  |    2.8   19.5   95.1
 100 |  62.1        |   0      99.0    1.04  |  0     |    2.0    7.5   65.9
"""
ROWS = [line.replace("|", " ").split() for line in TABLE.strip().splitlines()[2:]]


def distances(rng, accuracy, metres, scale):
    """Distances of fixes from the registered point; the person is `metres` away, or at home if None."""
    angle, spread = 2 * math.pi * rng.random(DRAWS), 15 * np.sqrt(rng.random(DRAWS))
    true = spread * np.exp(1j * angle) if metres is None else np.full(DRAWS, complex(metres))
    error = rng.normal(size=DRAWS) + 1j * rng.normal(size=DRAWS)
    return np.abs(true + error * scale * accuracy / math.sqrt(-2 * math.log(0.32)))


def dense(rng):
    return np.where(rng.random(DRAWS) < 0.05, 4.0, 1.5)


def shares(distance, accuracy):
    """Percentages of inside, uncertain and outside."""
    verdicts = [verdict_of(metres, accuracy) for metres in (distance - RADIUS).tolist()]
    return {name: 100 * verdicts.count(name) / DRAWS for name in ("inside", "uncertain", "outside")}


def simulated(accuracy):
    rng = np.random.default_rng([20240903, int(accuracy)])
    at = {place: distances(rng, accuracy, place, dense(rng)) for place in (None, 200, 300, 500)}
    drawn = {place: shares(distance, accuracy) for place, distance in at.items()}
    return {
        "naive": 100 * float(np.mean(at[None] > RADIUS)),
        "IN": drawn[None]["inside"],
        "UNC": drawn[None]["uncertain"],
        "OUT": drawn[None]["outside"],
        "IN@200": drawn[200]["inside"],
        "OUT@200": drawn[200]["outside"],
        "OUT@300": drawn[300]["outside"],
        "OUT@500": drawn[500]["outside"],
    }


def tolerance(printed):
    """Three combined standard errors and half the last printed digit; a bare 0 stands for less than 0.001."""
    share = min(max(float(printed) / 100, 1e-5), 1 - 1e-5)
    error = 100 * math.sqrt(share * (1 - share) * (1 / DRAWS + 1 / DRAWS_OF_THE_TABLE))
    decimals = 3 if printed == "0" else len(printed.partition(".")[2])
    return 3 * error + 0.5 * 10**-decimals


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]} m")
def test_the_rule_reproduces_the_published_row(row):
    drawn = simulated(float(row[0]))
    wrong = {
        column: (printed, drawn[column])
        for column, printed in zip(COLUMNS, row[1:], strict=True)
        if abs(drawn[column] - float(printed)) > tolerance(printed)
    }
    assert wrong == {}


def test_the_whole_table_is_compared():
    assert [int(row[0]) for row in ROWS] == [10, 20, 35, 50, 75, 100]
    assert {len(row) for row in ROWS} == {1 + len(COLUMNS)}


@pytest.mark.parametrize("accuracy", [10, 20, 35, 50, 75, 100])
def test_a_calibrated_phone_at_home_is_never_outside(accuracy):
    rng = np.random.default_rng([20230821, accuracy])
    assert shares(distances(rng, accuracy, None, 1.0), accuracy)["outside"] == 0
