"""A person's decision on a check-in, a row of its own."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from policy.models.evidence import Evidence


class Review(Evidence):
    """Accepted or refused by a person, with a note; the latest decision stands."""

    class Decision(models.TextChoices):
        ACCEPTED = "accepted", _("Diterima")
        REFUSED = "refused", _("Ditolak")

    check_in = models.ForeignKey(
        "attendance.CheckIn", models.PROTECT, related_name="reviews", verbose_name=_("presensi")
    )
    decision = models.CharField(_("keputusan"), max_length=10, choices=Decision.choices)
    note = models.CharField(_("catatan"), max_length=500)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("diputuskan oleh")
    )
    decided_at = models.DateTimeField(_("diputuskan pada"))

    class Meta:
        verbose_name = _("tinjauan")
        verbose_name_plural = _("tinjauan")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.get_decision_display()} {self.check_in}"
