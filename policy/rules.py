"""What is expected of an employee on a date, and by which document. PURE.

The facts come in as plain values (policy.roster gathers them), the answer is one frozen `Expectation`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from typing import Literal

from policy.calendar import Windows, is_weekend
from policy.fences import Fence

Mode = Literal["wfh", "wfo", "leave", "travel", "off"]
PlaceKind = Literal["domicile", "site"]


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere the day allows: an office or the registered domicile.

    `error_m` is the 68 % error of the registered point in metres (0 for a surveyed office). `fence` is None where
    the stored geometry cannot be read: then nothing is decided there, and a person looks.
    """

    kind: PlaceKind
    id: int
    name: str
    fence: Fence | None
    error_m: float = 0.0

    @property
    def mode(self) -> Mode:
        """The mode of somebody who works at this place."""
        return "wfh" if self.kind == "domicile" else "wfo"


@dataclass(frozen=True, slots=True)
class SchemeTerms:
    """The terms of the scheme phase in force for an agency on a date."""

    phase_id: int
    scheme: str
    phase: str
    legal_basis: str
    windows: Windows
    slots: tuple[time, ...]
    uniform_photo: bool
    closing_second: int


@dataclass(frozen=True, slots=True)
class AgencyDay:
    """An agency's ordinary day: its regular punch windows, dress, and the holiday if it is one."""

    windows: Windows
    dress: str
    holiday: str | None = None
    closing_second: int = 59


@dataclass(frozen=True, slots=True)
class DayFacts:
    """Everything the rule needs to know of one employee and one date."""

    date: date
    zone: str
    employed: bool
    office: Place | None
    domicile: Place | None
    planned: Mode | None
    absence: Literal["leave", "sick", "travel"] | None
    agency_day: AgencyDay
    terms: SchemeTerms | None


@dataclass(frozen=True, slots=True)
class Expectation:
    """Mode, places, windows and dress of one employee on one date, with the reason.

    `why` is a stable code: not_employed, on_leave, on_travel, holiday, weekend, published_rota,
    no_published_rota or no_scheme. On official travel there are no places and no fence applies.
    """

    date: date
    zone: str
    mode: Mode
    why: str
    why_detail: str
    legal_basis: str
    places: tuple[Place, ...]
    windows: Windows
    closing_second: int
    dress: str
    slots: tuple[time, ...]
    uniform_photo: bool
    has_domicile: bool


def expect(facts: DayFacts) -> Expectation:
    """The expectation of a day, first match wins; a day without a published rota is an office day.

    Sources: design (rota), SE 34/SE/2023 D-03, D-06, D-15; the own office always counts.
    """
    mode, why, detail = _mode(facts)
    home = mode == "wfh" and facts.terms is not None
    return Expectation(
        date=facts.date,
        zone=facts.zone,
        mode=mode,
        why=why,
        why_detail=detail,
        legal_basis=facts.terms.legal_basis if facts.terms else "",
        places=_places(facts, mode),
        windows=facts.terms.windows if home and facts.terms else facts.agency_day.windows,
        closing_second=facts.terms.closing_second if facts.terms else facts.agency_day.closing_second,
        dress=facts.agency_day.dress,
        slots=facts.terms.slots if home and facts.terms else (),
        uniform_photo=bool(home and facts.terms and facts.terms.uniform_photo),
        has_domicile=facts.domicile is not None,
    )


def _mode(facts: DayFacts) -> tuple[Mode, str, str]:
    if not facts.employed:
        return "off", "not_employed", ""
    if facts.absence in ("leave", "sick"):
        return "leave", "on_leave", facts.absence
    if facts.absence == "travel":
        return "travel", "on_travel", ""
    if facts.agency_day.holiday is not None:
        return "off", "holiday", facts.agency_day.holiday
    if is_weekend(facts.date):
        return "off", "weekend", ""
    if facts.terms is None:
        return "wfo", "no_scheme", ""
    if facts.planned is None:
        return "wfo", "no_published_rota", facts.terms.scheme
    return facts.planned, "published_rota", f"{facts.terms.scheme}, {facts.terms.phase}"


def _places(facts: DayFacts, mode: Mode) -> tuple[Place, ...]:
    """The places a day allows, the planned one first."""
    if mode not in ("wfh", "wfo"):
        return ()
    home = facts.domicile if mode == "wfh" else None
    return tuple(place for place in (home, facts.office) if place is not None)
