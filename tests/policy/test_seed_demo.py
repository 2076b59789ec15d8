"""The DKI scenario: the same people from the same seed, within every rule, and never among real people."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import date, timedelta
from io import StringIO
from random import Random

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import TestCase, override_settings

from policy.allowances import allowance
from policy.demo import people, rota, scenario
from policy.demo.places import OFFICES, SITES
from policy.fences import Fence
from policy.geofence import Fix, signed_distance_m
from policy.identifiers import clean_nip, nip_kind
from policy.models import (
    Delegation,
    Domicile,
    Employee,
    Installation,
    Posting,
    RosterEntry,
    Scheme,
    Unit,
    User,
)
from tests import make

HOME_ONLY = set(people._ODD_AT_HOME)
EVERYWHERE = {"honest_home", "honest_office", "on_leave", "travelling", *people._ODD_ANYWHERE}
KEYS = {"username", "password", "role", "agency", "unit", "mode", "place", "office", "persona", "name"}


def seed_demo(*options: str) -> list[dict]:
    """The accounts that the command prints."""
    out = StringIO()
    with override_settings(HADIR_REHEARSAL=True):
        call_command("seed_demo", "--json", *options, stdout=out)
    return json.loads(out.getvalue())["accounts"]


class TestTheScenario(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.accounts = seed_demo("--employees", "120")
        cls.people = [account for account in cls.accounts if account["role"] != "admin"]

    def test_every_number_is_valid_and_unique(self):
        for employee in Employee.objects.all():
            assert re.fullmatch(r"\d{6}", employee.nrk) and employee.nrk == employee.user.username
            if employee.kind in ("pns", "pppk"):
                assert nip_kind(clean_nip(employee.nip)) == employee.kind
            else:
                assert employee.nip is None
        kinds = Counter(Employee.objects.values_list("kind", flat=True))
        assert set(kinds) == {"pns", "pppk", "cpns", "contract_staff"}
        assert kinds.total() == len(self.people) == 120

    def test_no_published_date_is_above_the_cap(self):
        staff = Counter(
            Posting.objects.exclude(employee__kind="contract_staff").values_list("unit", flat=True)
        )
        entries = RosterEntry.objects.filter(in_force=True, mode="wfh")
        home = Counter(entries.values_list("date", "employee__postings__unit"))
        assert home
        for (day, unit), count in home.items():
            percent = 75 if date(2023, 9, 4) <= day <= date(2023, 9, 7) else 50
            assert count * 100 <= percent * staff[unit], (day, unit)

    def test_the_rota_covers_the_working_days_of_three_weeks(self):
        days = {date(2023, 8, 21) + timedelta(days=7 * week + day) for week in range(3) for day in range(5)}
        assert set(RosterEntry.objects.values_list("date", flat=True)) == days
        published = RosterEntry.objects.filter(in_force=True, roster__published_by__grants__role="officer")
        assert published.count() == RosterEntry.objects.count()

    def test_excluded_units_have_no_rota(self):
        excluded = [office.code for office in OFFICES if office.excluded]
        assert len(excluded) == 6
        assert not RosterEntry.objects.filter(roster__unit__parent__code__in=excluded).exists()
        assert {a["mode"] for a in self.people if "RSUD" in a["unit"]} == {"wfo"}

    def test_tangsel_has_no_scheme_yet_so_everybody_is_at_the_office(self):
        assert {a["mode"] for a in self.people if a["agency"] == "tangsel"} == {"wfo"}

    def test_the_lower_national_cap_warns_during_the_summit(self):
        section = Unit.objects.get(code="BKD-0")
        assert allowance(section, date(2023, 8, 21)).percent == "WFH paling banyak 50 %"
        summit = allowance(section, date(2023, 9, 4))
        assert summit.percent == "WFH paling banyak 75 %"
        assert "17/2023" in " ".join(summit.warnings)
        assert Scheme.objects.filter(status="active").count() == 3

    def test_accounts_have_the_promised_shape(self):
        assert all(set(account) == KEYS for account in self.accounts)
        roles = Counter(account["role"] for account in self.accounts)
        assert (
            roles["hr"] == 2 and roles["auditor"] == roles["admin"] == 1 and roles["officer"] == len(OFFICES)
        )
        assert len({account["username"] for account in self.accounts}) == 121
        assert self.accounts[-1]["username"] == "admin"

    def test_the_day_expects_home_workers_at_home_and_everybody_else_at_the_office(self):
        for account in self.people:
            assert account["place"]["kind"] == ("domicile" if account["mode"] == "wfh" else "site")
            assert account["office"]["kind"] == "site"
            assert account["place"].keys() - {"kind"} in (
                {"latitude", "longitude", "radius_m"},
                {"geojson"},
            )
        assert Counter(a["mode"] for a in self.people)["wfh"] > 30

    def test_personas_fit_the_plan_of_the_day(self):
        assert {account["persona"] for account in self.people} == HOME_ONLY | EVERYWHERE
        for account in self.people:
            if account["persona"] in HOME_ONLY | {"honest_home"}:
                assert account["mode"] == "wfh"
            if account["role"] != "employee":
                assert account["persona"].startswith(("honest", "travelling"))
        odd = Counter(a["persona"] for a in self.people if a["persona"] in HOME_ONLY)
        assert all(1 <= count <= 3 for count in odd.values())

    def test_somebody_else_approved_every_home(self):
        homes = Domicile.objects.in_force(make.wib("05:55"))
        assert homes.count() == 120
        assert not [home for home in homes if home.decided_by.employee_id == home.employee_id]
        assert not [h for h in homes if h.decided_by.employee.agency_id != h.employee.agency_id]
        assert Domicile.objects.filter(status="proposed").count() == 5

    def test_a_couple_shares_a_home(self):
        homes = [tuple(a["place"].values()) for a in self.people if a["mode"] == "wfh"]
        assert [count for count in Counter(homes).values() if count > 1] == [2]

    def test_everybody_but_the_top_has_a_superior_of_the_own_agency(self):
        postings = Posting.objects.select_related("employee", "superior", "unit")
        assert not [p for p in postings if p.superior and p.superior.agency_id != p.employee.agency_id]
        top = [p.position for p in postings if not p.superior]
        assert sorted(title.split()[0] for title in top) == ["Asisten", "Kepala", "Kepala"]
        assert all(p.employee.user.is_staff for p in postings if p.position.startswith("Kepala"))

    def test_a_travelling_head_has_a_deputy_of_whom_he_is_not_the_superior(self):
        plh = Delegation.objects.on(make.MONDAY).get()
        assert not Posting.objects.filter(employee=plh.deputy, superior=plh.superior).exists()
        assert plh.superior.absences.get().kind == "travel"

    def test_the_database_is_marked_and_one_hash_serves_all(self):
        assert Installation.objects.get().is_rehearsal
        assert len(set(User.objects.values_list("password", flat=True))) == 1
        encoded = User.objects.get(username="admin").password
        assert Argon2PasswordHasher().verify("hadir-demo-2023", encoded)


@pytest.mark.django_db
def test_the_same_seed_makes_the_same_people_and_another_seed_others():
    def accounts(*options: str) -> list[dict]:
        with transaction.atomic():
            made = seed_demo("--employees", "24", *options)
            transaction.set_rollback(True)
        return made

    assert accounts() == accounts() != accounts("--seed", "7")


@pytest.mark.django_db
def test_a_small_scenario_still_has_every_role():
    accounts = seed_demo("--employees", "20")
    assert {a["role"] for a in accounts} == {"hr", "officer", "auditor", "supervisor", "employee", "admin"}
    assert len(accounts) == 21
    assert {a["mode"] for a in accounts[:-1]} == {"wfh", "wfo", "leave", "travel"}


@pytest.mark.django_db
def test_a_database_in_use_is_refused():
    make.make_employee(make.make_unit(agency := make.make_agency()), make.make_site(agency))
    with pytest.raises(CommandError, match="in use"):
        seed_demo()


@pytest.mark.django_db
def test_real_time_is_refused(settings):
    settings.HADIR_REHEARSAL = False
    with pytest.raises(CommandError, match="no rehearsal"):
        call_command("seed_demo")


@pytest.mark.django_db
@pytest.mark.parametrize("count", ["19", "5001", "-1"])
def test_too_few_and_too_many_are_refused(count):
    with pytest.raises(CommandError, match="20 to 5000"):
        seed_demo(f"--employees={count}")


@pytest.mark.django_db
def test_without_json_it_prints_a_summary():
    out = StringIO()
    with override_settings(HADIR_REHEARSAL=True):
        call_command("seed_demo", "--employees", "20", stdout=out)
    assert "20 people" in out.getvalue() and "2 hr" in out.getvalue()


@pytest.mark.parametrize("number", range(5))
@pytest.mark.parametrize("count", [20, 21, 33, 57, 88, 119, 500])
def test_any_size_and_seed_makes_a_day_that_can_be_lived(count, number):
    rng = Random(number)
    folk = people.recruit(count, rng)
    halves = rota.divide(folk, rng)
    scenario._plan(folk, [person for first, _ in halves.values() for person in first])
    people.cast(folk, rng)
    people.marry(folk)
    assert len(folk) == len({p.nrk for p in folk}) == count
    assert len({p.nip for p in folk if p.nip}) == sum(p.nip is not None for p in folk)
    assert Counter(p.absent for p in folk if p.absent) == {"leave": 1, "travel": 1}
    assert any(p.at_home and p.persona == "honest_home" for p in folk)
    assert not [p for p in folk if p.persona in HOME_ONLY and not p.at_home]


@pytest.mark.parametrize("key", SITES)
def test_the_middle_of_every_office_is_well_inside_its_fence(key):
    """So that a client which aims at the middle stands at the office, hole or not."""
    fence = Fence.from_geojson(SITES[key][2])
    longitude, latitude = fence.shapes[0].middle
    assert signed_distance_m(fence, Fix(latitude, longitude, 0)) < -50
