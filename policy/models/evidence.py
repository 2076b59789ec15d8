"""What makes a row evidence, what makes it sealed, and who looked at sealed coordinates."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Evidence(models.Model):
    """An append-only row. `manage.py protect_evidence` takes UPDATE, DELETE and TRUNCATE from the application.

    `MAY_UPDATE` names the columns that the application fills in later.
    """

    MAY_UPDATE: tuple[str, ...] = ()

    class Meta:
        abstract = True


class Sealed(models.Model):
    """A value as AES-256-GCM ciphertext (policy.vault) with the id of its key."""

    key_id = models.PositiveSmallIntegerField()
    sealed = models.BinaryField()

    class Meta:
        abstract = True


class LocationRead(Evidence):
    """Somebody looked at the coordinates of somebody else."""

    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("pembaca")
    )
    subject = models.ForeignKey(
        "policy.Employee", models.PROTECT, related_name="+", verbose_name=_("pegawai")
    )
    what = models.CharField(_("yang dibaca"), max_length=60)
    read_at = models.DateTimeField(_("dibaca pada"))

    class Meta:
        verbose_name = _("catatan pembacaan lokasi")
        verbose_name_plural = _("catatan pembacaan lokasi")
        ordering = ["-read_at"]

    def __str__(self) -> str:
        return f"{self.reader} {self.what}"
