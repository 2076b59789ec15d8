"""Puts schemes in force: load a file as a draft, activate, replace, revoke. Every version is kept."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Q

from policy.calendar import local_day
from policy.errors import DomainError
from policy.models import Agency, DressCode, LegalBasis, Scheme, SchemeChange, Site, Unit, User, WorkingHours
from policy.rules import within
from policy.schemes import checks, rows
from policy.schemes.values import MONDAY_TO_FRIDAY, DressFile, HoursFile, SchemeFile

log = logging.getLogger("hadir.schemes")


@transaction.atomic
def load(file: SchemeFile, *, agency: Agency | None, by: User | None, now: datetime) -> Scheme:
    """A new draft version of the file's scheme; the latest version where that says the same and is not over.

    1. Lock the agency, so that two loads number their versions one after the other.  2. Refuse what does not hold
    together, and names that the agency does not know.  3. Write the rows.
    """
    _lock(agency)
    _refuse_problems(file)
    for objection in objections(file, agency=agency):
        raise objection
    found = same(file, agency=agency)
    if found:
        return found
    units = _units(file, agency)
    last = _versions(agency, file.code).aggregate(last=Max("version"))["last"] or 0
    scheme = rows.write(file, agency=agency, version=last + 1, units=units)
    _tell("loaded", scheme, by, now)
    return scheme


def same(file: SchemeFile, *, agency: Agency | None) -> Scheme | None:
    """The latest version of the file's scheme if it says the same and is a draft or active."""
    latest = _versions(agency, file.code).order_by("-version").first()
    if latest is None or latest.status in (Scheme.Status.REPLACED, Scheme.Status.REVOKED):
        return None
    return latest if rows.file_of(latest) == rows.as_stored(file) else None


def objections(file: SchemeFile, *, agency: Agency | None) -> Iterator[DomainError]:
    """What keeps a file that holds together from being loaded for an agency.

    A circular of one agency must not become a national scheme by a forgotten option, nor the other way. A phase for
    a region without an office would hold for nobody.
    """
    if file.national and agency:
        yield DomainError("scheme_is_national", "Skema ini nasional dan tidak dimuat untuk satu instansi.")
    if not file.national and agency is None:
        yield DomainError("agency_missing", "Skema ini milik satu instansi; sebutkan instansinya.")
    try:
        units = _units(file, agency)
    except DomainError as unknown:
        yield unknown
        units = {}
    top = [one.unit for one in file.poolings if one.unit in units and units[one.unit].parent_id is None]
    if top:
        yield DomainError("no_parent_unit", f"Unit kerja ini tidak memiliki unit induk: {', '.join(top)}.")
    empty = _regions_without_office(file, agency) if agency else []
    if empty:
        yield DomainError("unknown_region", f"Tidak ada kantor di wilayah {', '.join(empty)}.")
    yield from _other_document(file)


def _regions_without_office(file: SchemeFile, agency: Agency) -> list[str]:
    offices = set(Site.objects.filter(agency=agency).values_list("region", flat=True))
    named = {region for phase in file.phases for region in phase.regions}
    return sorted(region for region in named if not any(within(office, region) for office in offices))


def _other_document(file: SchemeFile) -> Iterator[DomainError]:
    """A document that is registered already says the same."""
    document = file.document
    if not document.is_complete:
        return
    known = LegalBasis.objects.filter(number=document.number, issuer=document.issuer).first()
    if known and (known.title, known.issued_on) != (document.title, document.issued_on):
        detail = f"{known.number} sudah terdaftar dengan judul “{known.title}” tanggal {known.issued_on}."
        yield DomainError("document_differs", detail)


@transaction.atomic
def activate(scheme: Scheme, *, by: User | None, now: datetime, first_day: date | None = None) -> Scheme:
    """Puts a draft in force from `first_day`, in place of the version before, which ends the day before.

    1. Lock all versions, so that two activations come one after the other.  2. Refuse what is no draft, has no
    document, contradicts itself or would change closed days.  3. End the others, then activate. The first version
    needs no first day: then the dates of its phases decide alone. Later ones begin today if nothing is said.
    """
    scheme = _claim(scheme)
    if scheme.status != Scheme.Status.DRAFT:
        raise DomainError("not_a_draft", f"Versi {scheme.version} berstatus {scheme.get_status_display()}.")
    if scheme.legal_basis is None:
        raise DomainError("document_missing", "Skema tanpa dasar hukum tidak dapat diberlakukan.")
    file = rows.file_of(scheme)
    _refuse_problems(file)
    enacted = _versions(scheme.agency, scheme.code).exclude(status=Scheme.Status.DRAFT)
    if first_day is None and enacted.exists():
        first_day = local_day(now, settings.TIME_ZONE)
    starts = min(phase.starts for phase in file.phases)
    # In place of another version the change begins on the first day, even where the new phases begin later.
    changes_from = first_day if first_day and enacted.exists() else max(starts, first_day or starts)
    _refuse_closed(scheme.agency, changes_from)
    if first_day:
        _end_before(enacted, first_day)
    scheme.status, scheme.activated_at, scheme.first_day = Scheme.Status.ACTIVE, now, first_day
    scheme.save()
    _tell("activated", scheme, by, now)
    return scheme


