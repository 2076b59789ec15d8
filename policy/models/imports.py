"""A file that somebody hands in, and how far it has come. The row is the queue."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from policy.models.organisation import Agency


class ImportJobQuerySet(models.QuerySet):
    def visible_to(self, scope) -> ImportJobQuerySet:
        """Those of the agencies that one sees whole, and one's own."""
        return self.filter(Q(agency__in=scope.agency_wide) | Q(uploaded_by=scope.user))


class ImportJob(models.Model):
    """A file from its upload to its end: checked first, carried out when somebody has seen what it would change."""

    class Kind(models.TextChoices):
        UNITS = "units", _("Unit kerja")
        SITES = "sites", _("Kantor dan pagar lokasi")
        PEOPLE = "people", _("Pegawai dan penempatan")
        DOMICILES = "domiciles", _("Usulan domisili")
        ROTAS = "rotas", _("Rancangan jadwal kerja")

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("Menunggu pemeriksaan")
        CHECKING = "checking", _("Sedang diperiksa")
        CHECKED = "checked", _("Siap diterapkan")
        REFUSED = "refused", _("Ditolak")
        CONFIRMED = "confirmed", _("Menunggu penerapan")
        RUNNING = "running", _("Sedang diterapkan")
        DONE = "done", _("Selesai")
        CANCELLED = "cancelled", _("Dibatalkan")
        FAILED = "failed", _("Gagal")

    WAITING = (State.UPLOADED, State.CHECKING, State.CONFIRMED, State.RUNNING)
    OPEN = (*WAITING, State.CHECKED)

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="imports", verbose_name=_("instansi"))
    kind = models.CharField(_("jenis data"), max_length=10, choices=Kind.choices)
    file_name = models.CharField(_("nama berkas"), max_length=200)
    sha256 = models.CharField("SHA-256", max_length=64)
    # Names, numbers and homes: ciphertext, and only as long as it is needed.
    key_id = models.PositiveSmallIntegerField(null=True, editable=False)
    sealed = models.BinaryField(null=True)
    state = models.CharField(_("status"), max_length=10, choices=State.choices, default=State.UPLOADED)
    step = models.CharField(_("tahap"), max_length=10, blank=True)
    total = models.PositiveIntegerField(_("jumlah baris"), default=0)
    done = models.PositiveIntegerField(_("baris selesai"), default=0)
    attempts = models.PositiveSmallIntegerField(_("percobaan"), default=0)
    report = models.JSONField(_("hasil"), default=dict, blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("diunggah oleh"),
    )
    uploaded_at = models.DateTimeField(_("diunggah pada"))
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("diterapkan oleh"),
    )
    confirmed_at = models.DateTimeField(_("diterapkan pada"), null=True, blank=True)
    started_at = models.DateTimeField(_("dimulai pada"), null=True, blank=True)
    finished_at = models.DateTimeField(_("selesai pada"), null=True, blank=True)

    objects = ImportJobQuerySet.as_manager()

    class Meta:
        verbose_name = _("impor data")
        verbose_name_plural = _("impor data")
        ordering = ["-uploaded_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["uploaded", "checking", "checked", "confirmed", "running"])
                | Q(sealed__isnull=True),
                name="ended_import_keeps_no_file",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["confirmed", "running", "done"]) | Q(confirmed_at__isnull=False),
                name="import_in_force_names_when",
            ),
        ]
        indexes = [
            # policy.imports.jobs: what waits, oldest first.
            models.Index(
                fields=["uploaded_at"],
                condition=Q(state__in=["uploaded", "checking", "confirmed", "running"]),
                name="import_waits",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.file_name}"

    @property
    def waits(self) -> bool:
        """Whether a worker has something to do with it."""
        return self.state in self.WAITING
