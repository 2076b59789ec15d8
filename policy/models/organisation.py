"""Agencies (tenants) and their tree of units."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from tree_queries.fields import TreeNodeForeignKey
from tree_queries.models import TreeNode
from tree_queries.query import TreeQuerySet

from policy.models.faults import fault


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
    # Days up to this one are settled: neither calendar nor rota of them changes any more.
    closed_until = models.DateField(_("dikunci sampai dengan"), null=True, blank=True)

    objects = AgencyQuerySet.as_manager()

    class Meta:
        verbose_name = _("instansi")
        verbose_name_plural = _("instansi")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class ServiceCategory(models.TextChoices):
    """SE MenPANRB 17/2023: who may work from home (S-07); a service that works digitally is SE 34's own (D-04)."""

    ADMIN = "admin", _("Administrasi pemerintahan")
    LEADERSHIP_SUPPORT = "leadership_support", _("Dukungan pimpinan")
    PUBLIC_SERVICE = "public_service", _("Layanan publik langsung")
    DIGITAL_SERVICE = "digital_service", _("Layanan publik yang dapat dilakukan secara digital")


class LevelKind(models.TextChoices):
    """The level of a unit; depth is irregular, so the level is a label and not a rule."""

    AGENCY_UNIT = "agency_unit", _("Perangkat Daerah")
    WORK_UNIT = "work_unit", _("UKPD/Unit kerja")
    DIVISION = "division", _("Bidang/Bagian")
    SUBDIVISION = "subdivision", _("Subbidang/Subbagian")
    SECTION = "section", _("Seksi")
    SUBGROUP = "subgroup", _("Subkelompok")


class UnitQuerySet(TreeQuerySet):
    def visible_to(self, scope) -> UnitQuerySet:
        """The units a person looks after, or all units of an agency for HR and auditors."""
        return self.filter(Q(pk__in=scope.units) | Q(agency__in=scope.agency_wide))

    def with_plans_for(self, scope) -> UnitQuerySet:
        """The units whose rota and WFH cap a person sees: a superior also those of the people he supervises."""
        return self.filter(
            Q(pk__in=scope.units) | Q(agency__in=scope.agency_wide) | Q(pk__in=scope.units_supervised())
        )

    def planned_by(self, scope) -> UnitQuerySet:
        """The units whose rota a person may draft; an auditor reads only."""
        return self.filter(
            Q(pk__in=scope.units) | Q(agency__in=scope.hr) | Q(pk__in=scope.units_supervised())
        )


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
    # Where the unit has its seat; empty inherits from the parent. A phase may hold for some places only.
    site = models.ForeignKey(
        "policy.Site",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="units",
        verbose_name=_("kantor unit"),
    )
    min_office = models.PositiveSmallIntegerField(_("paling sedikit di kantor"), default=0)

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

    def clean(self) -> None:
        """A unit hangs below a unit of its own agency, and never below itself (TreeNode refuses a loop)."""
        super().clean()
        if self.parent and self.parent.agency_id != self.agency_id:
            raise fault("parent", _("Unit induk ini milik instansi lain."), "other_agency")
