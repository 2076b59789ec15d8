"""The fair rota: tables that a person from HR can check by hand, laws searched for counterexamples, and the
independent checker with a spoilt rota for each of its findings."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy.rotation import Member, Room, Rotation, rotate, week_of
from tests.policy import rota_checker
from tests.policy.rota_checker import findings

MAULID = date(2023, 9, 28)
PERIOD = [
    day
    for day in (date(2023, 8, 21) + timedelta(days=n) for n in range(61))
    if day.weekday() < 5 and day != MAULID
]
KTT_WEEK = [date(2023, 9, day) for day in range(4, 9)]
MAULID_WEEK = [date(2023, 9, day) for day in (25, 26, 27, 29)]
IN_ORDER = 5048  # with this seed the circle of people 1 to 7 is 1 2 3 4 5 6 7

laws = settings(max_examples=150, deadline=None, derandomize=True)


def percent(day):
    """SE 34/SE/2023: 75 % from 4 to 7 September, else 50 %."""
    return 75 if date(2023, 9, 4) <= day <= date(2023, 9, 7) else 50


def always(number):
    """A team of `number` people who may be at home on any day."""
    return [Member(n, frozenset(PERIOD)) for n in range(1, number + 1)]


def rooms(headcount, days, share=percent):
    return [Room(day, headcount * share(day) // 100) for day in days]


def written(rotation):
    """One word a day, one digit a person at home, "-" for nobody."""
    days = (rotation.home[day] for day in sorted(rotation.home))
    return " ".join("".join(map(str, sorted(people))) or "-" for people in days)


# ---- tables ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("people", "share", "mon_tue_wed_fri"),
    [
        (1, 50, "- - - -"),
        (2, 50, "1 2 1 2"),
        (3, 50, "1 2 3 1"),
        (4, 50, "12 34 12 34"),
        (5, 50, "12 34 15 23"),
        (6, 50, "123 456 123 456"),
        (7, 50, "123 456 127 345"),
        (1, 75, "- - - -"),
        (2, 75, "1 2 1 2"),
        (3, 75, "12 13 23 12"),
        (4, 75, "123 124 134 234"),
        (5, 75, "123 145 234 125"),
        (6, 75, "1234 1256 3456 1234"),
        (7, 75, "12345 12367 14567 23456"),
    ],
)
def test_day_by_day_the_circle_goes_on_after_the_holiday_of_28_september(people, share, mon_tue_wed_fri):
    days = rooms(people, MAULID_WEEK, lambda _day: share)
    assert written(rotate(always(people), days, seed=IN_ORDER)) == mon_tue_wed_fri


@pytest.mark.parametrize(
    ("people", "monday_to_friday"),
    [
        (1, "- - - - -"),
        (2, "1 2 1 2 1"),
        (3, "12 13 23 12 3"),
        (4, "123 124 134 234 12"),
        (5, "123 145 234 125 34"),
        (6, "1234 1256 3456 1234 156"),
        (7, "12345 12367 14567 23456 127"),
    ],
)
def test_day_by_day_in_the_week_of_the_summit_the_friday_is_back_at_half(people, monday_to_friday):
    assert written(rotate(always(people), rooms(people, KTT_WEEK), seed=IN_ORDER)) == monday_to_friday


def test_in_a_team_of_four_at_75_percent_each_day_another_one_is_at_the_office():
    home = rotate(always(4), rooms(4, PERIOD, lambda _day: 75), seed=IN_ORDER).home
    offices = [{1, 2, 3, 4} - home[day] for day in PERIOD]
    assert offices == [{4}, {3}, {2}, {1}] * 11


def test_at_50_percent_everybody_is_at_home_every_other_day():
    home = rotate(always(6), rooms(6, PERIOD, lambda _day: 50)).home
    assert all(
        home[day] ^ home[after] == {*range(1, 7)} for day, after in zip(PERIOD, PERIOD[1:], strict=False)
    )


@pytest.mark.parametrize(
    ("people", "three_weeks"),
    [
        (1, "- - - - -  - - - - -  - - - - -"),
        (2, "2 2 2 2 2  1 1 1 1 1  2 2 2 2 2"),
        (3, "1 1 1 1 1  12 23 12 23 2  3 3 3 3 3"),
        (4, "34 34 34 34 34  123 124 123 124 12  34 34 34 34 34"),
        (5, "15 15 15 15 15  123 234 235 123 23  45 45 45 45 45"),
        (6, "456 456 456 456 456  1234 1235 1236 1234 123  456 456 456 456 456"),
        (7, "234 234 234 234 234  12567 34567 12567 34567 567  123 123 123 123 123"),
    ],
)
def test_week_by_week_the_phase_of_the_summit_gives_single_days_to_the_others(people, three_weeks):
    days = [day for day in PERIOD if date(2023, 8, 28) <= day <= date(2023, 9, 15)]
    rotation = rotate(always(people), rooms(people, days), "weekly", seed=IN_ORDER)
    assert written(rotation) == " ".join(three_weeks.split())


def test_week_by_week_the_two_halves_swap_and_a_week_with_a_holiday_is_a_turn():
    home = rotate(always(6), rooms(6, PERIOD, lambda _day: 50), "weekly").home
    weeks = [{home[day] for day in PERIOD if week_of(day) == week_of(monday)} for monday in PERIOD[::5]]
    halves = [half for (half,) in weeks]
    assert halves == [halves[0], halves[1]] * 4 + [halves[0]]
    assert halves[0] ^ halves[1] == {*range(1, 7)}


@pytest.mark.parametrize("planned_together", [True, False])
def test_iso_week_53_is_followed_by_the_other_half_also_in_the_plan_of_the_new_year(planned_together):
    last, first = date(2020, 12, 31), date(2021, 1, 4)
    assert (last.isocalendar().week, first.isocalendar().week) == (53, 1)
    team = [Member(n, frozenset({last, first})) for n in range(4)]
    plans = [[last, first]] if planned_together else [[last], [first]]
    home = {}
    for days in plans:
        home |= rotate(team, [Room(day, 2) for day in days], "weekly").home
    assert home[last] ^ home[first] == {0, 1, 2, 3}


def test_planning_week_by_week_gives_the_same_turns_as_planning_at_once():
    ranked = [Member(n, frozenset(PERIOD), rank=n > 2) for n in range(1, 8)] + [Member(99, frozenset())]
    numbers = sorted({week_of(day) for day in PERIOD})
    weeks = [[Room(day, 4) for day in PERIOD if week_of(day) == number] for number in numbers]
    apart = {}
    for week in weeks:
        apart |= rotate(ranked, week, "weekly").home
    assert apart == rotate(ranked, [room for week in weeks for room in week], "weekly").home


def test_a_calendar_week_begins_on_monday():
    sunday = date(2023, 9, 10)
    assert week_of(sunday) == week_of(date(2023, 9, 4)) == week_of(sunday + timedelta(days=1)) - 1
    assert week_of(date.min) == 0


def test_a_turn_whose_holder_is_away_for_some_days_is_filled_day_by_day():
    away = Member(1, frozenset(KTT_WEEK[:2]), rank=-1)
    members = [away, *(Member(n, frozenset(KTT_WEEK)) for n in (2, 3, 4))]
    rotation = rotate(members, [Room(day, 1) for day in KTT_WEEK], "weekly", seed=IN_ORDER)
    assert written(rotation) == "1 1 2 3 4"


def test_extra_days_are_shared_evenly_and_a_turn_is_no_absence_from_them():
    mosts = [2, 2, 2, 1, 2] + [1, 1, 1, 1, 1] + [2, 1, 1, 1, 2]
    days = [Room(day, most) for day, most in zip(PERIOD[:15], mosts, strict=True)]
    rotation = rotate(always(3), days, "weekly", seed=IN_ORDER)
    assert written(rotation) == "13 23 13 3 23 1 1 1 1 1 23 2 2 2 23"


def test_a_day_without_room_leaves_no_turn_and_the_other_days_are_shared():
    days = [Room(day, 0 if day == KTT_WEEK[4] else 1) for day in KTT_WEEK]
    assert written(rotate(always(4), days, "weekly", seed=IN_ORDER)) == "1 2 3 4 -"


# ---- absence ---------------------------------------------------------------------------------------------


def test_somebody_back_from_two_weeks_of_leave_alternates_at_once():
    leave = frozenset(PERIOD[10:20])
    members = [*always(3), Member(4, frozenset(PERIOD) - leave)]
    home = rotate(members, rooms(4, PERIOD[:28], lambda _day: 50), seed=IN_ORDER).home
    assert "".join("h" if 4 in home[day] else "." for day in PERIOD[:28]) == ".h" * 5 + "." * 10 + "h." * 4


def test_two_who_never_met_stand_alike_when_they_meet():
    """1 was alone for a week, 2 came alone for a day: then neither is five days behind."""
    members = [Member(1, frozenset(PERIOD[:5] + PERIOD[6:])), Member(2, frozenset(PERIOD[5:]))]
    rotation = rotate(members, [Room(day, 1) for day in PERIOD[:10]])
    assert written(rotation) == "1 1 1 1 1 2 1 2 1 2"


def test_a_day_away_moves_nobody_forward():
    members = [Member(n, frozenset(KTT_WEEK) - ({KTT_WEEK[1]} if n == 2 else set())) for n in (1, 2, 3, 4)]
    days = [Room(day, most) for day, most in zip(KTT_WEEK[:3], (2, 1, 2), strict=True)]
    assert written(rotate(members, days, seed=IN_ORDER)) == "12 3 14"


def test_an_absence_that_levels_two_does_not_let_the_one_ahead_go_ahead_again():
    """On Tuesday 2 is alone and catches up with 1, who is a day ahead of 3: 3 goes before 1 on Thursday."""
    members = [Member(n, frozenset(KTT_WEEK) - ({KTT_WEEK[1]} if n != 2 else set())) for n in (1, 2, 3)]
    rotation = rotate(members, [Room(day, 2) for day in KTT_WEEK[:4]], seed=IN_ORDER)
    assert written(rotation) == "12 2 13 23"


def test_a_day_on_which_nobody_may_be_at_home_is_nobodys_absence():
    members = [Member(n, frozenset(PERIOD) - {PERIOD[2]}) for n in (1, 2)]
    home = rotate(members, [Room(day, 1) for day in PERIOD[:5]], seed=IN_ORDER)
    assert written(home) == "1 2 - 1 2"


@laws
@given(
    st.integers(2, 9),
    st.sampled_from([25, 50, 75]),
    st.integers(0, 33),
    st.integers(1, 15),
    st.integers(0, 99),
)
def test_back_from_leave_one_gets_as_many_days_as_the_others_give_or_take_one(
    people, share, start, length, seed
):
    """From the return up to any later day, beside colleagues who were always there: at most one day more than
    the one of them with the most, and at most one fewer."""
    leave = frozenset(PERIOD[start : start + length])
    members = [Member(0, frozenset(PERIOD) - leave), *always(people - 1)]
    home = rotate(members, rooms(people, PERIOD, lambda _day: share), seed=seed).home
    since = PERIOD[start + length :]
    for end in range(1, len(since) + 1):
        days = [sum(person in home[day] for day in since[:end]) for person in range(people)]
        assert -1 <= days[0] - max(days[1:]) <= 1


# ---- laws ------------------------------------------------------------------------------------------------

SHORT = PERIOD[3:23]  # Thursday to Wednesday: parts of weeks at both ends
masks = st.sets(st.sampled_from(SHORT)).map(frozenset) | st.just(frozenset(SHORT))
patterns = st.sampled_from(["daily", "weekly"])
seeds = st.integers(0, 1000)


@st.composite
def teams(draw, calendars=masks):
    """Up to nine people who share up to three calendars, so that many are comparable, in up to three ranks."""
    kinds = draw(st.lists(calendars, min_size=1, max_size=3))
    one = st.tuples(st.sampled_from(kinds), st.integers(0, 2))
    return [Member(n, days, rank) for n, (days, rank) in enumerate(draw(st.lists(one, max_size=9)))]


any_rooms = st.lists(st.integers(0, 9), min_size=len(SHORT), max_size=len(SHORT)).map(
    lambda mosts: [Room(day, most) for day, most in zip(SHORT, mosts, strict=True)]
)


def judge(members, days, rotation, **more):
    """The findings of the checker, with the headcount of a day such that 100 % is `most`."""
    return findings(
        team={member.id: member.days for member in members},
        caps={room.day: (room.most, 100) for room in days},
        plan=rotation.home,
        ranks={member.id: member.rank for member in members},
        **more,
    )


@laws
@given(teams(), any_rooms, seeds)
def test_day_by_day_the_checker_finds_nothing(members, days, seed):
    assert judge(members, days, rotate(members, days, "daily", seed)) == []


@laws
@given(st.integers(1, 9), st.sampled_from([25, 50, 70, 75, 100]), st.integers(1, 44), patterns, seeds)
def test_a_share_of_the_team_is_kept_in_exact_fractions(people, share, length, pattern, seed):
    rotation = rotate(always(people), rooms(people, PERIOD[:length], lambda _day: share), pattern, seed)
    caps = {day: (people, share) for day in PERIOD[:length]}
    team = {member.id: member.days for member in always(people)}
    assert findings(team, caps, rotation.home, weekly=pattern == "weekly") == []


whole_weeks = st.sets(st.sampled_from(sorted({week_of(day) for day in SHORT}))).map(
    lambda weeks: frozenset(day for day in SHORT if week_of(day) in weeks)
)


@laws
@given(teams(whole_weeks), any_rooms, seeds)
def test_week_by_week_the_checker_finds_nothing_where_absences_are_whole_weeks(members, days, seed):
    assert judge(members, days, rotate(members, days, "weekly", seed), weekly=True) == []


@laws
@given(teams(), any_rooms, seeds)
def test_week_by_week_nobody_is_home_above_the_cap_or_on_a_day_not_his(members, days, seed):
    found = judge(members, days, rotate(members, days, "weekly", seed))
    assert [finding for finding in found if not finding.startswith("unfair")] == []


@laws
@given(teams(), any_rooms, st.integers(0, 19), st.integers(1, 19), seeds)
def test_whoever_else_comes_and_goes_a_return_is_worth_two_days_at_most(others, days, start, length, seed):
    """Beside a colleague who was always there: at most two days more (he had just had his), at most one fewer."""
    leave = frozenset(SHORT[start : start + length])
    members = [*others, Member(10, frozenset(SHORT) - leave), Member(11, frozenset(SHORT))]
    home = rotate(members, days, seed=seed).home
    since = SHORT[start + length :]
    for end in range(len(since)):
        mine, theirs = (sum(person in home[day] for day in since[: end + 1]) for person in (10, 11))
        assert -1 <= mine - theirs <= 2


@laws
@given(teams(), any_rooms, patterns, seeds)
def test_no_place_stays_empty_while_somebody_could_have_it(members, days, pattern, seed):
    home = rotate(members, days, pattern, seed).home
    for room in days:
        able = sum(room.day in member.days for member in members)
        assert len(home[room.day]) == min(room.most, able)


@laws
@given(teams(), any_rooms, patterns, seeds, st.randoms(use_true_random=False))
def test_the_order_of_the_input_does_not_matter(members, days, pattern, seed, chance):
    mixed, turned = chance.sample(members, len(members)), chance.sample(days, len(days))
    assert rotate(mixed, turned, pattern, seed) == rotate(members, days, pattern, seed)


@laws
@given(teams(), any_rooms, seeds)
def test_day_by_day_a_smaller_rank_is_full_before_a_larger_one_begins(members, days, seed):
    home = rotate(members, days, "daily", seed).home
    for room in days:
        able = [member for member in members if room.day in member.days]
        at_home = [member.rank for member in able if member.id in home[room.day]]
        waiting = [member.rank for member in able if member.id not in home[room.day]]
        assert max(at_home, default=0) <= min(waiting, default=2)


def test_week_by_week_a_smaller_rank_takes_the_turns():
    members = [Member(n, frozenset(PERIOD), rank=n) for n in (1, 2, 3)]
    home = rotate(members, [Room(day, 2) for day in PERIOD], "weekly").home
    assert set(home.values()) == {frozenset({1, 2})}


def test_everybody_of_a_team_starts_with_some_seed():
    starts = {
        next(iter(rotate(always(7), [Room(PERIOD[0], 1)], seed=seed).home[PERIOD[0]])) for seed in range(40)
    }
    assert starts == {1, 2, 3, 4, 5, 6, 7}


@pytest.mark.parametrize("pattern", ["daily", "weekly"])
def test_a_day_with_fewer_at_home_than_there_ought_to_be_is_reported(pattern):
    days = [Room(PERIOD[1], 3, least=3), Room(PERIOD[0], 1, least=3), Room(PERIOD[2], 2, least=2)]
    assert rotate(always(2), days, pattern).short == ((PERIOD[0], 2), (PERIOD[1], 1))


@pytest.mark.parametrize("pattern", ["daily", "weekly"])
def test_without_people_or_days_the_rota_is_empty(pattern):
    assert rotate([], [Room(PERIOD[0], 3)], pattern) == Rotation({PERIOD[0]: frozenset()}, ())
    assert rotate(always(2), [], pattern) == Rotation({}, ())


@pytest.mark.parametrize(
    ("members", "days", "pattern", "words"),
    [
        ([], [Room(PERIOD[0], 1), Room(PERIOD[0], 2)], "daily", "a day is given twice"),
        ([], [Room(PERIOD[0], -1)], "daily", "never negative"),
        ([], [Room(PERIOD[0], 1, least=-1)], "weekly", "never negative"),
        (always(1) * 2, [], "daily", "a member is given twice"),
        ([], [], "monthly", "no such pattern: monthly"),
    ],
)
def test_input_without_a_meaning_is_refused(members, days, pattern, words):
    with pytest.raises(ValueError, match=words):
        rotate(members, days, pattern)


# ---- the checker: for each finding a rota spoilt on purpose ----------------------------------------------

TEAM = {n: {*KTT_WEEK} for n in (1, 2, 3, 4)}
CAPS = {day: (4, 50) for day in KTT_WEEK}
GOOD = {day: {1, 2} if day.day % 2 else {3, 4} for day in KTT_WEEK}
MONDAY = KTT_WEEK[0]


@pytest.mark.parametrize(
    ("spoilt", "more", "finding"),
    [
        ({}, {}, None),
        ({MONDAY: {1, 3, 4}}, {}, "2023-09-04: 3 at home are more than 50 % of 4"),
        ({}, {"team": TEAM | {3: {*KTT_WEEK[1:]}}}, "2023-09-04: 3 may not be at home"),
        ({MONDAY: {4, 9}}, {}, "2023-09-04: 9 may not be at home"),
        ({KTT_WEEK[1]: {3, 4}}, {}, "unfair: 1 has 1, 3 has 4"),
        ({KTT_WEEK[1]: {3, 4}}, {"ranks": {3: 1, 4: 1}}, None),
        (
            {date(2023, 9, 9): {1}},
            {"team": {1: {date(2023, 9, 9), *KTT_WEEK}}},
            "2023-09-09 is no working day",
        ),
        ({}, {"duty": dict.fromkeys(KTT_WEEK, (4, 2))}, None),
        ({}, {"duty": {MONDAY: (3, 2)}}, "2023-09-04: 1 at the office, 2 are needed"),
    ],
)
def test_the_checker_finds_what_is_spoilt(spoilt, more, finding):
    found = findings(**{"team": TEAM, "caps": CAPS, "plan": GOOD | spoilt} | more)
    assert any(line.startswith(finding) for line in found) if finding else found == []


def test_the_checker_counts_weeks_for_a_weekly_rota():
    days = PERIOD[:10]
    plan = {day: {1, 2} for day in days}
    team, caps = {n: {*days} for n in (1, 2, 3, 4)}, dict.fromkeys(days, (4, 50))
    assert "unfair: 1 has 2, 3 has 0" in findings(team, caps, plan, weekly=True)
    assert findings(team, caps, plan | {days[0]: {1, 3}}, weekly=True)[0] == "unfair: 1 has 2, 3 has 0"
    assert findings(team, caps, plan | {day: {3, 4} for day in days[5:]}, weekly=True) == []


@pytest.mark.parametrize(("cap", "code"), [(50, 0), (25, 1)])
def test_the_checker_is_a_program_without_the_code_it_judges(cap, code):
    rota = {
        "team": {n: [f"{day}" for day in KTT_WEEK] for n in TEAM},
        "caps": {f"{day}": (4, cap) for day in KTT_WEEK},
        "plan": {f"{day}": [*people] for day, people in GOOD.items()},
    }
    ran = subprocess.run(
        [sys.executable, "-I", rota_checker.__file__], input=json.dumps(rota), capture_output=True, text=True
    )
    assert (ran.returncode, ran.stderr) == (code, "")
    assert ran.stdout.count("more than 25 % of 4") == 5 * code
