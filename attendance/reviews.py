"""A person's decision on a check-in, and with it on the session of fixes that it belongs to."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from attendance.models import CheckIn, Review
from attendance.models.checkins import SESSION
from policy.errors import DomainError
from policy.models import User

DECIDABLE = ("review", "refused")


@transaction.atomic
def decide(check_in: CheckIn, decision: str, *, by: User, note: str, now: datetime) -> list[Review]:
    """Accepts or refuses a check-in on behalf of `by`; the latest decision stands.

    The fixes of one session are one attempt, so they are decided together, a row for each. Raises own_check_in,
    not_decidable (an accepted one needs no decision) or note_missing.
    """
    if by.employee_id == check_in.employee_id:
        raise DomainError("own_check_in", "Nobody decides on a check-in of their own.")
    if check_in.status not in DECIDABLE:
        raise DomainError("not_decidable", "This check-in was accepted and needs no decision.")
    if not note.strip():
        raise DomainError("note_missing", "A decision needs a note that says why.")
    session = CheckIn.objects.of_session(*(getattr(check_in, name) for name in SESSION))
    return Review.objects.bulk_create(
        Review(check_in=event, decision=decision, note=note.strip(), decided_by=by, decided_at=now)
        for event in session.filter(status__in=DECIDABLE)
    )
