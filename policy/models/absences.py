"""Leave, sickness and official travel: they change what is expected of a day."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from policy.models.dated import Dated, period_in_order


class Absence(Dated):
    """A period in which an employee is not expected at home or at the office."""

    class Kind(models.TextChoices):
        LEAVE = "leave", _("Cuti")
        SICK = "sick", _("Sakit")
        TRAVEL = "travel", _("Dinas luar")

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("Menunggu keputusan")
        APPROVED = "approved", _("Disetujui")
        REJECTED = "rejected", _("Ditolak")

    employee = models.ForeignKey(
        "policy.Employee", models.PROTECT, related_name="absences", verbose_name=_("pegawai")
    )
    kind = models.CharField(_("jenis"), max_length=10, choices=Kind.choices)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.PROPOSED)
    document = models.CharField(_("nomor surat"), max_length=120, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("diputuskan oleh"),
    )

    class Meta:
        verbose_name = _("cuti, sakit, dan dinas luar")
        verbose_name_plural = _("cuti, sakit, dan dinas luar")
        ordering = ["-starts"]
        constraints = [period_in_order("absence_ends_after_it_starts")]

    def __str__(self) -> str:
        return f"{self.employee} {self.get_kind_display()} {self.starts}"
