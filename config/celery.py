"""The Celery app and its one beat entry. Truth is rows; beat only ticks and a lost tick costs nothing."""

from __future__ import annotations

import os

from celery import Celery
from celery.signals import worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("hadir")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["policy", "attendance"])


@worker_init.connect
def refuse_a_wrong_clock(**kwargs) -> None:
    """A worker in the wrong time would draw at the wrong hour."""
    from policy.checks import refuse_to_start

    refuse_to_start()
