"""The only reader of wall time. Everything else takes `now` as an argument.

In a rehearsal (HADIR_CLOCK) time is simulated: it starts at an origin and runs `speed` times as fast.
The launcher stores the pair (simulated origin, real origin) in the state folder, so that every process
and every restart agrees. While the real origin is null the clock is held at the simulated origin.
"""

from __future__ import annotations

import json
import os
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A simulated clock: `simulated` is UTC, `real` is seconds since the epoch or None while held."""

    simulated: datetime
    real: float | None
    speed: float

    def at(self, real_now: float) -> datetime:
        """The simulated instant (UTC) at the real instant `real_now` (epoch seconds)."""
        elapsed = 0.0 if self.real is None else max(0.0, real_now - self.real)
        return self.simulated + timedelta(seconds=elapsed * self.speed)


def is_rehearsal() -> bool:
    """Whether this process lives in simulated time."""
    return bool(os.environ.get("HADIR_CLOCK"))


def now() -> datetime:
    """The present instant as an aware datetime in UTC; simulated in a rehearsal."""
    if not is_rehearsal():
        return datetime.now(UTC)  # noqa: TID251 - the one place that reads the clock
    return rehearsal().at(time.time())


def real_now() -> datetime:
    """The real instant (UTC), for what lives in real time even in a rehearsal: tokens and sessions."""
    return datetime.now(UTC)  # noqa: TID251 - the one place that reads the clock


def rehearsal() -> Rehearsal:
    """The stored pair. A held clock is read again at every call, a started one only once."""
    stored = _started()
    if stored.real is None:
        _started.cache_clear()
    return stored


@lru_cache(maxsize=1)
def _started() -> Rehearsal:
    path = Path(os.environ["HADIR_STATE"]) / "clock.json"
    pair = json.loads(path.read_text())
    return Rehearsal(datetime.fromisoformat(pair["simulated"]).astimezone(UTC), pair["real"], pair["speed"])
