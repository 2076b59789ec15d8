"""The in-app inbox: the first channel of attendance.push."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from policy.models import Employee


class Message(models.Model):
    """A note to an employee. `key` says what it is about, so that nothing is ever told twice."""

    recipient = models.ForeignKey(
        Employee, models.PROTECT, related_name="messages", verbose_name=_("penerima")
    )
    key = models.CharField(max_length=60)
    subject = models.CharField(_("perihal"), max_length=200)
    body = models.CharField(_("isi"), max_length=1000)
    sent_at = models.DateTimeField(_("dikirim"))

    class Meta:
        verbose_name = _("pesan")
        verbose_name_plural = _("pesan")
        ordering = ["-sent_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["recipient", "key"], name="nobody_is_told_the_same_thing_twice")
        ]

    def __str__(self) -> str:
        return self.subject
