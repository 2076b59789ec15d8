"""What signs in to the scenario: account, role, and where the day of 21 August expects the person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from policy import roster
from policy.demo.people import Person
from policy.demo.rota import FIRST
from policy.models import Employee, Posting, Site
from policy.rules import Expectation, Place

PASSWORD = "hadir-demo-2023"
_MORNING = datetime(2023, 8, 20, 22, 55, tzinfo=UTC)  # 21 August, 05:55 WIB
_ROLES = {
    "hr": "hr",
    "officer": "officer",
    "auditor": "auditor",
    "assistant": "supervisor",
    "unit_head": "supervisor",
    "section_head": "supervisor",
}

Account = dict[str, Any]


def accounts_of(staff: dict[Person, Employee]) -> list[Account]:
    """An account for everybody, as the day itself answers who is expected where; the administrator last."""
    employees = [employee.pk for employee in staff.values()]
    expected = roster.expectations(employees, FIRST, _MORNING)
    held = Posting.objects.on(FIRST).filter(employee__in=employees).select_related("site")
    sites = {posting.employee_id: posting.site for posting in held}
    people = (_account(p, expected[e.pk].expectation, sites[e.pk]) for p, e in staff.items())
    return [*people, _admin()]


def _account(person: Person, expected: Expectation, site: Site) -> Account:
    office = _place(Place("site", site.pk, site.name, site.fence))
    places = expected.places
    return {
        "username": person.nrk,
        "password": PASSWORD,
        "role": _ROLES.get(person.duty, "employee"),
        "agency": person.office.agency,
        "unit": person.office.name,
        "mode": expected.mode,
        "place": _place(places[0]) if places else office,
        "office": office,
        "persona": person.persona,
        "name": person.name,
    }


def _place(place: Place) -> dict[str, Any]:
    """A circle as its middle and radius (degrees, metres), everything else as GeoJSON."""
    geojson = place.fence.to_geojson()
    if geojson["type"] != "Point":
        return {"kind": place.kind, "geojson": geojson}
    longitude, latitude = geojson["coordinates"]
    return {
        "kind": place.kind,
        "latitude": latitude,
        "longitude": longitude,
        "radius_m": geojson["radius_m"],
    }


def _admin() -> Account:
    """The technical administrator: configures, and sees no evidence."""
    nothing = dict.fromkeys(("agency", "unit", "mode", "place", "office", "persona"))
    return {"username": "admin", "password": PASSWORD, "role": "admin", **nothing, "name": "admin"}


def summary(accounts: Sequence[Account]) -> str:
    """Units with people and planned WFH on 21 August, and how many accounts each role has."""
    people = Counter(a["unit"] for a in accounts if a["unit"])
    home = Counter(a["unit"] for a in accounts if a["mode"] == "wfh")
    roles = Counter(a["role"] for a in accounts)
    lines = [f"{unit:<52}{people[unit]:>5} people{home[unit]:>5} WFH" for unit in people]
    total = f"{'21 August 2023':<52}{people.total():>5} people{home.total():>5} WFH"
    named = ", ".join(f"{count} {role}" for role, count in roles.items())
    return "\n".join([*lines, total, f"accounts: {named}; password {PASSWORD}"])
