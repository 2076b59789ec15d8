"""The rota: publish it, and read from it what is expected of whom on a date.

`expectations` takes two queries for any number of people.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from django.conf import settings
from django.db import transaction
from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

from policy import domiciles, quota
from policy.calendar import ZONES, Windows, local_day
from policy.errors import DomainError
from policy.models import (
    Absence,
    Agency,
    CalendarDay,
    Cap,
    Domicile,
    Exclusion,
    Phase,
    Posting,
    Roster,
    RosterEntry,
    Unit,
    User,
    WorkingHours,
)
from policy.rules import AgencyDay, DayFacts, Expectation, Place, SchemeTerms, expect


@dataclass(frozen=True, slots=True)
class Expected:
    """A posted employee on a date: the posting row (employee, unit, site loaded) and what is expected."""

    posting: Posting
    expectation: Expectation


def expectation(employee_id: int, day: date, at: datetime) -> Expected | None:
    """What is expected of one employee on `day`, with the domicile in force at `at` (UTC).

    None when the employee has no posting on that date.
    """
    return expectations(Posting.objects.filter(employee=employee_id), day, at).get(employee_id)


def expectations(postings: QuerySet, day: date, at: datetime) -> dict[int, Expected]:
    """What is expected on `day` of everybody in `postings`, by employee id. Two queries.

    `postings` is any queryset of Posting; those that do not hold on `day` are left out.
    """
    rows = list(_with_facts(postings.on(day), day))
    homes = _homes([row.employee_id for row in rows if row.entry_mode == "wfh"], at)
    return {row.employee_id: Expected(row, expect(_facts(row, day, homes))) for row in rows}


def work_day(employee_id: int, now: datetime) -> date:
    """The local date at the employee's workplace; asks for the zone only while the zones disagree."""
    days = {local_day(now, zone) for zone in ZONES}
    if len(days) == 1:
        return days.pop()
    latest = Posting.objects.filter(employee=employee_id).order_by("-starts")
    zone = latest.values_list("site__zone", flat=True).first()
    return local_day(now, zone or settings.TIME_ZONE)


def terms_on(agency_id: int, day: date) -> SchemeTerms | None:
    """The phase of the agency's own active scheme on `day`; the shortest, most specific phase decides."""
    terms = _phases(day).filter(scheme__agency=agency_id).values_list("terms", flat=True).first()
    return _terms(terms)


def _phases(day: date) -> QuerySet:
    """The active phases on `day` as JSON `terms`, the shortest first."""
    names = ("pk", "name", *_WINDOW_FIELDS)
    scheme = (
        "scheme__name",
        "scheme__legal_basis__number",
        "scheme__slots",
        "scheme__uniform_photo",
        "scheme__closing_second",
    )
    return (
        Phase.objects.on(day)
        .filter(scheme__status="active")
        .annotate(terms=JSONObject(**{name: F(name) for name in (*names, *scheme)}))
        .order_by((F("ends") - F("starts")).asc(nulls_last=True), "-starts", "pk")
    )


def _terms(terms: dict | None) -> SchemeTerms | None:
    if terms is None:
        return None
    return SchemeTerms(
        phase_id=terms["pk"],
        scheme=terms["scheme__name"],
        phase=terms["name"],
        legal_basis=terms["scheme__legal_basis__number"],
        windows=_windows(terms),
        slots=tuple(time.fromisoformat(text) for text in terms["scheme__slots"]),
        uniform_photo=terms["scheme__uniform_photo"],
        closing_second=terms["scheme__closing_second"],
    )


def _with_facts(postings: QuerySet, day: date) -> QuerySet:
    """The postings with holiday, hours, absence and planned mode, all in one query."""
    agency, employee = OuterRef("unit__agency"), OuterRef("employee")
    hours = JSONObject(**{name: F(name) for name in (*_WINDOW_FIELDS, "dress")})
    return postings.select_related("employee", "unit__agency", "site").annotate(
        holiday=Subquery(CalendarDay.objects.filter(agency=agency, date=day).values("name")[:1]),
        hours=Subquery(WorkingHours.objects.on(day).filter(agency=agency).values(json=hours)[:1]),
        absence=Subquery(
            Absence.objects.on(day).filter(employee=employee, status="approved").values("kind")[:1]
        ),
        entry_mode=Subquery(
            RosterEntry.objects.filter(employee=employee, date=day, in_force=True).values("mode")[:1]
        ),
        terms=Subquery(_phases(day).filter(scheme__agency=agency).values("terms")[:1]),
    )


_WINDOW_FIELDS = ("in_opens", "in_closes", "out_opens", "out_closes")
# Perpres 21/2023 and the DKI practice, for an agency that has not entered hours of its own yet.
_NATIONAL = {
    "in_opens": "06:00",
    "in_closes": "07:30",
    "out_opens": "16:00",
    "out_closes": "18:00",
    "dress": [],
}


def _homes(employees: list[int], at: datetime) -> dict[int, Place]:
    found = Domicile.objects.in_force(at).filter(employee__in=employees).select_related("location")
    return {domicile.employee_id: domiciles.place_of(domicile) for domicile in found}


def _facts(row: Posting, day: date, homes: dict[int, Place]) -> DayFacts:
    return DayFacts(
        date=day,
        zone=row.site.zone,
        employed=row.employee.is_active,
        office=Place("site", row.site_id, row.site.name, row.site.fence),
        domicile=homes.get(row.employee_id),
        planned=row.entry_mode,
        absence=row.absence,
        agency_day=_agency_day(row, day),
        terms=_terms(row.terms),
    )


