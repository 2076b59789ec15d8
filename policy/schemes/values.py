"""A scheme as plain values, the way a file in policy/schemes/ or the rows of a version say it. PURE.

None stands for "the document does not say"; `settled` puts in what then holds.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, time

from policy.calendar import Windows
from policy.quota import Bound, Measure

KINDS = ("pns", "pppk", "cpns", "contract_staff")
CATEGORIES = ("admin", "leadership_support", "public_service", "digital_service")
ABSENCES = (
    "annual_leave",
    "long_leave",
    "sick",
    "maternity_leave",
    "important_reason",
    "unpaid_leave",
    "travel",
    "study_assignment",
    "seconded",
    "suspended",
)
DENOMINATORS = ("unit", "agency_unit")
WINDOW_MODES = ("credit", "clock")
SIGNATURES = ("required", "preferred", "off")
MOCK_POLICIES = ("review", "note")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a scheme: a stable code, the place (key path, and line of a file), a sentence for people."""

    code: str
    where: str
    detail: str


@dataclass(frozen=True, slots=True)
class DocumentFile:
    """The document that permits the scheme. A scheme without a complete one stays a draft (S-20)."""

    number: str | None = None
    title: str | None = None
    issuer: str | None = None
    issued_on: date | None = None

    @property
    def is_complete(self) -> bool:
        """Whether the document can be cited: number, title, issuer and date."""
        return None not in (self.number, self.title, self.issuer, self.issued_on)


@dataclass(frozen=True, slots=True)
class CapFile:
    """How many percent of whom may (max), must (min) or should (target) work where."""

    measure: Measure
    bound: Bound
    percent: int
    denominator: str | None = None
    category: str | None = None


@dataclass(frozen=True, slots=True)
class PhaseFile:
    """A dated phase, both dates inclusive; `ends` None is open, `windows` None are those of the working hours.

    It holds everywhere, or only for the units (by code) or in the regions (Kemendagri codes) that it names.
    """

    name: str
    starts: date
    ends: date | None = None
    windows: Windows | None = None
    units: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    caps: tuple[CapFile, ...] = ()

    @property
    def is_everywhere(self) -> bool:
        """Whether the phase holds for the whole agency."""
        return not self.units and not self.regions


@dataclass(frozen=True, slots=True)
class ExclusionFile:
    """Whom the scheme does not let work from home: exactly one of a unit, a service category, a post."""

    reason: str
    unit: str | None = None
    category: str | None = None
    post: str | None = None


@dataclass(frozen=True, slots=True)
class PoolingFile:
    """A unit that is counted together with its parent, and by which decision."""

    unit: str
    reason: str


@dataclass(frozen=True, slots=True)
class PriorityFile:
    """Who goes first in a rota: people with a ground, or those who live, or whose office lies, in certain regions."""

    ground: str | None = None
    domicile: tuple[str, ...] | None = None
    office: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class HoursFile:
    """Working hours that belong to the document. With a `code` they are a shift that a rota assigns."""

    name: str
    starts: date
    begins: time
    finishes: time
    ends: date | None = None
    code: str | None = None
    unit: str | None = None
    weekdays: tuple[int, ...] | None = None
    break_begins: time | None = None
    break_finishes: time | None = None
    flex_minutes: int | None = None
    windows: Windows | None = None


@dataclass(frozen=True, slots=True)
class DressFile:
    """The official dress of some weekdays."""

    dress: str
    starts: date
    ends: date | None = None
    unit: str | None = None
    weekdays: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class SchemeFile:
    """A scheme of an agency, or a national one, which warns but does not bind."""

    code: str
    name: str
    national: bool | None = None
    addressed_to: str | None = None
    document: DocumentFile = DocumentFile()
    is_trial: bool | None = None
    covers: tuple[str, ...] | None = None
    only_grounds: tuple[str, ...] | None = None
    not_counted: tuple[str, ...] | None = None
    exempt_positions_may_rotate: bool | None = None
    window_mode: str | None = None
    credit_minutes: int | None = None
    closing_second: int | None = None
    uniform_photo: bool | None = None
    signatures: str | None = None
    mock_policy: str | None = None
    slots: tuple[time, ...] | None = None
    draw_percent: int | None = None
    daily_cap: int | None = None
    overdue_days: int | None = None
    answer_minutes: int | None = None
    call_minutes: int | None = None
    phases: tuple[PhaseFile, ...] = ()
    exclusions: tuple[ExclusionFile, ...] = ()
    poolings: tuple[PoolingFile, ...] = ()
    priorities: tuple[PriorityFile, ...] = ()
    hours: tuple[HoursFile, ...] = ()
    dress: tuple[DressFile, ...] = ()
    notes: tuple[str, ...] = ()


# What holds where a document does not say; the fields of policy.models.Scheme have the same, and a test compares.
DEFAULTS = SchemeFile(
    code="",
    name="",
    national=False,
    is_trial=False,
    covers=("pns", "pppk", "cpns"),
    only_grounds=(),
    not_counted=("seconded",),
    exempt_positions_may_rotate=False,
    window_mode="credit",
    credit_minutes=510,
    closing_second=59,
    uniform_photo=True,
    signatures="preferred",
    mock_policy="review",
    slots=(),
    draw_percent=10,
    daily_cap=2,
    overdue_days=10,
    answer_minutes=20,
    call_minutes=5,
)
OPTIONAL = (
    "national",
    "is_trial",
    "covers",
    "only_grounds",
    "not_counted",
    "exempt_positions_may_rotate",
    "window_mode",
    "credit_minutes",
    "closing_second",
    "uniform_photo",
    "signatures",
    "mock_policy",
    "slots",
    "draw_percent",
    "daily_cap",
    "overdue_days",
    "answer_minutes",
    "call_minutes",
)
MONDAY_TO_FRIDAY = (1, 2, 3, 4, 5)


def settled(file: SchemeFile) -> SchemeFile:
    """The scheme with a value for everything that a version stores."""
    unsaid = {name: getattr(DEFAULTS, name) for name in OPTIONAL if getattr(file, name) is None}
    phases = tuple(replace(phase, caps=tuple(_settled(cap) for cap in phase.caps)) for phase in file.phases)
    return replace(file, phases=phases, **unsaid)


def _settled(cap: CapFile) -> CapFile:
    return replace(cap, denominator=cap.denominator or "unit")
