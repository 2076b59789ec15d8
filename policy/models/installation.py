"""What this database is for: a rehearsal in simulated time, or the real thing."""

from __future__ import annotations

from django.db import models


class Installation(models.Model):
    """At most one row. A database marked as a rehearsal never serves in real time, nor the reverse."""

    is_rehearsal = models.BooleanField()
    only = models.BooleanField(default=True, unique=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(only=True), name="there_is_one_installation"),
        ]

    def __str__(self) -> str:
        return "rehearsal" if self.is_rehearsal else "production"
