"""The draw of a slot: fair, bounded, deterministic."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from attendance.lottery import Candidate, draw, seed_of

SEEDS = st.binary(min_size=32, max_size=32)
POOLS = st.lists(st.tuples(st.integers(0, 6), st.sampled_from(["overdue", "regular"])), max_size=60).map(
    lambda rows: [Candidate(n, team or None, stratum) for n, (team, stratum) in enumerate(rows)]
)


def pool_of(teams: dict[int, int], stratum="regular") -> list[Candidate]:
    people = iter(range(10_000))
    return [Candidate(next(people), team, stratum) for team, size in teams.items() for _ in range(size)]


@given(SEEDS, POOLS, st.integers(1, 100), st.integers(1, 5))
def test_a_superior_never_gets_more_calls_than_fit(seed, pool, percent, calls):
    drawn = set(draw(seed, pool, percent, calls))
    for team in {candidate.superior for candidate in pool}:
        assert sum(c.employee in drawn for c in pool if c.superior == team) <= calls


@given(SEEDS, POOLS, st.integers(1, 100), st.integers(1, 5), st.randoms())
def test_the_order_of_the_pool_does_not_matter_and_nobody_is_drawn_twice(seed, pool, percent, calls, random):
    shuffled = pool[:]
    random.shuffle(shuffled)
    drawn = draw(seed, pool, percent, calls)
    assert drawn == draw(seed, shuffled, percent, calls)
    assert len(drawn) == len(set(drawn)) and set(drawn) <= {c.employee for c in pool}


@given(SEEDS, POOLS, st.integers(1, 100))
def test_the_overdue_come_before_everybody_else(seed, pool, percent):
    drawn = set(draw(seed, pool, percent, 2))
    for team in {c.superior for c in pool}:
        overdue = [c for c in pool if c.superior == team and c.stratum == "overdue"]
        assert sum(c.employee in drawn for c in overdue) == min(2, len(overdue))


@given(SEEDS, st.integers(1, 40), st.integers(1, 100))
def test_a_team_gives_its_share_rounded_down_or_up(seed, size, percent):
    drawn = draw(seed, pool_of({1: size}), percent, calls=1000)
    assert len(drawn) in (size * percent // 100, -(-size * percent // 100))


def test_everybody_has_the_same_chance_whatever_the_size_of_the_team():
    """20,000 draws at 10 %: each chance within five standard errors, and chi-square near its mean."""
    pool = pool_of({team: size for team, size in enumerate((3, 4, 5, 7, 9, 12), start=1)})
    rounds, hits = 20_000, dict.fromkeys((c.employee for c in pool), 0)
    for number in range(rounds):
        for employee in draw(number.to_bytes(32, "big"), pool, 10, calls=4):
            hits[employee] += 1
    error = (0.1 * 0.9 / rounds) ** 0.5
    assert all(abs(count / rounds - 0.1) < 5 * error for count in hits.values())
    chi = sum((count - rounds * 0.1) ** 2 for count in hits.values()) / (rounds * 0.1 * 0.9)
    assert chi < len(pool) + 5 * (2 * len(pool)) ** 0.5


def test_being_drawn_tells_nothing_of_the_next_slot():
    """After the 10:00 draw nobody is safer at 14:00."""
    pool, both, once = pool_of({1: 10, 2: 10}), 0, 0
    for number in range(5_000):
        secret = number.to_bytes(32, "big")
        ten = set(draw(seed_of(secret, "10:00"), pool, 20, 4))
        fourteen = set(draw(seed_of(secret, "14:00"), pool, 20, 4))
        once += len(ten)
        both += len(ten & fourteen)
    assert abs(both / once - 0.2) < 0.02


def test_the_seed_depends_on_every_part():
    parts = ("pemprov-dki", "2023-08-21", "Asia/Jakarta", "10:00", "ab")
    seeds = {seed_of(b"k" * 32, *parts)}
    for index in range(len(parts)):
        seeds.add(seed_of(b"k" * 32, *(*parts[:index], "x", *parts[index + 1 :])))
    assert len(seeds) == len(parts) + 1
