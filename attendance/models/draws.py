"""The draws of verification prompts and the sealed secrets behind them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from policy.models import Agency
from policy.models.evidence import Evidence, Sealed


class DrawQuerySet(models.QuerySet):
    def visible_to(self, scope) -> DrawQuerySet:
        """The draws of one's own agency: the commitments are public to the people they concern."""
        return self.filter(agency__in=scope.agencies)


class DaySecret(Evidence, Sealed):
    """The secret of an agency's day: its SHA-256 is public days ahead, the secret after the last slot."""

    MAY_UPDATE = ("revealed",)

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("instansi"))
    date = models.DateField(_("tanggal"))
    committed_at = models.DateTimeField(_("komitmen diumumkan"))
    commitment = models.CharField(_("komitmen (SHA-256)"), max_length=64)
    revealed = models.CharField(_("rahasia yang dibuka"), max_length=64, blank=True)

    objects = DrawQuerySet.as_manager()

    class Meta:
        verbose_name = _("komitmen undian")
        verbose_name_plural = _("komitmen undian")
        ordering = ["-date"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "date"], name="one_secret_an_agency_and_day")
        ]

    def __str__(self) -> str:
        return f"{self.agency} {self.date}"


class Draw(Evidence):
    """One draw of an agency, date, zone and slot. `pool` and `excluded` let anybody recompute it."""

    class State(models.TextChoices):
        DRAWN = "drawn", _("Diundi")
        MISSED = "missed", _("Terlewat")

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("instansi"))
    date = models.DateField(_("tanggal"))
    zone = models.CharField(_("zona waktu"), max_length=40)
    slot = models.TimeField(_("jadwal verifikasi"))
    state = models.CharField(_("status"), max_length=10, choices=State.choices)
    drawn_at = models.DateTimeField(_("diundi pada"))
    is_late = models.BooleanField(_("terlambat"), default=False)
    seed = models.CharField(_("benih"), max_length=64, blank=True)
    roster_root = models.CharField(_("akar jadwal kerja"), max_length=64, blank=True)
    terms = models.JSONField(_("ketentuan"), default=dict)
    pool = models.JSONField(_("peserta"), default=list)
    excluded = models.JSONField(_("tidak ikut"), default=list)

    objects = DrawQuerySet.as_manager()

    class Meta:
        verbose_name = _("undian verifikasi")
        verbose_name_plural = _("undian verifikasi")
        ordering = ["-date", "-slot"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "date", "zone", "slot"], name="one_draw_an_agency_day_zone_and_slot"
            ),
            models.CheckConstraint(
                condition=Q(state="missed") | ~Q(seed=""), name="a_draw_that_took_place_has_its_seed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency} {self.date} {self.slot:%H:%M}"