def _agency_day(row: Posting, day: date) -> AgencyDay:
    hours = row.hours or _NATIONAL
    dress = hours["dress"]
    return AgencyDay(_windows(hours), dress[day.weekday()] if day.weekday() < len(dress) else "", row.holiday)


def _windows(fields: dict) -> Windows:
    return Windows(*(time.fromisoformat(fields[name]) for name in _WINDOW_FIELDS))


@transaction.atomic
def publish(roster: Roster, *, by: User, now: datetime) -> Roster:
    """Puts a draft in force for its unit and dates, in place of any earlier version.

    1. Lock the unit, so that concurrent publications wait for each other.  2. Check every date against
    exclusions and the cap.  3. Flip the entries.  Raises DomainError excluded_unit, no_scheme or cap_exceeded.
    """
    Unit.objects.select_for_update().get(pk=roster.unit_id)
    roster = Roster.objects.select_related("unit").get(pk=roster.pk)
    if roster.status != Roster.Status.DRAFT:
        raise DomainError("already_published", "This version has been published already.")
    _refuse_excluded(roster)
    _refuse_above_cap(roster)
    dates = {"date__gte": roster.starts, **({"date__lte": roster.ends} if roster.ends else {})}
    RosterEntry.objects.filter(roster__unit=roster.unit, in_force=True, **dates).update(in_force=False)
    roster.entries.update(in_force=True)
    roster.status, roster.published_at, roster.published_by = Roster.Status.PUBLISHED, now, by
    roster.save()
    return roster


def _refuse_excluded(roster: Roster) -> None:
    if roster.unit_id in excluded_units(roster.unit.agency_id) and roster.entries.filter(mode="wfh").exists():
        raise DomainError(
            "excluded_unit", f"{roster.unit} does not work from home under any scheme in force."
        )


def _refuse_above_cap(roster: Roster) -> None:
    asn = roster.entries.filter(mode="wfh").exclude(employee__kind="contract_staff")
    for day, planned in asn.order_by("date").values_list("date").annotate(Count("pk")):
        allowed = allowance(roster.unit, day)
        if allowed is None:
            raise DomainError("no_scheme", f"No scheme is in force on {day}.")
        if planned > allowed.allowed:
            raise DomainError("cap_exceeded", f"{day}: {planned} WFH planned, {allowed.allowed} allowed.")


@dataclass(frozen=True, slots=True)
class Allowance:
    """How many of a unit may work from home on a date, and by which document."""

    unit: Unit
    day: date
    headcount: int
    allowed: int
    percent: int
    document: str
    warnings: tuple[str, ...]


def allowance(unit: Unit, day: date) -> Allowance | None:
    """The WFH cap of a lowest unit on `day`; None where no scheme of its agency is in force."""
    return _allowances(unit.agency_id, day, [unit]).get(unit.pk)


def allowances(agency: Agency, day: date) -> dict[int, Allowance]:
    """The WFH caps of every unit of an agency on `day`, by unit id; empty without a scheme in force."""
    return _allowances(agency.pk, day, list(Unit.objects.filter(agency=agency)))


def _allowances(agency_id: int, day: date, units: list[Unit]) -> dict[int, Allowance]:
    """One cap and one head count for all units.

    Denominator: all ASN of the unit on that date, people on leave included, contract staff excluded
    (SE 34/SE/2023, domain reference D-03 and edge case 3). A lower national cap only warns (Q4).
    """
    terms = terms_on(agency_id, day)
    if terms is None:
        return {}
    cap = Cap.objects.filter(phase=terms.phase_id, measure="wfh", bound="max").first()
    percent = cap.percent if cap else 0
    closed = excluded_units(agency_id)
    asn = _asn(units, day)
    warnings = tuple(_lower_national_caps(day, percent))
    return {
        unit.pk: Allowance(
            unit=unit,
            day=day,
            headcount=asn.get(unit.pk, 0),
            allowed=0 if unit.pk in closed else quota.most(asn.get(unit.pk, 0), percent),
            percent=percent,
            document=terms.legal_basis,
            warnings=warnings,
        )
        for unit in units
    }


def _asn(units: list[Unit], day: date) -> dict[int, int]:
    """The ASN posted to each unit on `day`, the denominators of the caps."""
    posted = Posting.objects.on(day).filter(unit__in=units, employee__is_active=True)
    counted = posted.exclude(employee__kind="contract_staff").order_by().values_list("unit")
    return dict(counted.annotate(Count("pk")))


def excluded_units(agency_id: int) -> set[int]:
    """The units that the agency's active schemes let nobody work from home in, with all below them."""
    excluded = Exclusion.objects.filter(scheme__status="active", scheme__agency=agency_id)
    closed = set(excluded.values_list("unit", flat=True))
    below = Unit.objects.filter(agency=agency_id).with_tree_fields()
    return {unit.pk for unit in below if closed.intersection(unit.tree_path)} if closed else set()


def _lower_national_caps(day: date, percent: int) -> Iterable[str]:
    caps = Cap.objects.filter(
        phase__in=Phase.objects.on(day),
        phase__scheme__agency=None,
        measure="wfh",
        bound="max",
        percent__lt=percent,
    )
    for cap in caps.filter(phase__scheme__status="active").select_related("phase__scheme__legal_basis"):
        yield f"{cap.phase.scheme.legal_basis}: {cap}"


def root(agency: Agency, day: date) -> bytes:
    """SHA-256 over the plan in force of an agency on `day`: any later change of the plan changes it."""
    entries = RosterEntry.objects.filter(employee__agency=agency, date=day, in_force=True)
    lines = entries.order_by("employee", "segment").values_list("employee", "segment", "mode")
    text = "\n".join(f"{employee}|{segment}|{mode}" for employee, segment, mode in lines)
    return hashlib.sha256(text.encode()).digest()
