"""The simulated people of `make demo`."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest

from config.rehearsal import fixes, places
from config.rehearsal.accounts import Account
from config.rehearsal.client import Tally
from config.rehearsal.console import Console
from config.rehearsal.day import Day
from config.rehearsal.personas import PERSONAS
from config.rehearsal.phones import Phone
from config.rehearsal.supervisors import FINDINGS
from policy.demo import people
from policy.demo.places import SITES

HOME = {"kind": "domicile", "latitude": -6.4025, "longitude": 106.7942, "radius_m": 100}
OPENING = datetime(2023, 8, 20, 22, 55, tzinfo=UTC)
SEEDED = {
    "honest_home", "honest_office", "on_leave", "travelling", *people._ODD_AT_HOME, *people._ODD_ANYWHERE,
}  # fmt: skip


def a_phone(persona: str, seed: str = "2023") -> Phone:
    """A phone of a persona at home, with nobody to talk to."""
    account = Account("123456", "-", "employee", mode="wfh", place=HOME, office=HOME, persona=persona)
    day = Day(seed, Console(), Tally())
    day.now = lambda: OPENING
    return Phone(account, None, day)


def test_everybody_of_the_scenario_can_be_played():
    assert SEEDED == set(PERSONAS)
    assert {persona.call for persona in PERSONAS.values()} == set(FINDINGS)


def test_errors_keep_within_the_reported_radius_in_68_of_100_cases():
    dice, spot = random.Random(1), (-6.2, 106.8)
    near = sum(places.metres(spot, fixes.measured(spot, 40.0, dice)) <= 40 for _ in range(20_000))
    assert near / 20_000 == pytest.approx(0.68, abs=0.01)


def test_the_same_seed_makes_the_same_day():
    windows = {
        "check_in": {"opens": "2023-08-20T23:00:00Z", "closes": "2023-08-21T01:00:00Z"},
        "check_out": {"opens": "2023-08-21T09:00:00Z", "closes": "2023-08-21T11:00:00Z"},
    }

    def lived(seed: str) -> tuple:
        phone = a_phone("honest_home", seed)
        return phone.spot, phone._hours(windows), phone.report(phone.spot)["location"]

    assert lived("1") == lived("1") != lived("2")
    arrival, departure = lived("1")[1]
    assert timedelta(minutes=10) <= arrival - OPENING <= timedelta(hours=2)
    assert timedelta(hours=10) <= departure - OPENING <= timedelta(hours=12)


@pytest.mark.parametrize(
    ("persona", "at_least", "at_most"),
    [("honest_home", 0, 16), ("mall", 1500, 9000), ("coarse_claim", 4900, 5100), ("mock_flag", 1500, 9000)],
)
def test_people_are_where_their_persona_says(persona, at_least, at_most):
    phone = a_phone(persona)
    assert at_least <= places.metres(phone.base, phone.spot) <= at_most


def test_a_fake_position_is_the_same_point_every_time():
    phone = a_phone("fake_gps")
    sent = [phone.report(phone.spot)["location"] for _ in range(3)]
    assert {(fix["latitude"], fix["longitude"], fix["accuracy_m"]) for fix in sent} == {(*phone.base, 3.0)}


@pytest.mark.parametrize("site", SITES)
def test_a_desk_stands_in_the_office(site):
    geojson = SITES[site][2]
    place = {"kind": "site", "geojson": geojson}
    spot = places.at_office(place, random.Random(3))
    assert places.signed_distance_m(places._fence(place), places.Fix(*spot, 1.0)) < 0