@transaction.atomic
def revoke(scheme: Scheme, *, last_day: date, by: User | None, now: datetime, reason: str) -> Scheme:
    """Ends the active version early: `last_day` is the last day on which it holds."""
    scheme = _claim(scheme)
    if scheme.status != Scheme.Status.ACTIVE:
        raise DomainError("not_active", f"Versi {scheme.version} berstatus {scheme.get_status_display()}.")
    if not reason.strip():
        raise DomainError("reason_missing", "Tuliskan dasar pencabutan.")
    _refuse_closed(scheme.agency, last_day + timedelta(days=1))
    scheme.status, scheme.last_day = Scheme.Status.REVOKED, last_day
    scheme.save()
    _tell("revoked", scheme, by, now, reason)
    return scheme


@transaction.atomic
def adopt_patterns(file: SchemeFile, *, agency: Agency, by: User | None, now: datetime) -> int:
    """Writes the working hours and the dress of a file that the agency does not have yet; answers how many.

    They are the agency's, not a version's, and hold from their own dates on: so they come with activation.
    """
    agency = _lock(agency) or agency
    _refuse_problems(file)
    units = _units(file, agency)
    new = [(model, row) for model, row in _patterns(file, units) if not _is_there(agency, model, row)]
    for model, row in new:
        _refuse_closed(agency, row["starts"])
        model.objects.create(agency=agency, **row)
    log.info("%s: %s rows of hours and dress adopted by %s at %s", file.code, len(new), _name(by), now)
    return len(new)


def _lock(agency: Agency | None) -> Agency | None:
    """The agency as it stands now; a national scheme has none, there constraints decide between two loads."""
    return agency and Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)


def _versions(agency: Agency | None, code: str):
    return Scheme.objects.filter(agency=agency, code=code)


def _claim(scheme: Scheme) -> Scheme:
    """The scheme as it stands now, with all its versions locked."""
    _lock(scheme.agency)
    versions = _versions(scheme.agency, scheme.code).order_by("pk").select_for_update(no_key=True)
    return next(one for one in versions if one.pk == scheme.pk)


def _end_before(enacted, first_day: date) -> None:
    """Ends the active version, and cuts one that was revoked or replaced for a later day."""
    last_day = first_day - timedelta(days=1)
    longer = enacted.filter(Q(last_day__isnull=True) | Q(last_day__gt=last_day))
    longer.exclude(status=Scheme.Status.ACTIVE).update(last_day=last_day)
    enacted.filter(status=Scheme.Status.ACTIVE).update(status=Scheme.Status.REPLACED, last_day=last_day)


def _refuse_problems(file: SchemeFile) -> None:
    """The first problem is the refusal: phase_without_cap, contradictory_caps, overlapping_phase, ..."""
    for problem in checks.problems(file):
        raise DomainError(problem.code, f"{problem.where}: {problem.detail}")


def _refuse_closed(agency: Agency | None, first: date) -> None:
    """Closed days keep the scheme under which they were closed."""
    until = agency and agency.closed_until
    if until and first <= until:
        raise DomainError("period_closed", f"Hari sampai dengan {until} sudah dikunci.")


def _units(file: SchemeFile, agency: Agency | None) -> dict[str, Unit]:
    """The units that the file names, by code. Raises DomainError unknown_unit."""
    named = {code for phase in file.phases for code in phase.units}
    named |= {one.unit for one in (*file.exclusions, *file.poolings, *file.hours, *file.dress) if one.unit}
    found = {unit.code: unit for unit in Unit.objects.filter(agency=agency, code__in=named)}
    unknown = sorted(named - set(found))
    if unknown:
        raise DomainError("unknown_unit", f"Kode unit kerja tidak dikenal: {', '.join(unknown)}.")
    return found


def _patterns(file: SchemeFile, units: dict[str, Unit]) -> Iterator[tuple[type, dict]]:
    """Hours and dress as the columns of their tables."""
    for hours in file.hours:
        yield WorkingHours, _pattern(hours, units) | _hours(hours)
    for worn in file.dress:
        yield DressCode, _pattern(worn, units) | {"dress": worn.dress}


def _pattern(one: HoursFile | DressFile, units: dict[str, Unit]) -> dict:
    return {
        "unit": units[one.unit] if one.unit else None,
        "starts": one.starts,
        "ends": one.ends,
        "weekdays": list(one.weekdays or MONDAY_TO_FRIDAY),
    }


def _hours(one: HoursFile) -> dict:
    return {
        "code": one.code or "",
        "name": one.name,
        "begins": one.begins,
        "finishes": one.finishes,
        "break_begins": one.break_begins,
        "break_finishes": one.break_finishes,
        "flex_minutes": one.flex_minutes or 0,
        **rows.times_of(one.windows or checks.windows_around(one)),
    }


def _is_there(agency: Agency, model: type, row: dict) -> bool:
    """Whether a row says exactly this already."""
    absent = {f"{name}__isnull": True for name, value in row.items() if value is None}
    stated = {name: value for name, value in row.items() if value is not None}
    return model.objects.filter(agency=agency, **stated, **absent).exists()


def _tell(what: str, scheme: Scheme, by: User | None, now: datetime, note: str = "") -> None:
    """Keeps who did what, when and why."""
    SchemeChange.objects.create(scheme=scheme, what=what, reason=note, changed_by=by, changed_at=now)


def _name(by: User | None) -> str:
    return by.username if by else "the command line"
