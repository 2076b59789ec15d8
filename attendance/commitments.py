"""The secrets behind the draws: committed to days ahead, revealed after the last slot."""

from __future__ import annotations

import hashlib
import logging
import os
from datetime import date, datetime

from cryptography.exceptions import InvalidTag

from attendance.models import DaySecret
from attendance.schedule import LATE, LOOK_BACK_DAYS, days_around, last_slots
from policy import vault

AHEAD_DAYS = 7

log = logging.getLogger("hadir.commitments")


def commit(now: datetime) -> None:
    """Seals a secret and publishes its SHA-256 for every agency and coming day that has slots."""
    days = days_around(now, -1, AHEAD_DAYS)  # a slot shortly before midnight may still be due
    have = set(DaySecret.objects.filter(date__in=days).values_list("agency", "date"))
    missing = [key for key in last_slots(days) if key not in have]
    DaySecret.objects.bulk_create(
        [_new_secret(agency, day, now) for agency, day in missing], ignore_conflicts=True
    )


def reveal(now: datetime) -> None:
    """Publishes the secrets of days whose last slot can no longer be drawn."""
    days = days_around(now, -LOOK_BACK_DAYS, 0)
    last = last_slots(days)
    for secret in DaySecret.objects.filter(revealed="", date__in=days):
        at = last.get((secret.agency_id, secret.date))
        # A day whose slots vanish stays sealed until it is over: they may come back.
        if (at is None and secret.date < days[-1]) or (at is not None and now > at + LATE):
            _reveal(secret)


def _reveal(secret: DaySecret) -> None:
    """One that cannot be opened is logged; it keeps no other secret hidden."""
    try:
        DaySecret.objects.filter(pk=secret.pk, revealed="").update(revealed=opened(secret).hex())
    except (InvalidTag, KeyError):
        log.exception("secret %s cannot be opened", secret.pk)


def opened(secret: DaySecret) -> bytes:
    """The 32 bytes of a secret; only the draw and the revelation may ask."""
    return bytes.fromhex(vault.unseal(secret.key_id, secret.sealed, _row(secret.agency_id, secret.date)))


def commitment_of(secret: bytes) -> str:
    """What is published ahead: SHA-256 of the secret as hexadecimal text."""
    return hashlib.sha256(secret).hexdigest()


def _new_secret(agency: int, day: date, now: datetime) -> DaySecret:
    secret = os.urandom(32)
    key_id, sealed = vault.seal(secret.hex(), _row(agency, day))
    return DaySecret(
        agency_id=agency,
        date=day,
        committed_at=now,
        commitment=commitment_of(secret),
        key_id=key_id,
        sealed=sealed,
    )


def _row(agency: int, day: date) -> str:
    return f"day-secret:{agency}:{day}"
