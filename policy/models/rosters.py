"""Rotas in versions. No published rota means the office."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, Value, When
from django.utils.translation import gettext_lazy as _

from policy.models.dated import Dated, DatedQuerySet, period_in_order
from policy.models.organisation import Unit


class RosterQuerySet(DatedQuerySet):
    def visible_to(self, scope) -> RosterQuerySet:
        """The rotas of the units one looks after, and of those in which one supervises somebody today."""
        return self.filter(
            Q(unit__in=scope.units)
            | Q(unit__agency__in=scope.agency_wide)
            | Q(unit__in=scope.units_supervised())
        )

    def with_broken(self, day) -> RosterQuerySet:
        """Notes as `broken` which rotas have warnings and are in force on `day` or later: what is over needs no repair."""
        live = RosterEntry.objects.filter(roster=OuterRef("pk"), in_force=True, date__gte=day)
        broken = Q(Exists(live), ~Q(warnings=[]), status=Roster.Status.PUBLISHED)
        return self.annotate(broken=Case(When(broken, then=Value(True)), default=Value(False)))


class Roster(Dated):
    """One version of a unit's rota for a period."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Rancangan")
        SUBMITTED = "submitted", _("Diajukan")
        PUBLISHED = "published", _("Diterbitkan")
        WITHDRAWN = "withdrawn", _("Ditarik")

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="rosters", verbose_name=_("unit kerja"))
    version = models.PositiveIntegerField(_("versi"))
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.DRAFT)
    # How a generated rota came to be: pattern, seed, and a sentence a person (policy.rotas).
    origin = models.JSONField(_("cara penyusunan"), default=dict, blank=True)
    note = models.CharField(_("catatan"), max_length=500, blank=True)
    submitted_at = models.DateTimeField(_("diajukan pada"), null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("diajukan oleh"),
    )
    published_at = models.DateTimeField(_("diterbitkan pada"), null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("diterbitkan oleh"),
    )
    is_retroactive = models.BooleanField(_("berlaku surut"), default=False)
    # Which document, phase and cap each date was checked against when it was published.
    basis = models.JSONField(_("dasar penerbitan"), default=list, blank=True)
    # What a later transfer, exemption or phase has made of a published rota; refreshed, never acted on.
    warnings = models.JSONField(_("peringatan"), default=list, blank=True)

    objects = RosterQuerySet.as_manager()

    class Meta:
        verbose_name = _("jadwal kerja")
        verbose_name_plural = _("jadwal kerja")
        ordering = ["-starts", "unit", "-version"]
        constraints = [
            period_in_order("roster_ends_after_it_starts"),
            models.UniqueConstraint(fields=["unit", "version"], name="roster_version_is_unique_in_its_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.unit} v{self.version}"


class RosterEntry(models.Model):
    """One employee's planned mode on one date. `in_force` marks the one plan that holds."""

    class Mode(models.TextChoices):
        WFH = "wfh", _("WFH - dari rumah")
        WFO = "wfo", _("WFO - di kantor")

    class Segment(models.TextChoices):
        DAY = "day", _("sehari penuh")
        AM = "am", _("sampai pukul 12.00")
        PM = "pm", _("mulai pukul 12.00")

    roster = models.ForeignKey(Roster, models.PROTECT, related_name="entries", verbose_name=_("jadwal kerja"))
    employee = models.ForeignKey(
        "policy.Employee", models.PROTECT, related_name="roster_entries", verbose_name=_("pegawai")
    )
    date = models.DateField(_("tanggal"))
    segment = models.CharField(_("bagian hari"), max_length=3, choices=Segment.choices, default=Segment.DAY)
    mode = models.CharField(_("mode"), max_length=3, choices=Mode.choices)
    # The shift or session of that day; empty means the ordinary hours.
    hours = models.ForeignKey(
        "policy.WorkingHours",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("sif/sesi"),
    )
    in_force = models.BooleanField(_("berlaku"), default=False)

    class Meta:
        verbose_name = _("isi jadwal kerja")
        verbose_name_plural = _("isi jadwal kerja")
        ordering = ["date", "employee"]
        constraints = [
            models.UniqueConstraint(
                fields=["roster", "employee", "date", "segment"], name="one_entry_a_version_person_and_day"
            ),
            models.UniqueConstraint(
                fields=["employee", "date", "segment"],
                condition=Q(in_force=True),
                name="one_plan_in_force_a_person_and_day",
            ),
        ]
        indexes = [
            # policy.roster: the draw's roster root and the cap of a date.
            models.Index(fields=["date"], condition=Q(in_force=True), name="roster_entry_in_force_on"),
        ]

    def __str__(self) -> str:
        return f"{self.employee} {self.date} {self.mode}"
