"""Hybrid-working schemes: the document, its dated phases, caps and exclusions."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from policy.models.dated import Dated, DatedQuerySet, period_in_order
from policy.models.evidence import Evidence
from policy.models.faults import fault
from policy.models.organisation import Agency, ServiceCategory, Unit


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


def asn_kinds() -> list[str]:
    """The kinds of employee that a circular for ASN covers."""
    return ["pns", "pppk", "cpns"]


def away_from_the_agency() -> list[str]:
    """Absences that take a person out of the denominator: people seconded out (edge case 3)."""
    return ["seconded"]


class Scheme(models.Model):
    """One version of a scheme of an agency, or a national one (no agency), which warns but does not bind.

    A version holds from `first_day` to `last_day` within the dates of its phases. Revoking and replacing end it;
    nothing is overwritten, so the past keeps the version that held then.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("Rancangan")
        ACTIVE = "active", _("Berlaku")
        REPLACED = "replaced", _("Diganti")
        REVOKED = "revoked", _("Dicabut")

    class WindowMode(models.TextChoices):
        CREDIT = "credit", _("Kredit jam tetap di dalam jendela presensi")
        CLOCK = "clock", _("Menit keterlambatan")

    class Signatures(models.TextChoices):
        REQUIRED = "required", _("Wajib")
        PREFERRED = "preferred", _("Diutamakan")
        OFF = "off", _("Tidak dipakai")

    class MockPolicy(models.TextChoices):
        REVIEW = "review", _("Ditinjau atasan")
        NOTE = "note", _("Hanya dicatat")

    agency = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, related_name="schemes", verbose_name=_("instansi")
    )
    code = models.SlugField(_("kode"), max_length=60)
    version = models.PositiveSmallIntegerField(_("versi"), default=1)
    name = models.CharField(_("nama"), max_length=200)
    legal_basis = models.ForeignKey(
        LegalBasis, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("dasar hukum")
    )
    is_trial = models.BooleanField(_("uji coba"), default=False)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.DRAFT)
    activated_at = models.DateTimeField(_("diberlakukan pada"), null=True, blank=True)
    first_day = models.DateField(_("versi ini berlaku mulai"), null=True, blank=True)
    last_day = models.DateField(_("versi ini berlaku sampai"), null=True, blank=True)

    # Whom it lets work from home.
    covers = models.JSONField(_("jenis pegawai"), default=asn_kinds)
    only_grounds = models.JSONField(_("hanya bagi yang memiliki alasan"), default=list, blank=True)
    not_counted = models.JSONField(
        _("tidak dihitung sebagai penyebut"), default=away_from_the_agency, blank=True
    )
    exempt_positions_may_rotate = models.BooleanField(
        _("jabatan yang dikecualikan boleh bergiliran"), default=False
    )
    # Who goes first in a rota, in this order: {"ground": "pregnant"}, {"domicile": ["32.76"]} or {"office": [...]}.
    priorities = models.JSONField(_("prioritas"), default=list, blank=True)

    # How attendance is taken.
    window_mode = models.CharField(
        _("cara menghitung jendela presensi"),
        max_length=10,
        choices=WindowMode.choices,
        default=WindowMode.CREDIT,
    )
    credit_minutes = models.PositiveSmallIntegerField(_("kredit jam kerja per hari (menit)"), default=510)
    closing_second = models.PositiveSmallIntegerField(
        _("detik penutup jendela presensi"), default=59, validators=[MaxValueValidator(59)]
    )
    uniform_photo = models.BooleanField(_("foto pakaian dinas diminta"), default=True)
    signatures = models.CharField(
        _("tanda tangan perangkat"), max_length=10, choices=Signatures.choices, default=Signatures.PREFERRED
    )
    mock_policy = models.CharField(
        _("lokasi tiruan"), max_length=10, choices=MockPolicy.choices, default=MockPolicy.REVIEW
    )
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
        ordering = ["code", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "code", "version"],
                nulls_distinct=False,
                name="scheme_version_is_unique_in_its_agency",
            ),
            models.UniqueConstraint(
                fields=["agency", "code"],
                condition=Q(status="active"),
                nulls_distinct=False,
                name="one_version_of_a_scheme_is_active",
            ),
            models.CheckConstraint(
                condition=Q(answer_minutes__gte=1, call_minutes__gte=1, draw_percent__range=(1, 100)),
                name="terms_of_the_draw_make_sense",
            ),
            models.CheckConstraint(
                condition=Q(status="draft") | Q(legal_basis__isnull=False, activated_at__isnull=False),
                name="active_scheme_names_its_document",
                violation_error_message=_("Skema tanpa dasar hukum tidak dapat diberlakukan."),
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["replaced", "revoked"]) | Q(last_day__isnull=False),
                name="ended_scheme_names_its_last_day",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SchemeChange(Evidence):
    """What became of a version: loaded, activated, revoked; by whom, when and why."""

    class What(models.TextChoices):
        LOADED = "loaded", _("Dimuat")
        ACTIVATED = "activated", _("Diberlakukan")
        REVOKED = "revoked", _("Dicabut")

    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="changes", verbose_name=_("skema"))
    what = models.CharField(_("tindakan"), max_length=10, choices=What.choices)
    reason = models.CharField(_("alasan"), max_length=300, blank=True)
    # Empty: the command line.
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("oleh")
    )
    changed_at = models.DateTimeField(_("pada"))

    class Meta:
        verbose_name = _("riwayat skema")
        verbose_name_plural = _("riwayat skema")
        ordering = ["changed_at", "pk"]

    def __str__(self) -> str:
        return f"{self.scheme} {self.get_what_display()}"


