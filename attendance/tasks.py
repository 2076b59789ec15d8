"""Celery shims: read the clock, call the use cases. Safe to run twice, late or at once with another."""

from __future__ import annotations

from celery import shared_task

from attendance import commitments, draws, prompts
from policy import clock


@shared_task
def run_prompts() -> None:
    """Everything that is due by now: commitments, draws, notices, expiries, revelations."""
    now = clock.now()
    commitments.commit(now)
    draws.draw_due(now)
    prompts.notify_pending(now)
    prompts.expire_overdue(now)
    commitments.reveal(now)
