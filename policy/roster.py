"""The rota: publish it, and say what is expected of whom on a date."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q

from policy import facts, quota
from policy.calendar import ZONES, local_day
from policy.errors import DomainError
from policy.models import Agency, Cap, Exclusion, Phase, Posting, Roster, RosterEntry, Unit, User
from policy.rules import Expectation, SchemeTerms, expect


@dataclass(frozen=True, slots=True)
class Expected:
    """What is expected of an employee on a date, with unit and superior as they are then."""

    employee_id: int
    unit_id: int
    superior_id: int | None
    expectation: Expectation


def expectation(employee_id: int, day: date, at: datetime) -> Expected | None:
    """What is expected of one employee on `day`, with the domicile in force at `at` (UTC).

    None when the employee has no posting on that date.
    """
    return expectations([employee_id], day, at).get(employee_id)


def expectations(employees: Sequence[int], day: date, at: datetime) -> dict[int, Expected]:
    """What is expected on `day` of the employees, by id; those without a posting then are left out. One query."""
    return {
        posted.employee_id: Expected(
            posted.employee_id, posted.unit_id, posted.superior_id, expect(posted.facts)
        )
        for posted in facts.posted(employees, day, at)
    }


def work_day(employee_id: int, now: datetime) -> date:
    """The local date at the employee's workplace; asks for the zone only while the zones disagree."""
    days = {local_day(now, zone) for zone in ZONES}
    if len(days) == 1:
        return days.pop()
    latest = Posting.objects.filter(employee=employee_id, starts__lte=max(days)).order_by("-starts")
    zone = latest.values_list("site__zone", flat=True).first()
    return local_day(now, zone or settings.TIME_ZONE)


@transaction.atomic
def publish(roster: Roster, *, by: User, now: datetime) -> Roster:
    """Puts a draft in force for its unit and dates, in place of any earlier version.

    1. Lock the unit, so that concurrent publications wait for each other.  2. Check every date against
    postings, exclusions and the cap.  3. Flip the entries.  Raises DomainError entry_outside_period,
    not_of_this_unit, excluded_unit, no_scheme or cap_exceeded.
    """
    Unit.objects.select_for_update(no_key=True).get(pk=roster.unit_id)  # check-ins refer to it meanwhile
    roster = Roster.objects.select_related("unit").get(pk=roster.pk)
    if roster.status != Roster.Status.DRAFT:
        raise DomainError("already_published", "This version has been published already.")
    _refuse_strangers(roster)
    _refuse_excluded(roster)
    _refuse_above_cap(roster)
    in_force = RosterEntry.objects.filter(in_force=True)
    in_force.filter(_period(roster), roster__in=roster.unit.rosters.all()).update(in_force=False)
    # A plan that a former unit made for somebody who has moved here since.
    planned = roster.entries.filter(employee=OuterRef("employee"), date=OuterRef("date"))
    in_force.filter(Exists(planned)).update(in_force=False)
    roster.entries.update(in_force=True)
    roster.status, roster.published_at, roster.published_by = Roster.Status.PUBLISHED, now, by
    roster.save()
    return roster


def _period(roster: Roster) -> Q:
    """The dates of a rota; one without an end is open."""
    return Q(date__gte=roster.starts) & (Q(date__lte=roster.ends) if roster.ends else Q())


def _refuse_strangers(roster: Roster) -> None:
    """A rota plans the people of its unit, on the dates of its period."""
    if roster.entries.exclude(_period(roster)).exists():
        raise DomainError("entry_outside_period", "An entry lies outside the period of the rota.")
    posted = Posting.objects.filter(
        Q(ends__isnull=True) | Q(ends__gte=OuterRef("date")),
        employee=OuterRef("employee"),
        unit=roster.unit_id,
        starts__lte=OuterRef("date"),
    )
    stranger = roster.entries.filter(~Exists(posted)).select_related("employee").first()
    if stranger:
        raise DomainError("not_of_this_unit", f"{stranger.employee} is not posted here on {stranger.date}.")


def _refuse_excluded(roster: Roster) -> None:
    if roster.unit_id in excluded_units(roster.unit.agency_id) and roster.entries.filter(mode="wfh").exists():
        raise DomainError(
            "excluded_unit", f"{roster.unit} does not work from home under any scheme in force."
        )


def _refuse_above_cap(roster: Roster) -> None:
    asn = roster.entries.filter(mode="wfh").exclude(employee__kind="contract_staff")
    for day, planned in asn.order_by("date").values_list("date").annotate(Count("pk")):
        terms = facts.terms_on(roster.unit.agency_id, day)
        if terms is None:
            raise DomainError("no_scheme", f"No scheme is in force on {day}.")
        allowed = quota.most(_asn([roster.unit], day).get(roster.unit_id, 0), _percent(terms))
        if planned > allowed:
            raise DomainError("cap_exceeded", f"{day}: {planned} WFH planned, {allowed} allowed.")


def _percent(terms: SchemeTerms) -> int:
    """The WFH maximum of a phase in percent; a phase that sets none allows none."""
    cap = Cap.objects.filter(phase=terms.phase_id, measure="wfh", bound="max").first()
    return cap.percent if cap else 0


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
    terms = facts.terms_on(agency_id, day)
    if terms is None:
        return {}
    percent = _percent(terms)
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
