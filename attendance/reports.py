"""What a phone reports, and how the server's judgement of it becomes the fields of an event."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from attendance import evidence
from attendance.locating import locate
from attendance.models.events import EventLocation, LocatedEvent
from attendance.outcomes import Circumstances, Outcome, decide
from policy import vault
from policy.calendar import Timing
from policy.errors import DomainError
from policy.geofence import Fix
from policy.rules import Expectation, Mode


@dataclass(frozen=True, slots=True)
class Report:
    """A validated report of a phone. `age_ms` comes from the phone's monotonic clock, or is None."""

    id: UUID
    captured_at: datetime
    fix: Fix
    is_mock: bool | None
    age_ms: int | None
    uniform_photo: bool

    def age_s(self, now: datetime) -> float:
        """The age of the fix in seconds at `now`; only without `age_ms` is the phone's wall clock asked."""
        if self.age_ms is not None:
            return self.age_ms / 1000
        return (now - self.captured_at).total_seconds()

    def fingerprint(self, **more: Any) -> bytes:
        """SHA-256 of the report and what else the request said."""
        return evidence.fingerprint({**asdict(self), **more})


@dataclass(frozen=True, slots=True)
class Judged:
    """A judged report: its outcome, the mode of the place it belongs to, and the fields of a LocatedEvent."""

    outcome: Outcome
    mode: Mode | None
    fields: dict[str, Any]


def judged(
    report: Report, expectation: Expectation | None, *, now: datetime, timing: Timing | None
) -> Judged:
    """What the server makes of a report received at `now` (UTC)."""
    located = locate(expectation, report.fix) if expectation else None
    verdict = located.verdict if located else None
    judgement = located.judgement if located else None
    mode = located.place.mode if located and verdict != "outside" else None
    age_s = report.age_s(now)
    outcome = decide(
        expectation, Circumstances(timing, verdict, mode, report.is_mock, age_s, report.uniform_photo)
    )
    fields = {
        "client_id": report.id,
        "captured_at": report.captured_at,
        "received_at": now,
        "status": outcome.status,
        "reason": outcome.reason,
        "conditions": list(outcome.conditions),
        "verdict": verdict,
        "confidence": round(judgement.confidence, 4) if judgement else None,
        "distance_m": round(judgement.distance_m, 1) if judgement else None,
        "place_kind": located.place.kind if located else "",
        "place_id": located.place.id if located else None,
        "place_name": located.place.name if located else "",
        "is_mock": report.is_mock,
        "age_s": age_s,
        "uniform_photo": report.uniform_photo,
    }
    return Judged(outcome, mode, fields)


def distance_band(metres: float | None) -> str | None:
    """A distance to a fence in bands, for people who may not learn where somebody lives."""
    if metres is None:
        return None
    bands = ((0, "inside"), (100, "0-100 m"), (500, "100-500 m"), (2000, "0.5-2 km"))
    return next((name for limit, name in bands if metres <= limit), "over 2 km")


def sealed_location(report: Report, event: LocatedEvent, salt: bytes) -> dict[str, Any]:
    """The fields of the EventLocation of a stored event: its fix sealed for its row, and its salt."""
    key_id, sealed = vault.seal(asdict(report.fix), location_row(event))
    return {"key_id": key_id, "sealed": sealed, "salt": salt}


def opened(location: EventLocation, event: LocatedEvent) -> Fix:
    """The fix of an event. Whoever shows it to somebody else records a LocationRead."""
    return Fix(**vault.unseal(location.key_id, location.sealed, location_row(event)))


def location_row(event: LocatedEvent) -> str:
    """The associated data that binds a sealed fix to its event."""
    return f"{event._meta.model_name}:{event.pk}"


def same_request(first: LocatedEvent, fingerprint: bytes) -> LocatedEvent:
    """The first event of an id if this is the same request again; raises idempotency_key_reused otherwise."""
    if bytes(first.fingerprint) != fingerprint:
        raise DomainError("idempotency_key_reused", "This id was used for another request.")
    return first
