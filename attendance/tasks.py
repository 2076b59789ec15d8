"""Celery shims: read the clock, call the use cases. Safe to run twice, late or at once with another."""

from __future__ import annotations

import logging

from celery import shared_task

from attendance import commitments, draws, prompts
from policy import clock

log = logging.getLogger("hadir.tasks")

STEPS = (
    commitments.commit,
    draws.draw_due,
    prompts.notify_pending,
    prompts.expire_overdue,
    commitments.reveal,
)


@shared_task
def run_prompts() -> None:
    """Everything that is due by now; a step that fails is logged and keeps no other from its work."""
    now = clock.now()
    for step in STEPS:
        try:
            step(now)
        except Exception:
            log.exception("step failed: %s", step.__name__)
