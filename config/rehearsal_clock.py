"""The clock of a rehearsal as the launcher writes it: `policy.clock` only reads.

The file names a simulated origin, the real instant that belongs to it (null: held still), and the speed, so every
process and every restart sees the same time.
"""

from __future__ import annotations

import json
import math
import time
from datetime import datetime
from pathlib import Path

from config.processes import Failure, write_private

FASTEST = 119  # a tick a second must stay below two simulated minutes
EXAMPLE = "2023-08-21T07:10+07:00@60"


def parse(text: str) -> tuple[str, float]:
    """`ISO instant with offset @ speed` as (instant, speed), or one clear line."""
    instant, _, speed = text.partition("@")
    try:
        moment, factor = datetime.fromisoformat(instant), float(speed or 1)
    except ValueError:
        raise Failure(f"the clock {text!r} is not readable; write it like {EXAMPLE}") from None
    if moment.tzinfo is None:
        raise Failure(f"the clock {text!r} has no time zone; write it like {EXAMPLE}")
    if not (math.isfinite(factor) and 0 < factor <= FASTEST):
        raise Failure(f"the clock {text!r} runs at speed {speed}; it must be above 0 and at most {FASTEST}")
    return moment.isoformat(), factor


def hold_clock(state: Path, text: str) -> None:
    """Put the clock at its origin and hold it there; a folder that already has this very clock keeps it."""
    simulated, speed = parse(text)
    written = _read(state)
    if written is None or (written["simulated"], written["speed"]) != (simulated, speed):
        _write(state, {"simulated": simulated, "real": None, "speed": speed})


def start_clock(state: Path) -> None:
    """Let the held clock run from this very instant; one that runs already is left alone."""
    written = _read(state)
    if written is None:
        raise Failure(f"{state} holds no rehearsal clock")
    if written["real"] is None:
        _write(state, written | {"real": time.time()})


def _read(state: Path) -> dict | None:  # type: ignore[type-arg]
    path = state / "clock.json"
    return json.loads(path.read_text()) if path.exists() else None


def _write(state: Path, clock: dict) -> None:  # type: ignore[type-arg]
    write_private(state / "clock.json", json.dumps(clock))
