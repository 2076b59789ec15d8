"""What a signed-in person may do on the pages of one request, worked out once."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

from policy.models import User
from policy.scope import Scope, scope_of

SUPERIOR, OFFICER, HR, AUDITOR, TECHNICAL = "superior", "officer", "hr", "auditor", "technical"
KEEPERS = frozenset({OFFICER, HR, AUDITOR})  # those who look after the files of other people
EVERY_ROLE = KEEPERS | {SUPERIOR}


@dataclass(frozen=True, slots=True)
class Seat:
    """A user, whom he sees, and his roles: superior, officer, hr, auditor, technical."""

    user: User | None
    scope: Scope | None
    roles: frozenset[str]

    def has(self, audience: frozenset[str]) -> bool:
        """Whether one of the roles is in the audience of a page."""
        return not self.roles.isdisjoint(audience)

    def is_self(self, employee_id: int | None) -> bool:
        """Whether something is about the user himself: nobody decides on himself."""
        return self.scope is not None and employee_id is not None and self.scope.employee == employee_id


_NOBODY = Seat(None, None, frozenset())


def seat_of(request: HttpRequest) -> Seat:
    """The seat of the request's user; the database is asked once a request."""
    seat = getattr(request, "_hadir_seat", None)
    if seat is None:
        seat = request._hadir_seat = _seat(request)  # type: ignore[attr-defined]
    return seat


def _seat(request: HttpRequest) -> Seat:
    user = getattr(request, "user", None)
    if user is None or not user.is_active or not user.is_staff:
        return _NOBODY
    scope = scope_of(user, request.now)  # type: ignore[attr-defined]
    held = {
        SUPERIOR: scope.is_superior(),
        OFFICER: bool(scope.units),
        HR: bool(scope.hr),
        AUDITOR: bool(scope.agency_wide - scope.hr),
        TECHNICAL: user.is_superuser,
    }
    return Seat(user, scope, frozenset(role for role, holds in held.items() if holds))
