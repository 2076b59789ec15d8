"""Celery shims of policy: read the clock, call the use case. Safe to run twice, late or at once with another."""

from __future__ import annotations

import logging

from celery import shared_task

from policy import clock, rotas
from policy.imports import jobs
from policy.models import Agency

log = logging.getLogger("hadir.tasks")

MOST_AT_ONCE = 20  # files of one turn; the rest waits for the next


# A large file takes minutes, not the seconds of a tick.
@shared_task(soft_time_limit=25 * 60, time_limit=27 * 60)
def run_imports() -> None:
    """Checks or carries out the files that wait, one after another."""
    for _ in range(MOST_AT_ONCE):
        if not jobs.run_next(clock.now()):
            return


@shared_task(soft_time_limit=9 * 60, time_limit=10 * 60)
def recheck_rotas() -> None:
    """Notes on every published rota what transfers, exemptions and phases have made of it since."""
    for agency in Agency.objects.all():
        try:
            rotas.revalidate(agency, now=clock.now())
        except Exception:  # one agency keeps no other waiting
            log.exception("the rotas of %s could not be checked anew", agency.code)
