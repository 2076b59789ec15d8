"""A person's decision on a check-in."""

from __future__ import annotations

from datetime import datetime

from attendance.models import CheckIn, Review
from policy.errors import DomainError
from policy.models import User

DECIDABLE = ("review", "refused")


def decide(check_in: CheckIn, decision: str, *, by: User, note: str, now: datetime) -> Review:
    """Accepts or refuses a check-in on behalf of `by`; the latest decision stands.

    Raises own_check_in, not_decidable (an accepted one needs no decision) or note_missing.
    """
    if by.employee_id == check_in.employee_id:
        raise DomainError("own_check_in", "Nobody decides on a check-in of their own.")
    if check_in.status not in DECIDABLE:
        raise DomainError("not_decidable", "This check-in was accepted and needs no decision.")
    if not note.strip():
        raise DomainError("note_missing", "A decision needs a note that says why.")
    return Review.objects.create(
        check_in=check_in, decision=decision, note=note.strip(), decided_by=by, decided_at=now
    )
