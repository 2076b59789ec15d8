"""Offices and registered domiciles. A domicile's coordinates are ciphertext in a table of their own."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from policy.calendar import ZONES
from policy.fences import Fence
from policy.models.evidence import Sealed
from policy.models.organisation import Agency


def region_field(name) -> models.CharField:
    """A Kemendagri code, PP.KK.CC.KKKK or its beginning such as 31.74 (domain reference 3.3)."""
    shape = RegexValidator(r"^\d\d(\.\d\d(\.\d\d(\.\d{4})?)?)?$", _("Contoh: 31.74 atau 31.74.02."))
    return models.CharField(name, max_length=13, blank=True, validators=[shape])


class SiteQuerySet(models.QuerySet):
    def visible_to(self, scope) -> SiteQuerySet:
        """Offices are no secret within their own agency."""
        return self.filter(agency__in=scope.agencies)


class Site(models.Model):
    """An office with its fence (GeoJSON; a circle is a Point with radius_m) and its time zone."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="sites", verbose_name=_("instansi"))
    name = models.CharField(_("nama"), max_length=200)
    geojson = models.JSONField(_("pagar lokasi (GeoJSON)"))
    region = region_field(_("kode wilayah"))
    zone = models.CharField(
        _("zona waktu"),
        max_length=40,
        default="Asia/Jakarta",
        choices=[(z, f"{n} - {z}") for z, n in ZONES.items()],
    )

    objects = SiteQuerySet.as_manager()

    class Meta:
        verbose_name = _("kantor")
        verbose_name_plural = _("kantor")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def fence(self) -> Fence:
        """The fence as a value; raises FenceError where the stored geometry cannot be read (fail closed)."""
        return Fence.from_geojson(self.geojson)


class DomicileQuerySet(models.QuerySet):
    def in_force(self, at) -> DomicileQuerySet:
        """The approved domiciles in force at the instant `at` (UTC)."""
        return self.filter(
            Q(in_force_until__isnull=True) | Q(in_force_until__gt=at),
            status="approved",
            in_force_from__lte=at,
        )

    def visible_to(self, scope) -> DomicileQuerySet:
        """One's own, and those of the people one keeps the files of; superiors see no domiciles."""
        return self.filter(
            Q(employee=scope.employee)
            | Q(employee__agency__in=scope.agency_wide)
            | Q(employee__in=scope.people_of_units())
        )


class Domicile(models.Model):
    """A registered place of residence; in force from a stated minute once somebody else approved it."""

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("Menunggu keputusan")
        APPROVED = "approved", _("Disetujui")
        REJECTED = "rejected", _("Ditolak")

    employee = models.ForeignKey(
        "policy.Employee", models.PROTECT, related_name="domiciles", verbose_name=_("pegawai")
    )
    name = models.CharField(_("sebutan"), max_length=100, default=_("Domisili"))
    district = models.CharField(_("kecamatan/kota"), max_length=120, blank=True)
    region = region_field(_("kode wilayah"))
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.PROPOSED)
    proposed_at = models.DateTimeField(_("diusulkan pada"))
    decided_at = models.DateTimeField(_("diputuskan pada"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("diputuskan oleh"),
    )
    decision_note = models.CharField(_("catatan keputusan"), max_length=500, blank=True)
    in_force_from = models.DateTimeField(_("berlaku mulai"), null=True, blank=True)
    in_force_until = models.DateTimeField(_("berlaku sampai"), null=True, blank=True)

    objects = DomicileQuerySet.as_manager()

    class Meta:
        verbose_name = _("domisili")
        verbose_name_plural = _("domisili")
        ordering = ["-proposed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["employee"],
                condition=Q(status="approved", in_force_until__isnull=True),
                name="one_domicile_in_force_an_employee",
            ),
            models.CheckConstraint(
                condition=Q(in_force_until__isnull=True) | Q(in_force_until__gte=F("in_force_from")),
                name="domicile_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=~Q(status="approved") | Q(in_force_from__isnull=False, decided_by__isnull=False),
                name="approved_domicile_names_who_and_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} - {self.employee}"


class DomicileLocation(Sealed):
    """The fence of a domicile (GeoJSON) and the 68 % error of its registered point, sealed."""

    domicile = models.OneToOneField(Domicile, models.PROTECT, primary_key=True, related_name="location")
