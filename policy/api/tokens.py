"""Access and refresh tokens. They live in real time, also in a rehearsal.

An access token is a JWT of ten minutes. A refresh token is opaque and single-use: using it gives a successor,
which is derived from it, so that a client whose answer was lost asks again and gets the same one, until that
one is used. Any later reuse revokes the whole family (trust 5.1).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from rest_framework_simplejwt.tokens import AccessToken

from policy.models import RefreshToken, User


class TokenRefused(Exception):
    """A refresh token that is unknown, expired, revoked or reused."""


@dataclass(frozen=True, slots=True)
class Pair:
    """What a client gets: a JWT and an opaque refresh token."""

    access: str
    refresh: str


def issue(user: User, now: datetime) -> Pair:
    """A new family for a user who has just signed in at `now` (real time, UTC)."""
    refresh = secrets.token_urlsafe(32)
    _store(user, uuid.uuid4(), refresh, now)
    return Pair(_access(user), refresh)


def refresh(token: str, now: datetime) -> Pair:
    """The successor of a refresh token; raises TokenRefused.

    The refusal of a reused token commits, for it revokes the family.
    """
    pair = _refresh(token, now)
    if pair is None:
        raise TokenRefused
    return pair


@transaction.atomic
def _refresh(token: str, now: datetime) -> Pair | None:
    row = RefreshToken.objects.select_for_update(of=("self",)).select_related("user__employee")
    held = row.filter(digest=_digest(token)).first()
    if held is None or held.revoked_at or held.expires_at <= now or not _stands(held):
        return None
    successor = _successor(token)
    if held.used_at is None:
        held.used_at = now
        held.save(update_fields=["used_at"])
        _store(held.user, held.family, successor, now)
    elif not RefreshToken.objects.filter(digest=_digest(successor), used_at=None).exists():
        revoke(held.family, now)
        return None
    return Pair(_access(held.user), successor)


def end(token: str, now: datetime) -> None:
    """Logs out: revokes the family of a refresh token. An unknown token is nobody's and no error."""
    held = RefreshToken.objects.filter(digest=_digest(token)).first()
    if held is not None:
        revoke(held.family, now)


@transaction.atomic
def revoke(family: uuid.UUID, now: datetime) -> None:
    """Ends every token of a family. Locks it first, so that a refresh under way is waited for and ended too."""
    list(RefreshToken.objects.select_for_update().filter(family=family))
    RefreshToken.objects.filter(family=family, revoked_at=None).update(revoked_at=now)


def _stands(held: RefreshToken) -> bool:
    """Whether the account is still the one that signed in."""
    user = held.user
    current = user.employee is None or user.employee.is_active
    return user.is_active and current and held.password_mark == _mark(user)


def _mark(user: User) -> str:
    return hashlib.sha256(user.password.encode()).hexdigest()


def _store(user: User, family: uuid.UUID, token: str, now: datetime) -> None:
    expires = now + timedelta(days=settings.HADIR_REFRESH_DAYS)
    RefreshToken.objects.create(
        digest=_digest(token), family=family, user=user, password_mark=_mark(user), expires_at=expires
    )


def _access(user: User) -> str:
    token = AccessToken.for_user(user)
    token.set_exp(lifetime=timedelta(seconds=settings.HADIR_ACCESS_SECONDS))
    return str(token)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _successor(token: str) -> str:
    """The one token that follows another; only the server can work it out."""
    return hmac.new(settings.SECRET_KEY.encode(), b"refresh|" + token.encode(), "sha256").hexdigest()
