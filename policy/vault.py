"""Seals coordinates: AES-256-GCM with a key id and the row as associated data.

A sealed value cannot be moved to another row, and a key can be retired by its id. Keys come from
HADIR_DATA_KEYS, `id:base64` pairs; the highest id seals, all open.
"""

from __future__ import annotations

import json
import os
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

_NONCE_BYTES = 12


def seal(value: Any, row: str) -> tuple[int, bytes]:
    """Key id and ciphertext of a JSON value bound to `row` (for example "domicile:12")."""
    return seal_bytes(json.dumps(value, separators=(",", ":")).encode(), row)


def unseal(key_id: int, sealed: bytes, row: str) -> Any:
    """The value sealed for `row`; raises InvalidTag for another row's or an altered ciphertext."""
    return json.loads(unseal_bytes(key_id, sealed, row))


def seal_bytes(plain: bytes, row: str) -> tuple[int, bytes]:
    """Key id and ciphertext of a file bound to `row`."""
    key_id = max(settings.HADIR_DATA_KEYS)
    nonce = os.urandom(_NONCE_BYTES)
    return key_id, nonce + _cipher(key_id).encrypt(nonce, plain, row.encode())


def unseal_bytes(key_id: int, sealed: bytes, row: str) -> bytes:
    """The file sealed for `row`; raises InvalidTag for another row's or an altered ciphertext."""
    sealed = bytes(sealed)
    return _cipher(key_id).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], row.encode())


def _cipher(key_id: int) -> AESGCM:
    return AESGCM(settings.HADIR_DATA_KEYS[key_id])
