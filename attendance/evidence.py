"""Commitments to rows: what makes a later change of evidence visible (trust 4)."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from typing import Any

SALT_BYTES = 32


def new_salt() -> bytes:
    """A salt for one leaf; shredding it makes the leaf meaningless."""
    return os.urandom(SALT_BYTES)


def canonical(value: Any) -> bytes:
    """The one JSON text of a value: sorted keys, no spaces, dates and ids as text."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), default=str).encode()


def fingerprint(fields: dict[str, Any]) -> bytes:
    """SHA-256 of the validated fields of a request, to tell a replay from a reused id."""
    return hashlib.sha256(canonical(fields)).digest()


def leaf(fields: dict[str, Any], salt: bytes) -> bytes:
    """The leaf of a row: SHA-256 over 0x00 (RFC 6962) and HMAC-SHA-256 of its facts under `salt`."""
    return hashlib.sha256(b"\x00" + hmac.digest(salt, canonical(fields), "sha256")).digest()
