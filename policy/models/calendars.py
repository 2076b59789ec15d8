"""The agency's own calendar and its regular hours."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from policy.models.dated import Dated, period_in_order
from policy.models.organisation import Agency


class CalendarDay(models.Model):
    """A day that is not an ordinary working day; seeded once, then the agency's to edit."""

    class Kind(models.TextChoices):
        PUBLIC_HOLIDAY = "public_holiday", _("Hari libur nasional")
        JOINT_LEAVE = "joint_leave", _("Cuti bersama")

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="calendar", verbose_name=_("instansi"))
    date = models.DateField(_("tanggal"))
    kind = models.CharField(_("jenis"), max_length=20, choices=Kind.choices)
    name = models.CharField(_("nama"), max_length=200)

    class Meta:
        verbose_name = _("hari libur")
        verbose_name_plural = _("hari libur")
        ordering = ["date"]
        constraints = [models.UniqueConstraint(fields=["agency", "date"], name="one_calendar_day_an_agency")]

    def __str__(self) -> str:
        return f"{self.date} {self.name}"


class WorkingHours(Dated):
    """An agency's regular punch windows and its dress by weekday (Monday first), from a date on."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="hours", verbose_name=_("instansi"))
    in_opens = models.TimeField(_("presensi masuk dibuka"))
    in_closes = models.TimeField(_("presensi masuk ditutup"))
    out_opens = models.TimeField(_("presensi pulang dibuka"))
    out_closes = models.TimeField(_("presensi pulang ditutup"))
    dress = models.JSONField(_("pakaian dinas per hari"), default=list)

    class Meta:
        verbose_name = _("jam kerja")
        verbose_name_plural = _("jam kerja")
        ordering = ["-starts"]
        constraints = [period_in_order("hours_end_after_they_start")]

    def __str__(self) -> str:
        return f"{self.agency} {self.starts}"
