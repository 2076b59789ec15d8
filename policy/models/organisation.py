"""Agencies (tenants) and their tree of units."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from tree_queries.fields import TreeNodeForeignKey
from tree_queries.models import TreeNode
from tree_queries.query import TreeQuerySet


class AgencyQuerySet(models.QuerySet):
    def visible_to(self, scope) -> AgencyQuerySet:
        """The agencies that a person sees: agencies never see each other."""
        return self.filter(pk__in=scope.agencies)


class Agency(models.Model):
    """An agency (instansi): the tenant. Agencies never see each other."""

    code = models.SlugField(_("kode"), max_length=40, unique=True)
    name = models.CharField(_("nama"), max_length=200)
    # {room} is replaced by the prompt's own random room; empty means that the superior phones as usual.
    video_call_url = models.CharField(_("alamat panggilan video"), max_length=300, blank=True)

    objects = AgencyQuerySet.as_manager()

    class Meta:
        verbose_name = _("instansi")
        verbose_name_plural = _("instansi")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class ServiceCategory(models.TextChoices):
    """SE MenPANRB 17/2023: who may work from home (domain reference S-07)."""

    ADMIN = "admin", _("Administrasi pemerintahan")
    LEADERSHIP_SUPPORT = "leadership_support", _("Dukungan pimpinan")
    PUBLIC_SERVICE = "public_service", _("Layanan publik")


class LevelKind(models.TextChoices):
    """The level of a unit; depth is irregular, so the level is a label and not a rule."""

    AGENCY_UNIT = "agency_unit", _("Perangkat Daerah")
    DIVISION = "division", _("Bidang/Bagian")
    SECTION = "section", _("Seksi/Subbagian/Subkelompok")


class UnitQuerySet(TreeQuerySet):
    def visible_to(self, scope) -> UnitQuerySet:
        """The units a person looks after, or all units of an agency for HR and auditors."""
        return self.filter(Q(pk__in=scope.units) | Q(agency__in=scope.agency_wide))


class Unit(TreeNode):
    """A unit of an agency; the lowest units (sections) are the denominators of the WFH cap."""

    parent = TreeNodeForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("unit induk")
    )
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="units", verbose_name=_("instansi"))
    code = models.CharField(_("kode"), max_length=40)
    name = models.CharField(_("nama"), max_length=200)
    level_kind = models.CharField(_("tingkat"), max_length=20, choices=LevelKind.choices)
    # Empty inherits from the parent.
    service_category = models.CharField(
        _("kategori layanan"), max_length=20, choices=ServiceCategory.choices, blank=True
    )

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("unit kerja")
        verbose_name_plural = _("unit kerja")
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "code"], name="unit_code_is_unique_in_its_agency"),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=models.F("id")),
                name="unit_is_not_its_own_parent",
            ),
        ]

    def __str__(self) -> str:
        return self.name
