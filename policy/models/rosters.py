"""Published rotas. No published rota means the office."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from policy.models.dated import Dated, period_in_order
from policy.models.organisation import Unit


class RosterQuerySet(models.QuerySet):
    def visible_to(self, scope) -> RosterQuerySet:
        """The rotas of the units one looks after."""
        return self.filter(Q(unit__in=scope.units) | Q(unit__agency__in=scope.agency_wide))


class Roster(Dated):
    """One version of a unit's rota for a period."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Rancangan")
        PUBLISHED = "published", _("Diterbitkan")

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="rosters", verbose_name=_("unit kerja"))
    version = models.PositiveIntegerField(_("versi"))
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.DRAFT)
    published_at = models.DateTimeField(_("diterbitkan pada"), null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("diterbitkan oleh"),
    )

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

    roster = models.ForeignKey(Roster, models.PROTECT, related_name="entries", verbose_name=_("jadwal kerja"))
    employee = models.ForeignKey(
        "policy.Employee", models.PROTECT, related_name="roster_entries", verbose_name=_("pegawai")
    )
    date = models.DateField(_("tanggal"))
    segment = models.CharField(_("bagian hari"), max_length=10, default="day")
    mode = models.CharField(_("mode"), max_length=3, choices=Mode.choices)
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
