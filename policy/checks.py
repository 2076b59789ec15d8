"""System checks: combinations of settings that must never serve."""

from __future__ import annotations

import ipaddress
import os

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.db import DatabaseError

from policy import clock
from policy.models import Installation


@register("hadir")
def a_rehearsal_stays_a_rehearsal(**kwargs) -> list[CheckMessage]:
    """Simulated time needs HADIR_REHEARSAL=1, a loopback bind and a database marked as a rehearsal."""
    if not clock.is_rehearsal():
        return []
    errors = []
    if os.environ.get("HADIR_REHEARSAL") != "1":
        errors.append(Error("HADIR_CLOCK is set without HADIR_REHEARSAL=1.", id="hadir.E001"))
    if not _is_loopback(settings.HADIR_BIND):
        errors.append(Error(f"A rehearsal binds to loopback, not to {settings.HADIR_BIND}.", id="hadir.E002"))
    return errors


def installation_errors() -> list[CheckMessage]:
    """Whether the database's mark fits the clock. Asked by the server and the worker when they start."""
    try:
        marked = Installation.objects.filter(is_rehearsal=True).exists()
    except DatabaseError:
        return [Error("The database cannot be read; run migrate first.", id="hadir.E003")]
    if clock.is_rehearsal() and not marked:
        return [Error("HADIR_CLOCK is set, but the database is not marked as a rehearsal.", id="hadir.E004")]
    if marked and not clock.is_rehearsal():
        return [Error("This database is a rehearsal's; it does not serve in real time.", id="hadir.E005")]
    return []


def refuse_to_start() -> None:
    """Ends the process with the first error, if there is one."""
    for error in [*a_rehearsal_stays_a_rehearsal(), *installation_errors()]:
        raise SystemExit(f"Hadir does not start ({error.id}): {error.msg}")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
