"""Hybrid-working schemes: the document, its dated phases, caps and exclusions."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from policy.models.dated import Dated, period_in_order
from policy.models.organisation import Agency, Unit


class LegalBasis(models.Model):
    """A document that permits something: number, title, issuer, date."""

    number = models.CharField(_("nomor"), max_length=80)
    title = models.CharField(_("tentang"), max_length=300)
    issuer = models.CharField(_("penerbit"), max_length=120)
    issued_on = models.DateField(_("tanggal"))

    class Meta:
        verbose_name = _("dasar hukum")
        verbose_name_plural = _("dasar hukum")
        constraints = [
            models.UniqueConstraint(
                fields=["number", "issuer"], name="document_number_is_unique_for_its_issuer"
            )
        ]

    def __str__(self) -> str:
        return self.number


class SchemeQuerySet(models.QuerySet):
    def visible_to(self, scope) -> SchemeQuerySet:
        """National schemes and those of one's own agency."""
        return self.filter(Q(agency__isnull=True) | Q(agency__in=scope.agencies))


class Scheme(models.Model):
    """A scheme of one agency, or a national one (no agency), which warns but does not bind."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Rancangan")
        ACTIVE = "active", _("Berlaku")
        REVOKED = "revoked", _("Dicabut")

    class WindowMode(models.TextChoices):
        CREDIT = "credit", _("Kredit jam tetap di dalam jendela presensi")
        CLOCK = "clock", _("Menit keterlambatan")

    agency = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, related_name="schemes", verbose_name=_("instansi")
    )
    name = models.CharField(_("nama"), max_length=200)
    legal_basis = models.ForeignKey(
        LegalBasis, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("dasar hukum")
    )
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.DRAFT)
    activated_at = models.DateTimeField(_("diberlakukan pada"), null=True, blank=True)
    window_mode = models.CharField(
        _("cara menghitung jendela presensi"),
        max_length=10,
        choices=WindowMode.choices,
        default=WindowMode.CREDIT,
    )
    closing_second = models.PositiveSmallIntegerField(
        _("detik penutup jendela presensi"), default=59, validators=[MaxValueValidator(59)]
    )
    uniform_photo = models.BooleanField(_("foto pakaian dinas diminta"), default=True)
    slots = models.JSONField(_("jadwal verifikasi"), default=list, blank=True)  # ["10:00", "14:00", "16:00"]
    # No document gives these numbers: they are defaults of ours, for the owner of the scheme to set.
    draw_percent = models.PositiveSmallIntegerField(
        _("persentase undian"), default=10, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    daily_cap = models.PositiveSmallIntegerField(_("undian paling banyak per hari"), default=2)
    overdue_days = models.PositiveSmallIntegerField(_("wajib terundi setelah (hari WFH)"), default=10)
    answer_minutes = models.PositiveSmallIntegerField(
        _("batas menjawab (menit)"), default=20, validators=[MinValueValidator(1)]
    )
    call_minutes = models.PositiveSmallIntegerField(
        _("lama satu panggilan (menit)"), default=5, validators=[MinValueValidator(1)]
    )

    objects = SchemeQuerySet.as_manager()

    class Meta:
        verbose_name = _("skema kerja hibrida")
        verbose_name_plural = _("skema kerja hibrida")
        constraints = [
            models.CheckConstraint(
                condition=Q(answer_minutes__gte=1, call_minutes__gte=1, draw_percent__range=(1, 100)),
                name="terms_of_the_draw_make_sense",
            ),
            models.CheckConstraint(
                condition=~Q(status="active") | Q(legal_basis__isnull=False, activated_at__isnull=False),
                name="active_scheme_names_its_document",
                violation_error_message=_("Skema tanpa dasar hukum tidak dapat diberlakukan."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Phase(Dated):
    """A dated phase of a scheme with its punch windows; a cap hangs below it."""

    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="phases", verbose_name=_("skema"))
    name = models.CharField(_("nama"), max_length=120)
    in_opens = models.TimeField(_("presensi masuk dibuka"))
    in_closes = models.TimeField(_("presensi masuk ditutup"))
    out_opens = models.TimeField(_("presensi pulang dibuka"))
    out_closes = models.TimeField(_("presensi pulang ditutup"))

    class Meta:
        verbose_name = _("tahap")
        verbose_name_plural = _("tahap")
        ordering = ["starts"]
        constraints = [period_in_order("phase_ends_after_it_starts")]

    def __str__(self) -> str:
        return f"{self.scheme} - {self.name}"


class Cap(models.Model):
    """How many of a unit may (or must) work where: measure, bound and percent (domain reference 2.4)."""

    phase = models.ForeignKey(Phase, models.CASCADE, related_name="caps", verbose_name=_("tahap"))
    measure = models.CharField(_("ukuran"), max_length=3, choices=[("wfh", "WFH"), ("wfo", "WFO")])
    bound = models.CharField(
        _("batas"),
        max_length=6,
        choices=[("max", _("paling banyak")), ("min", _("paling sedikit")), ("target", _("sasaran"))],
    )
    percent = models.PositiveSmallIntegerField(_("persen"), validators=[MaxValueValidator(100)])

    class Meta:
        verbose_name = _("batas")
        verbose_name_plural = _("batas")
        constraints = [
            models.CheckConstraint(condition=Q(percent__lte=100), name="percent_is_at_most_100"),
        ]

    def __str__(self) -> str:
        return f"{self.measure.upper()} {self.get_bound_display()} {self.percent} %"


class Exclusion(models.Model):
    """A unit (with everything below it) that a scheme does not let work from home."""

    scheme = models.ForeignKey(Scheme, models.CASCADE, related_name="exclusions", verbose_name=_("skema"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit kerja"))
    reason = models.CharField(_("alasan"), max_length=200)

    class Meta:
        verbose_name = _("pengecualian")
        verbose_name_plural = _("pengecualian")
        constraints = [models.UniqueConstraint(fields=["scheme", "unit"], name="unit_is_excluded_once")]

    def __str__(self) -> str:
        return f"{self.unit}: {self.reason}"
