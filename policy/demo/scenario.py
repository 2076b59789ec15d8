"""Writes the whole scenario into an empty database, in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from random import Random

from django.contrib.auth.hashers import make_password
from django.db import transaction

from policy import domiciles
from policy.demo import documents, people, rota
from policy.demo.accounts import PASSWORD, Account, accounts_of
from policy.demo.people import Home, Person
from policy.demo.places import DKI, OFFICES, REGIONS, SITES
from policy.models import (
    Absence,
    Agency,
    Delegation,
    Domicile,
    Employee,
    Installation,
    Posting,
    RoleGrant,
    Site,
    Unit,
    User,
)

_SINCE = date(2023, 1, 2)
_PROPOSED = datetime(2023, 8, 15, 3, tzinfo=UTC)
_APPROVED = datetime(2023, 8, 18, tzinfo=UTC)
_MOVING = datetime(2023, 8, 20, 12, tzinfo=UTC)  # Sunday evening: waits for Monday's officer

Staff = dict[Person, Employee]
Users = dict[Person, User]


@transaction.atomic
def seed(count: int, number: int) -> list[Account]:
    """The scenario with `count` employees from the seed `number`; answers what signs in and where it belongs."""
    rng = Random(number)
    Installation.objects.create(is_rehearsal=True)
    agencies = documents.open_agencies()
    units, sites = _build(agencies)
    documents.enact(agencies)
    folk = people.recruit(count, rng)
    halves = rota.divide(folk, rng)
    _plan(folk, [person for first, _ in halves.values() for person in first])
    people.cast(folk, rng)
    people.marry(folk)
    staff, users = _hire(folk, agencies)
    _post(staff, units, sites)
    _grant(users, agencies, units)
    _send_away(staff, users)
    _register_homes(staff, users)
    _propose_moves(staff, rng)
    officers = {p.office.code: user for p, user in users.items() if p.duty == "officer"}
    rota.publish(halves, staff, units, officers)
    return accounts_of(staff)


def _build(agencies: dict[str, Agency]) -> tuple[dict[str, Unit], dict[str, Site]]:
    """Units and sections by code ("BKD", "BKD-0"), sites by key; an office has its seat at its site."""
    sites = {
        key: Site.objects.create(agency=agencies[agency], name=name, geojson=fence, region=REGIONS[key])
        for key, (agency, name, fence) in SITES.items()
    }
    heads = [
        Unit(
            agency=agencies[office.agency],
            code=office.code,
            name=office.name,
            level_kind="agency_unit",
            service_category=office.category,
            site=sites[office.site],
        )
        for office in OFFICES
    ]
    Unit.objects.bulk_create(heads)
    sections = [
        Unit(
            parent=head,
            agency=head.agency,
            code=f"{office.code}-{i}",
            name=name,
            level_kind="section",
        )
        for office, head in zip(OFFICES, heads, strict=True)
        for i, name in enumerate(office.sections)
    ]
    Unit.objects.bulk_create(sections)
    return {unit.code: unit for unit in [*heads, *sections]}, sites


def _plan(folk: Sequence[Person], at_home: Iterable[Person]) -> None:
    """Who is at home on 21 August, who is on leave, and which head of a section travels."""
    for person in at_home:
        person.at_home = True
    eligible = [p for p in folk if p.office.agency == DKI and not p.office.excluded]
    leaving = [p for p in eligible if p.duty == "member" and not p.at_home]
    leaving[0].absent = "leave"
    [p for p in eligible if p.duty == "section_head"][-1].absent = "travel"


def _hire(folk: Sequence[Person], agencies: dict[str, Agency]) -> tuple[Staff, Users]:
    """Employees and their users. One hash for all: 240 Argon2 hashes would take longer than everything else."""
    employees = [
        Employee(agency=agencies[p.office.agency], name=p.name, nip=p.nip, nrk=p.nrk, kind=p.kind)
        for p in folk
    ]
    Employee.objects.bulk_create(employees)
    encoded = make_password(PASSWORD)
    staff = dict(zip(folk, employees, strict=True))
    users = [
        User(username=p.nrk, password=encoded, employee=employee, is_staff=p.duty != "member")
        for p, employee in staff.items()
    ]
    User.objects.bulk_create(users)
    User.objects.create(username="admin", password=encoded, is_staff=True, is_superuser=True)
    return staff, dict(zip(folk, users, strict=True))


def _post(staff: Staff, units: dict[str, Unit], sites: dict[str, Site]) -> None:
    """Everybody to a section, the leadership to the office itself, under the head of the level above."""
    heads = {_seat(p): p for p in staff if p.duty in ("section_head", "unit_head")}
    assistant = next((p for p in staff if p.duty == "assistant"), None)
    Posting.objects.bulk_create(
        Posting(
            employee=employee,
            unit=units[_seat(person)],
            site=sites[person.office.site],
            position=person.position,
            superior=staff.get(_superior(person, heads, assistant)),
            starts=_SINCE,
        )
        for person, employee in staff.items()
    )


def _seat(person: Person) -> str:
    code = person.office.code
    return code if person.section is None else f"{code}-{person.section}"


def _superior(person: Person, heads: dict[str, Person], assistant: Person | None) -> Person | None:
    """The head of the section, of the office, or of the heads; the top has nobody above in the system."""
    if person.duty == "assistant":
        return None
    if person.duty == "unit_head":
        return assistant if person.office.agency == DKI else None
    return heads[person.office.code if person.heads else _seat(person)]


def _grant(users: Users, agencies: dict[str, Agency], units: dict[str, Unit]) -> None:
    RoleGrant.objects.bulk_create(
        RoleGrant(
            user=user,
            role=person.duty,
            agency=agencies[person.office.agency],
            unit=units[person.office.code] if person.duty == "officer" else None,
            starts=_SINCE,
        )
        for person, user in users.items()
        if person.duty in ("officer", "hr", "auditor")
    )


def _send_away(staff: Staff, users: Users) -> None:
    """The two approved absences, and a Plh for the head who travels: somebody whom he does not supervise."""
    until = {"leave": date(2023, 8, 23), "travel": date(2023, 8, 22)}
    papers = {"leave": "Cuti tahunan (contoh)", "travel": "Surat tugas (contoh)"}
    for person in [p for p in staff if p.absent]:
        period = {"starts": rota.FIRST, "ends": until[person.absent]}
        Absence.objects.create(
            employee=staff[person],
            kind={"leave": "annual_leave"}.get(person.absent, person.absent),
            status=Absence.Status.APPROVED,
            document=papers[person.absent],
            decided_by=users[_keeper(person, staff)],
            **period,
        )
        if person.heads:
            deputy = _peer(person, staff)
            Delegation.objects.create(superior=staff[person], deputy=staff[deputy], kind="plh", **period)


def _peer(head: Person, staff: Iterable[Person]) -> Person:
    """The head of the section before, else of the office."""
    others = [p for p in staff if p.office is head.office and p.heads and p is not head]
    return others[-1]


def _keeper(person: Person, folk: Iterable[Person]) -> Person:
    """Who decides on a person's papers: the agency's HR, and the unit's officer for HR itself."""
    duty = "officer" if person.duty == "hr" else "hr"
    here = (p for p in folk if p.duty == duty and p.office.agency == person.office.agency)
    return next(p for p in here if duty == "hr" or p.office is person.office)


def _register_homes(staff: Staff, users: Users) -> None:
    for person, employee in staff.items():
        domicile = _propose(employee, person.home, _PROPOSED)
        domiciles.approve(domicile, by=users[_keeper(person, staff)], now=_APPROVED)


def _propose_moves(staff: Staff, rng: Random) -> None:
    """Five people who will move have proposed the new home; until somebody approves, the old one holds."""
    settled = [p for p in staff if p.duty == "member" and not p.at_home and not p.absent]
    for person in rng.sample(settled, min(5, len(settled))):
        _propose(staff[person], people.residence(person, rng), _MOVING)


def _propose(employee: Employee, home: Home, at: datetime) -> Domicile:
    return domiciles.propose(
        employee,
        latitude=home.latitude,
        longitude=home.longitude,
        error_m=home.error_m,
        district=home.district,
        now=at,
    )
