"""Refresh tokens: our own table of hashes, in families. They live in real time."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class RefreshToken(models.Model):
    """One refresh token, stored as SHA-256. A family is one sign-in and everything refreshed from it."""

    digest = models.BinaryField(max_length=32, unique=True)
    family = models.UUIDField(db_index=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="refresh_tokens")
    # Of the password at sign-in: a changed password ends every session.
    password_mark = models.CharField(max_length=64)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.user_id} {self.family}"
