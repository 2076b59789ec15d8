"""Plain functions that make rows for tests; everything not named is ordinary."""

from __future__ import annotations

import itertools
import uuid
from datetime import UTC, date, datetime, time, timedelta

from django.utils.text import slugify

from policy import domiciles
from policy.models import (
    Absence,
    Agency,
    Cap,
    DressCode,
    Employee,
    LegalBasis,
    Phase,
    Posting,
    RoleGrant,
    Roster,
    RosterEntry,
    Scheme,
    Site,
    Unit,
    User,
    WorkingHours,
)

MONDAY = date(2023, 8, 21)
BEFORE = datetime(2023, 8, 18, 10, tzinfo=UTC)
PASSWORD = "a long pass phrase"
OFFICE = (-6.1818, 106.8283)
HOME = (-6.4025, 106.7942)  # Depok
MALL = (-6.3730, 106.8340)  # some five kilometres away
WINDOWS = {
    "in_opens": time(6),
    "in_closes": time(8),
    "out_opens": time(16),
    "out_closes": time(18),
}

_numbers = itertools.count(1)


def wib(text: str, day: date = MONDAY) -> datetime:
    """The UTC instant of a WIB wall time such as "07:10" or "08:00:59" on a day."""
    return datetime.fromisoformat(f"{day}T{text}+07:00").astimezone(UTC)


def make_agency(code: str = "pemprov-dki") -> Agency:
    agency = Agency.objects.create(
        code=code, name=code.title(), video_call_url="https://vicon.example.go.id/{room}"
    )
    WorkingHours.objects.create(
        agency=agency, starts=date(2023, 1, 1), begins=time(7, 30), finishes=time(16), **WINDOWS
    )
    DressCode.objects.create(agency=agency, starts=date(2023, 1, 1), dress="PDH")
    return agency


def make_unit(agency: Agency, name: str = "Seksi", parent: Unit | None = None, **fields) -> Unit:
    kind = fields.pop("level_kind", "section" if parent else "agency_unit")
    return Unit.objects.create(
        agency=agency, parent=parent, name=name, code=f"U{next(_numbers)}", level_kind=kind, **fields
    )


def make_site(agency: Agency, at=OFFICE, zone: str = "Asia/Jakarta", radius_m: float = 150) -> Site:
    point = {"type": "Point", "coordinates": [at[1], at[0]], "radius_m": radius_m}
    return Site.objects.create(agency=agency, name="Balai Kota", geojson=point, zone=zone)


def make_employee(
    unit: Unit, site: Site, name: str = "Pegawai", superior: Employee | None = None, **fields
) -> Employee:
    """An employee with a user, posted to `unit` since 2020."""
    number = next(_numbers)
    starts = fields.pop("starts", date(2020, 1, 1))
    employee = Employee.objects.create(
        agency=unit.agency,
        name=name,
        nrk=f"{100000 + number}",
        nip=f"19850817201001{1}{number % 999 + 1:03d}"[:18].ljust(18, "0"),
        kind=fields.pop("kind", "pns"),
    )
    User.objects.create_user(employee.nrk, PASSWORD, employee=employee, **fields)
    Posting.objects.create(
        employee=employee, unit=unit, site=site, position="Analis", superior=superior, starts=starts
    )
    return employee


def make_grant(user: User, role: str, agency: Agency, unit: Unit | None = None) -> RoleGrant:
    user.is_staff = True
    user.save()
    return RoleGrant.objects.create(user=user, role=role, agency=agency, unit=unit, starts=date(2020, 1, 1))


def make_scheme(agency: Agency | None, number: str = "34/SE/2023", percent: int = 50, **fields) -> Scheme:
    """An active scheme from 21 August to 21 October 2023 with one cap."""
    basis = LegalBasis.objects.create(
        number=number, title="WFH", issuer=f"Sekda {next(_numbers)}", issued_on=date(2023, 8, 18)
    )
    scheme = Scheme.objects.create(
        agency=agency,
        code=slugify(number),
        name=f"SE {number}",
        legal_basis=basis,
        status="active",
        activated_at=BEFORE,
        slots=fields.pop("slots", ["10:00", "14:00", "16:00"]),
        **fields,
    )
    make_phase(scheme, MONDAY, date(2023, 10, 21), percent)
    return scheme


def make_phase(scheme: Scheme, starts: date, ends: date | None, percent: int) -> Phase:
    phase = Phase.objects.create(
        scheme=scheme, name=f"WFH paling banyak {percent} %", starts=starts, ends=ends, **WINDOWS
    )
    Cap.objects.create(phase=phase, measure="wfh", bound="max", percent=percent)
    return phase


def make_domicile(employee: Employee, by: User, at=HOME, error_m: float = 0.0):
    proposed = domiciles.propose(
        employee, latitude=at[0], longitude=at[1], now=BEFORE - timedelta(hours=1), error_m=error_m
    )
    return domiciles.approve(proposed, by=by, now=BEFORE)


def make_absence(
    employee: Employee,
    kind: str = "annual_leave",
    status: str = "approved",
    starts: date = MONDAY,
    ends: date | None = MONDAY,
) -> Absence:
    """An absence decided by HR."""
    by = User.objects.filter(grants__role="hr", grants__agency=employee.agency).first()
    return Absence.objects.create(
        employee=employee, kind=kind, status=status, starts=starts, ends=ends, decided_by=by
    )


def make_rota(unit: Unit, plan: dict[Employee, str], day: date = MONDAY, days: int = 1) -> Roster:
    """A rota in force, written past the cap: tests of the cap publish one themselves."""
    last = day + timedelta(days=days - 1)
    version = Roster.objects.filter(unit=unit).count() + 1
    roster = Roster.objects.create(
        unit=unit, version=version, starts=day, ends=last, status="published", published_at=BEFORE
    )
    RosterEntry.objects.bulk_create(
        RosterEntry(roster=roster, employee=employee, date=day + timedelta(days=n), mode=mode, in_force=True)
        for employee, mode in plan.items()
        for n in range(days)
    )
    return roster


def a_report(**changes) -> dict:
    """The JSON of an honest report from home; `latitude` and the like go into the location."""
    location = {
        "latitude": HOME[0],
        "longitude": HOME[1],
        "accuracy_m": 10,
        "is_mock": False,
        "age_ms": 800,
    }
    body = {"id": str(uuid.uuid4()), "captured_at": "2023-08-21T07:10:00+07:00", "uniform_photo": True}
    for name, value in changes.items():
        (location if name in location else body)[name] = value
    return body | {"location": changes.get("location", location)}


def a_check_in(**changes) -> dict:
    """The JSON of an honest check-in from home."""
    return a_report(**{"kind": "in", **changes})


def at(place: tuple[float, float]) -> dict:
    """The coordinates of a place as changes to a report."""
    return {"latitude": place[0], "longitude": place[1]}
