"""Leave, sickness, official travel and recalls to the office: they change what is expected of a day."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from policy.models.dated import Dated, DatedQuerySet, one_at_a_time, period_in_order
from policy.models.evidence import Evidence


class AbsenceQuerySet(DatedQuerySet):
    def visible_to(self, scope) -> AbsenceQuerySet:
        """One's own, those of the people one supervises today, and those whose files one keeps."""
        supervised = Q(employee__in=scope.people_supervised()) | Q(employee__in=scope.people_of_units())
        return self.filter(
            Q(employee=scope.employee) | Q(employee__agency__in=scope.agency_wide) | supervised
        )


class Absence(Dated):
    """A period in which an employee is not expected at home or at the office (domain reference 2.11, 6)."""

    class Kind(models.TextChoices):
        ANNUAL = "annual_leave", _("Cuti tahunan")
        LONG = "long_leave", _("Cuti besar")
        SICK = "sick", _("Cuti sakit")
        MATERNITY = "maternity_leave", _("Cuti melahirkan")
        IMPORTANT = "important_reason", _("Cuti karena alasan penting")
        UNPAID = "unpaid_leave", _("Cuti di luar tanggungan negara")
        TRAVEL = "travel", _("Dinas luar")
        STUDY = "study_assignment", _("Tugas belajar")
        SECONDED = "seconded", _("Dipekerjakan di instansi lain")
        SUSPENDED = "suspended", _("Pemberhentian sementara")

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("Menunggu keputusan")
        APPROVED = "approved", _("Disetujui")
        REJECTED = "rejected", _("Ditolak")
        CANCELLED = "cancelled", _("Dibatalkan")

    employee = models.ForeignKey(
        "policy.Employee", models.PROTECT, related_name="absences", verbose_name=_("pegawai")
    )
    kind = models.CharField(_("jenis"), max_length=20, choices=Kind.choices)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.PROPOSED)
    document = models.CharField(_("nomor surat"), max_length=120, blank=True)
    note = models.CharField(_("keterangan"), max_length=500, blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("diajukan oleh")
    )
    requested_at = models.DateTimeField(_("diajukan pada"), null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("diputuskan oleh"),
    )
    decided_at = models.DateTimeField(_("diputuskan pada"), null=True, blank=True)
    decision_note = models.CharField(_("catatan keputusan"), max_length=500, blank=True)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("cuti dan dinas luar")
        verbose_name_plural = _("cuti dan dinas luar")
        ordering = ["-starts", "-pk"]
        constraints = [
            period_in_order("absence_ends_after_it_starts"),
            one_at_a_time(
                "one_approved_absence_a_person_and_day",
                _("Pegawai ini sudah memiliki cuti atau dinas luar yang disetujui pada masa tersebut."),
                condition=Q(status="approved"),
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["approved", "rejected"]) | Q(decided_by__isnull=False),
                name="decided_absence_names_who",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.employee} {self.get_kind_display()} {self.starts}"


class AbsencePaper(Evidence):
    """A letter or certificate behind an absence; sickness papers are health data and go to deciders only."""

    absence = models.ForeignKey(Absence, models.PROTECT, related_name="papers", verbose_name=_("cuti"))
    name = models.CharField(_("nama berkas"), max_length=120)
    content_type = models.CharField(max_length=60)
    sha256 = models.CharField(max_length=64)
    # The content stays in the database: private by construction, in one backup, a few hundred kilobytes each.
    content = models.BinaryField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(_("diunggah pada"))

    class Meta:
        verbose_name = _("berkas pendukung")
        verbose_name_plural = _("berkas pendukung")

    def __str__(self) -> str:
        return self.name


class Recall(Evidence):
    """The superior orders somebody who works from home to the office, from a minute on (SE 34, D-08)."""

    employee = models.ForeignKey(
        "policy.Employee", models.PROTECT, related_name="recalls", verbose_name=_("pegawai")
    )
    date = models.DateField(_("tanggal"))
    at = models.DateTimeField(_("berlaku mulai"))
    reason = models.CharField(_("alasan"), max_length=300)
    ordered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("diperintahkan oleh")
    )
    ordered_at = models.DateTimeField(_("diperintahkan pada"))

    class Meta:
        verbose_name = _("perintah hadir di kantor")
        verbose_name_plural = _("perintah hadir di kantor")
        ordering = ["-date", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["employee", "date"], name="one_recall_a_person_and_day")
        ]

    def __str__(self) -> str:
        return f"{self.employee} {self.date}"