class PhaseQuerySet(DatedQuerySet):
    def enacted(self) -> PhaseQuerySet:
        """Phases of versions that hold or once held: everything but drafts."""
        return self.exclude(scheme__status="draft")

    def touching(self, first, last) -> PhaseQuerySet:
        """Enacted phases that hold on at least one day from `first` to `last`, both inclusive."""
        version = Q(scheme__first_day__isnull=True) | Q(scheme__first_day__lte=last)
        version &= Q(scheme__last_day__isnull=True) | Q(scheme__last_day__gte=first)
        period = Q(ends__isnull=True) | Q(ends__gte=first)
        return self.enacted().filter(version, period, starts__lte=last)


class Phase(Dated):
    """A dated phase of a scheme with its caps; windows that it does not set are those of the ordinary hours."""

    scheme = models.ForeignKey(Scheme, models.CASCADE, related_name="phases", verbose_name=_("skema"))
    name = models.CharField(_("nama"), max_length=120)
    in_opens = models.TimeField(_("presensi masuk dibuka"), null=True, blank=True)
    in_closes = models.TimeField(_("presensi masuk ditutup"), null=True, blank=True)
    out_opens = models.TimeField(_("presensi pulang dibuka"), null=True, blank=True)
    out_closes = models.TimeField(_("presensi pulang ditutup"), null=True, blank=True)
    # Where it holds; empty is everywhere. A unit stands for everything below it, a region for all that begin so.
    units = models.ManyToManyField(Unit, blank=True, related_name="+", verbose_name=_("hanya unit kerja"))
    regions = models.JSONField(_("hanya kantor di wilayah"), default=list, blank=True)

    objects = PhaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("tahap")
        verbose_name_plural = _("tahap")
        ordering = ["starts"]
        constraints = [
            period_in_order("phase_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(
                    in_opens__isnull=True,
                    in_closes__isnull=True,
                    out_opens__isnull=True,
                    out_closes__isnull=True,
                )
                | Q(
                    in_opens__isnull=False,
                    in_closes__isnull=False,
                    out_opens__isnull=False,
                    out_closes__isnull=False,
                ),
                name="phase_sets_all_windows_or_none",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scheme} - {self.name}"


class Cap(models.Model):
    """How many of a unit may (or must) work where: measure, bound and percent (domain reference 2.4)."""

    class Denominator(models.TextChoices):
        UNIT = "unit", _("unit kerja terendah")
        AGENCY_UNIT = "agency_unit", _("perangkat daerah")

    phase = models.ForeignKey(Phase, models.CASCADE, related_name="caps", verbose_name=_("tahap"))
    measure = models.CharField(_("ukuran"), max_length=3, choices=[("wfh", "WFH"), ("wfo", "WFO")])
    bound = models.CharField(
        _("batas"),
        max_length=6,
        choices=[("max", _("paling banyak")), ("min", _("paling sedikit")), ("target", _("sasaran"))],
    )
    percent = models.PositiveSmallIntegerField(_("persen"), validators=[MaxValueValidator(100)])
    denominator = models.CharField(
        _("penyebut"), max_length=12, choices=Denominator.choices, default=Denominator.UNIT
    )
    category = models.CharField(
        _("hanya kategori layanan"), max_length=20, choices=ServiceCategory.choices, blank=True
    )

    class Meta:
        verbose_name = _("batas")
        verbose_name_plural = _("batas")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(percent__lte=100), name="percent_is_at_most_100"),
        ]

    def __str__(self) -> str:
        return f"{self.measure.upper()} {self.get_bound_display()} {self.percent} %"


class Exclusion(models.Model):
    """Whom a scheme does not let work from home: a unit with all below it, a service category, or a post."""

    scheme = models.ForeignKey(Scheme, models.CASCADE, related_name="exclusions", verbose_name=_("skema"))
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("unit kerja")
    )
    category = models.CharField(
        _("kategori layanan"), max_length=20, choices=ServiceCategory.choices, blank=True
    )
    post = models.SlugField(_("kode jabatan"), max_length=40, blank=True)
    reason = models.CharField(_("alasan"), max_length=200)

    class Meta:
        verbose_name = _("pengecualian")
        verbose_name_plural = _("pengecualian")
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "unit", "category", "post"], nulls_distinct=False, name="excluded_once"
            ),
            models.CheckConstraint(
                condition=(Q(unit__isnull=False, category="", post=""))
                | (Q(unit__isnull=True, post="") & ~Q(category=""))
                | (Q(unit__isnull=True, category="") & ~Q(post="")),
                name="exclusion_names_one_thing",
                violation_error_message=_("Isi tepat satu: unit kerja, kategori layanan, atau kode jabatan."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit or self.get_category_display() or self.post}: {self.reason}"


class Pooling(models.Model):
    """A recorded decision that a unit is counted together with its parent, such as a unit of one (edge case 2)."""

    scheme = models.ForeignKey(Scheme, models.CASCADE, related_name="poolings", verbose_name=_("skema"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit kerja"))
    reason = models.CharField(_("dasar keputusan"), max_length=200)

    class Meta:
        verbose_name = _("penggabungan penyebut")
        verbose_name_plural = _("penggabungan penyebut")
        constraints = [models.UniqueConstraint(fields=["scheme", "unit"], name="unit_is_pooled_once")]

    def __str__(self) -> str:
        return f"{self.unit}: {self.reason}"

    def clean(self) -> None:
        """Only a unit with a parent can be counted with it."""
        if self.unit.parent_id is None:
            raise fault("unit", _("Unit kerja ini tidak memiliki unit induk."), "no_parent")
