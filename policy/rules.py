"""What is expected of an employee on a date, and by which document. PURE.

The facts come in as plain values (policy.facts gathers them), the answer is one frozen `Expectation`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from policy.calendar import NOON, Hours, WindowMode, Windows
from policy.fences import Fence

Mode = Literal["wfh", "wfo", "leave", "travel", "off"]
PlaceKind = Literal["domicile", "site"]
SegmentKind = Literal["day", "am", "pm"]
MockPolicy = Literal["review", "note"]


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
    """The terms of one scheme phase, its dates inclusive. `windows` is None where the ordinary hours' hold.

    `first_day` and `last_day` are those of the scheme's version: outside of them no phase of it holds, but a phase
    is as specific as its own dates say.

    `units` and `regions` say where it holds: everywhere when both are empty, else for the units named with all
    below them, or for units whose office lies in a region (a Kemendagri code or its beginning).
    """

    phase_id: int
    scheme_id: int
    scheme: str
    phase: str
    legal_basis: str
    starts: date
    ends: date | None
    windows: Windows | None
    slots: tuple[time, ...]
    uniform_photo: bool = True
    closing_second: int = 59
    window_mode: WindowMode = "credit"
    credit_minutes: int = 510
    mock_policy: MockPolicy = "review"
    first_day: date | None = None
    last_day: date | None = None
    units: tuple[int, ...] = ()
    regions: tuple[str, ...] = ()

    @property
    def is_everywhere(self) -> bool:
        """Whether the phase holds for the whole agency."""
        return not self.units and not self.regions

    def covers(self, path: Sequence[int], region: str) -> bool:
        """Whether the phase holds for a unit with this path from the top and an office in this region."""
        named = any(unit in path for unit in self.units)
        return self.is_everywhere or named or any(within(region, one) for one in self.regions)


def within(region: str, wider: str) -> bool:
    """Whether a Kemendagri code lies in another: 31.74.02 in 31.74, but 31.7 is no region (domain reference 3.3)."""
    return region == wider or region.startswith(f"{wider}.")


def deciding(
    phases: Iterable[SchemeTerms], day: date, path: Sequence[int] = (), region: str = ""
) -> SchemeTerms | None:
    """The phase that decides on `day` for a unit: one for certain places before one for everybody, then the shortest.

    So the 75 % of 4-7 September stands above the 50 % around it (edge case 7), decided by the office's own
    location and not by the parent's (edge case 8).
    """
    holding = [phase for phase in phases if holds(phase, day) and phase.covers(path, region)]
    return max(holding, key=_specific, default=None)


def holds(phase: SchemeTerms, day: date) -> bool:
    """Whether `day` lies within the dates of a phase and of its scheme's version."""
    periods = ((phase.starts, phase.ends), (phase.first_day or phase.starts, phase.last_day))
    return all(first <= day and (last is None or day <= last) for first, last in periods)


def _specific(phase: SchemeTerms) -> tuple[bool, timedelta, date, int]:
    return not phase.is_everywhere, phase.starts - (phase.ends or date.max), phase.starts, -phase.phase_id


@dataclass(frozen=True, slots=True)
class Planned:
    """What a published rota says of a day or of half of it, with the shift it assigns."""

    segment: SegmentKind
    mode: Literal["wfh", "wfo"]
    shift: Hours | None = None


@dataclass(frozen=True, slots=True)
class DayFacts:
    """Everything the rule needs to know of one employee and one date.

    `at` and `recalled_at` are moments on the wall clock of `zone`: the moment that is asked about, and from when
    the person is ordered to the office. `hours` are the ordinary hours, None on a day of the week that has none.
    `holiday` is the name of a holiday.
    """

    date: date
    zone: str
    at: datetime
    employed: bool
    office: Place | None
    domicile: Place | None
    plan: tuple[Planned, ...]
    absence: str | None
    holiday: str | None
    hours: Hours | None
    dress: str
    terms: SchemeTerms | None
    recalled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Expectation:
    """Mode, places, hours, windows and dress of one employee at a moment of a date, with the reason.

    `why` is a stable code: not_employed, on_leave, on_travel, holiday, weekend, recalled, published_rota,
    no_published_rota or no_scheme. On official travel there are no places and no fence applies. `halves` are the
    modes before and after noon on a day that changes between them, else empty. `credit` are the punch windows and
    the minutes that a complete home-based day is worth where the scheme credits it so, else None.
    """

    date: date
    zone: str
    mode: Mode
    why: str
    why_detail: str
    legal_basis: str
    scheme: str
    phase: str
    places: tuple[Place, ...]
    hours: Hours
    windows: Windows
    credit: tuple[Windows, int] | None
    closing_second: int
    dress: str
    slots: tuple[time, ...]
    uniform_photo: bool
    mock_policy: MockPolicy
    has_domicile: bool
    halves: tuple[Mode, ...] = ()
    is_recalled: bool = False


