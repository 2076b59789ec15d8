"""The rows of a scheme's version out of the values of a file, and back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time

from django.db.models import Q

from policy.calendar import Windows
from policy.models import Agency, Cap, Exclusion, LegalBasis, Phase, Pooling, Scheme, Unit
from policy.schemes.values import (
    OPTIONAL,
    CapFile,
    DocumentFile,
    ExclusionFile,
    PhaseFile,
    PoolingFile,
    PriorityFile,
    SchemeFile,
    settled,
)

TIMES = ("in_opens", "in_closes", "out_opens", "out_closes")
_AS_THEY_ARE = [name for name in OPTIONAL if name not in ("national", "slots")]


# -- Writing --


def write(file: SchemeFile, *, agency: Agency | None, version: int, units: dict[str, Unit]) -> Scheme:
    """A draft with everything that a version stores of a file; `units` are those that it names, by code."""
    whole = settled(file)
    scheme = Scheme.objects.create(
        agency=agency,
        code=whole.code,
        version=version,
        name=whole.name,
        legal_basis=_basis(whole.document),
        slots=[f"{at:%H:%M}" for at in whole.slots or ()],
        priorities=[_priority(one) for one in whole.priorities],
        **{name: _plain(getattr(whole, name)) for name in _AS_THEY_ARE},
    )
    for one in whole.phases:
        _write_phase(scheme, one, units)
    Exclusion.objects.bulk_create(_exclusion(scheme, one, units) for one in whole.exclusions)
    Pooling.objects.bulk_create(
        Pooling(scheme=scheme, unit=units[one.unit], reason=one.reason) for one in whole.poolings
    )
    return scheme


def _basis(document: DocumentFile) -> LegalBasis | None:
    """The document; None while a part of it is unknown."""
    if not document.is_complete:
        return None
    stated = {"title": document.title, "issued_on": document.issued_on}
    basis, _ = LegalBasis.objects.get_or_create(
        number=document.number, issuer=document.issuer, defaults=stated
    )
    return basis


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _priority(one: PriorityFile) -> dict[str, object]:
    stated = {"ground": one.ground, "domicile": one.domicile, "office": one.office}
    return {name: _plain(value) for name, value in stated.items() if value}


def _write_phase(scheme: Scheme, one: PhaseFile, units: dict[str, Unit]) -> None:
    phase = Phase.objects.create(
        scheme=scheme,
        name=one.name,
        starts=one.starts,
        ends=one.ends,
        regions=list(one.regions),
        **times_of(one.windows),
    )
    phase.units.set(units[code] for code in one.units)
    Cap.objects.bulk_create(
        Cap(
            phase=phase,
            measure=cap.measure,
            bound=cap.bound,
            percent=cap.percent,
            denominator=cap.denominator,
            category=cap.category or "",
        )
        for cap in one.caps
    )


def times_of(windows: Windows | None) -> dict[str, time | None]:
    """The four columns of two windows."""
    return {name: windows and getattr(windows, name) for name in TIMES}


def _exclusion(scheme: Scheme, one: ExclusionFile, units: dict[str, Unit]) -> Exclusion:
    return Exclusion(
        scheme=scheme,
        unit=units[one.unit] if one.unit else None,
        category=one.category or "",
        post=one.post or "",
        reason=one.reason,
    )


# -- Reading back --


def file_of(scheme: Scheme) -> SchemeFile:
    """What a stored version says, as the values of a file; for comparing, checking and explaining it."""
    phases = scheme.phases.order_by("pk").prefetch_related("caps", "units")
    exclusions = scheme.exclusions.order_by("pk").select_related("unit")
    poolings = scheme.poolings.order_by("pk").select_related("unit")
    fields = {name: getattr(scheme, name) for name in _AS_THEY_ARE}
    return SchemeFile(
        code=scheme.code,
        name=scheme.name,
        national=scheme.agency_id is None,
        document=_document_of(scheme.legal_basis),
        slots=tuple(time.fromisoformat(text) for text in scheme.slots),
        phases=tuple(_phase_of(phase) for phase in phases),
        exclusions=tuple(_exclusion_of(one) for one in exclusions),
        poolings=tuple(PoolingFile(one.unit.code, one.reason) for one in poolings),
        priorities=tuple(_priority_of(one) for one in scheme.priorities),
        **{name: tuple(value) if isinstance(value, list) else value for name, value in fields.items()},
    )


def as_stored(file: SchemeFile) -> SchemeFile:
    """The part of a file that a version stores: what `file_of` gives back."""
    whole = settled(file)
    document = whole.document if whole.document.is_complete else DocumentFile()
    phases = tuple(replace(phase, units=tuple(sorted(phase.units))) for phase in whole.phases)
    return replace(whole, document=document, phases=phases, addressed_to=None, hours=(), dress=(), notes=())


def beside(file: SchemeFile, agency: Agency) -> Iterator[tuple[Scheme, PhaseFile]]:
    """The phases of other schemes, the agency's and national ones, that hold on some date of the file's.

    Their dates are cut to those of their version.
    """
    first = min((phase.starts for phase in file.phases), default=date.max)
    last = max((phase.ends or date.max for phase in file.phases), default=date.min)
    phases = Phase.objects.touching(first, last).select_related("scheme").prefetch_related("caps", "units")
    whose = Q(scheme__agency=agency) | Q(scheme__agency=None)
    same = Q(scheme__code=file.code, scheme__agency=None if file.national else agency)
    for phase in phases.filter(whose).exclude(same).order_by("starts", "pk"):
        version, held = phase.scheme, _phase_of(phase)
        ends = min(filter(None, (held.ends, version.last_day)), default=None)
        yield version, replace(held, starts=max(held.starts, version.first_day or held.starts), ends=ends)


def _document_of(basis: LegalBasis | None) -> DocumentFile:
    return DocumentFile(basis.number, basis.title, basis.issuer, basis.issued_on) if basis else DocumentFile()


def _phase_of(phase: Phase) -> PhaseFile:
    times = [getattr(phase, name) for name in TIMES]
    caps = sorted(phase.caps.all(), key=lambda cap: cap.pk)
    return PhaseFile(
        name=phase.name,
        starts=phase.starts,
        ends=phase.ends,
        windows=Windows(*times) if times[0] else None,
        units=tuple(sorted(unit.code for unit in phase.units.all())),
        regions=tuple(phase.regions),
        caps=tuple(
            CapFile(cap.measure, cap.bound, cap.percent, cap.denominator, cap.category or None)
            for cap in caps
        ),
    )


def _exclusion_of(one: Exclusion) -> ExclusionFile:
    return ExclusionFile(one.reason, one.unit and one.unit.code, one.category or None, one.post or None)


def _priority_of(row: dict) -> PriorityFile:
    regions = (tuple(row[name]) if row.get(name) else None for name in ("domicile", "office"))
    return PriorityFile(row.get("ground"), *regions)
