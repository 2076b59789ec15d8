"""The outcome table of a check-in: conditions in, one outcome out. PURE.

First match gives the reason, all that apply are kept. A "no" is an outcome and never an exception.
Source: the table of docs/api.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from policy.calendar import Timing
from policy.geofence import Verdict
from policy.rules import Expectation, Mode

Status = Literal["accepted", "review", "refused"]
Counts = Literal["yes", "provisional", "no"]

STALE_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an event. `conditions` are all reasons that apply, `reason` is the first."""

    status: Status
    reason: str
    counts: Counts
    conditions: tuple[str, ...]


# reason -> (status, counts), in the order of the table: what does not count stands before what counts provisionally.
TABLE: dict[str, tuple[Status, Counts]] = {
    "not_employed": ("refused", "no"),
    "on_leave": ("refused", "no"),
    "not_a_working_day": ("refused", "no"),
    "outside_window": ("refused", "no"),
    "no_approved_domicile": ("refused", "no"),
    "outside_fence": ("refused", "no"),
    "mock_location": ("review", "no"),
    "stale_fix": ("review", "provisional"),
    "uncertain_location": ("review", "provisional"),
    "late": ("review", "provisional"),
    "uniform_photo_missing": ("review", "provisional"),
}


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is known of one event when it arrives.

    `mode` is the mode of the place the fix belongs to (None outside every place), `age_s` the age of the fix
    in seconds, negative when it claims to come from the future.
    """

    timing: Timing | None
    verdict: Verdict | None
    mode: Mode | None
    is_mock: bool | None
    age_s: float
    uniform_photo: bool


def decide(expectation: Expectation | None, seen: Circumstances) -> Outcome:
    """The outcome of an event; `expectation` is None for somebody without a posting."""
    applying = _conditions(expectation, seen)
    conditions = tuple(reason for reason in TABLE if reason in applying)
    if not conditions:
        return Outcome("accepted", "ok", "yes", ())
    status, counts = TABLE[conditions[0]]
    return Outcome(status, conditions[0], counts, conditions)


def _conditions(expectation: Expectation | None, seen: Circumstances) -> set[str]:
    if expectation is None or expectation.why == "not_employed":
        return {"not_employed"}
    found = {
        "on_leave": expectation.mode == "leave",
        "not_a_working_day": expectation.mode == "off",
        "outside_window": seen.timing == "early",
        "no_approved_domicile": _homeless(expectation, seen),
        "outside_fence": seen.verdict == "outside",
        "mock_location": seen.is_mock is True and expectation.mock_policy == "review",
        "stale_fix": abs(seen.age_s) > STALE_SECONDS,
        "uncertain_location": seen.verdict == "uncertain",
        "late": seen.timing == "late",
        "uniform_photo_missing": _undressed(expectation, seen),
    }
    return {reason for reason, applies in found.items() if applies}


def _homeless(expectation: Expectation, seen: Circumstances) -> bool:
    """A home-based day away from every office, and no domicile in force to compare with."""
    return expectation.mode == "wfh" and not expectation.has_domicile and seen.verdict == "outside"


def _undressed(expectation: Expectation, seen: Circumstances) -> bool:
    """A home-based day for which the photo was asked; who is surely at the own office is seen there."""
    at_office = seen.mode == "wfo" and seen.verdict == "inside"
    return expectation.uniform_photo and not seen.uniform_photo and not at_office