# For an agency that has not entered hours of its own: Perpres 21/2023 starts the day at 07:30, with an hour of break
# and 7.5 hours of work; the windows are those of SE 34/SE/2023.
NATIONAL = Hours(
    "Perpres 21/2023",
    time(7, 30),
    time(16),
    time(12),
    time(13),
    0,
    Windows(time(6), time(8), time(16), time(18)),
)


def expect(facts: DayFacts) -> Expectation:
    """The expectation at a moment of a day, first match wins; a day without a published rota is an office day.

    Sources: design (rota), SE 34/SE/2023 D-03, D-06, D-08, D-15; the own office always counts.
    """
    mode, why, detail = _mode(facts)
    terms = facts.terms
    home = mode == "wfh" and terms is not None
    shift = _shift(facts)
    hours = shift or facts.hours or NATIONAL
    special = terms.windows if terms and not shift else None
    windows = (special if home else None) or hours.windows
    return Expectation(
        date=facts.date,
        zone=facts.zone,
        mode=mode,
        why=why,
        why_detail=detail,
        legal_basis=terms.legal_basis if terms else "",
        scheme=terms.scheme if terms else "",
        phase=terms.phase if terms else "",
        places=_places(facts, mode),
        hours=hours,
        windows=windows,
        credit=_credit(terms, special or hours.windows),
        closing_second=terms.closing_second if terms else 59,
        dress=facts.dress,
        slots=terms.slots if home and terms else (),
        uniform_photo=bool(home and terms and terms.uniform_photo),
        mock_policy=terms.mock_policy if terms else "review",
        has_domicile=facts.domicile is not None,
        halves=_halves(facts) if why in ("published_rota", "recalled") and terms else (),
        is_recalled=why == "recalled",
    )


def _credit(terms: SchemeTerms | None, windows: Windows) -> tuple[Windows, int] | None:
    return (windows, terms.credit_minutes) if terms and terms.window_mode == "credit" else None


def _mode(facts: DayFacts) -> tuple[Mode, str, str]:
    if not facts.employed:
        return "off", "not_employed", ""
    if facts.absence == "travel":
        return "travel", "on_travel", ""
    if facts.absence is not None:
        return "leave", "on_leave", facts.absence
    if _shift(facts) is None:  # who has a shift works on holidays and weekends too
        if facts.holiday is not None:
            return "off", "holiday", facts.holiday
        if facts.hours is None:
            return "off", "weekend", ""
    if facts.terms is None:
        return "wfo", "published_rota" if _shift(facts) else "no_scheme", ""
    if not facts.plan:
        return "wfo", "no_published_rota", facts.terms.scheme
    return _on_a_planned_day(facts, f"{facts.terms.scheme}, {facts.terms.phase}")


def _on_a_planned_day(facts: DayFacts, document: str) -> tuple[Mode, str, str]:
    mode = _planned(facts, "am" if facts.at < datetime.combine(facts.date, NOON) else "pm")
    if mode == "wfh" and facts.recalled_at is not None and facts.recalled_at <= facts.at:
        return "wfo", "recalled", document
    return mode, "published_rota", document


def _planned(facts: DayFacts, half: SegmentKind) -> Mode:
    """What the rota says of a half of the day; a half that it leaves open is at the office."""
    return next((one.mode for one in facts.plan if one.segment in (half, "day")), "wfo")


def _halves(facts: DayFacts) -> tuple[Mode, ...]:
    """The modes before and after noon where they differ."""
    am, pm = _planned(facts, "am"), _planned(facts, "pm")
    return (am, pm) if am != pm else ()


def _shift(facts: DayFacts) -> Hours | None:
    return next((one.shift for one in facts.plan if one.shift is not None), None)


def _places(facts: DayFacts, mode: Mode) -> tuple[Place, ...]:
    """The places a moment allows, the planned one first."""
    if mode not in ("wfh", "wfo"):
        return ()
    home = facts.domicile if mode == "wfh" else None
    return tuple(place for place in (home, facts.office) if place is not None)
