"""The agency's own calendar, its working hours and its dress."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from policy.models.dated import Dated, period_in_order
from policy.models.evidence import Evidence
from policy.models.faults import fault
from policy.models.organisation import Agency, Unit


class CalendarDay(models.Model):
    """A day that is not as its weekday says; seeded once, then the agency's to edit (policy.calendars)."""

    class Kind(models.TextChoices):
        PUBLIC_HOLIDAY = "public_holiday", _("Hari libur nasional")
        JOINT_LEAVE = "joint_leave", _("Cuti bersama")
        LOCAL_HOLIDAY = "local_holiday", _("Hari libur daerah")
        WORKING_DAY = "working_day", _("Hari kerja pengganti")

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


class CalendarChange(Evidence):
    """One change of an agency's calendar: what a date was, what it became, who changed it and why."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("instansi"))
    date = models.DateField(_("tanggal"))
    before = models.CharField(_("sebelumnya"), max_length=240, blank=True)
    after = models.CharField(_("menjadi"), max_length=240, blank=True)
    reason = models.CharField(_("dasar perubahan"), max_length=300)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("diubah oleh")
    )
    changed_at = models.DateTimeField(_("diubah pada"))

    class Meta:
        verbose_name = _("perubahan kalender")
        verbose_name_plural = _("perubahan kalender")
        ordering = ["-changed_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.date}: {self.before or '-'} > {self.after or '-'}"


def working_week() -> list[int]:
    """Monday to Friday (Perpres 21/2023), as ISO weekdays."""
    return [1, 2, 3, 4, 5]


def check_weekdays(value) -> None:
    """ISO weekdays, Monday 1 to Sunday 7, each once."""
    if not isinstance(value, list) or not value or len(set(map(str, value))) != len(value):
        raise ValidationError(_("Hari harus berupa daftar, misalnya [1, 2, 3, 4, 5]."))
    if any(isinstance(day, bool) or day not in range(1, 8) for day in value):
        raise ValidationError(_("Hari ditulis 1 (Senin) sampai 7 (Minggu)."))


class Pattern(Dated):
    """What holds on some weekdays of a period, for an agency or for one unit with everything below it.

    The most specific row of a day decides: that of the nearest unit, then the shorter period, then the later start.
    """

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("instansi"))
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("hanya unit kerja")
    )
    weekdays = models.JSONField(_("hari"), default=working_week, validators=[check_weekdays])

    class Meta:
        abstract = True

    def clean(self) -> None:
        """A pattern stays within one agency."""
        if self.unit and self.unit.agency_id != self.agency_id:
            raise fault("unit", _("Unit kerja ini milik instansi lain."), "other_agency")


class WorkingHours(Pattern):
    """Hours and punch windows. With a `code` it is a shift or session that a rota assigns, else everybody's.

    A time earlier than `in_opens` lies on the next day, so a night shift is written 22:00-07:00.
    """

    code = models.SlugField(_("kode sif/sesi"), max_length=40, blank=True)
    name = models.CharField(_("nama"), max_length=120, default=_("Jam kerja"))
    begins = models.TimeField(_("mulai bekerja"))
    finishes = models.TimeField(_("selesai bekerja"))
    break_begins = models.TimeField(_("mulai istirahat"), null=True, blank=True)
    break_finishes = models.TimeField(_("selesai istirahat"), null=True, blank=True)
    flex_minutes = models.PositiveSmallIntegerField(_("kelonggaran jam masuk (menit)"), default=0)
    in_opens = models.TimeField(_("presensi masuk dibuka"))
    in_closes = models.TimeField(_("presensi masuk ditutup"))
    out_opens = models.TimeField(_("presensi pulang dibuka"))
    out_closes = models.TimeField(_("presensi pulang ditutup"))

    class Meta:
        verbose_name = _("jam kerja")
        verbose_name_plural = _("jam kerja")
        ordering = ["-starts", "code"]
        constraints = [
            period_in_order("hours_end_after_they_start"),
            models.CheckConstraint(
                condition=Q(break_begins__isnull=True, break_finishes__isnull=True)
                | Q(break_begins__isnull=False, break_finishes__isnull=False),
                name="break_has_both_ends",
                violation_error_message=_("Istirahat memerlukan jam mulai dan jam selesai."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.begins:%H.%M}–{self.finishes:%H.%M}"


class DressCode(Pattern):
    """The official dress of some weekdays, or of a single date such as a Korpri day."""

    dress = models.CharField(_("pakaian dinas"), max_length=120)

    class Meta:
        verbose_name = _("pakaian dinas")
        verbose_name_plural = _("pakaian dinas")
        ordering = ["-starts"]
        constraints = [period_in_order("dress_code_ends_after_it_starts")]

    def __str__(self) -> str:
        return self.dress
