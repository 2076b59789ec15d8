"""An event that a phone reports with a location: what a check-in and the answer to a prompt share."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from policy.models.evidence import Evidence, Sealed


class LocatedEvent(Evidence):
    """An event that a phone reports with a location: a check-in or the answer to a prompt.

    Distances are metres, times UTC. `fingerprint` is SHA-256 of the validated request, so that a replay can be
    told from another request under the same id; `leaf` is the salted commitment to the row (trust 4).
    """

    class Status(models.TextChoices):
        ACCEPTED = "accepted", _("Diterima")
        REVIEW = "review", _("Perlu ditinjau")
        REFUSED = "refused", _("Ditolak")

    class Verdict(models.TextChoices):
        INSIDE = "inside", _("Di dalam")
        UNCERTAIN = "uncertain", _("Belum pasti")
        OUTSIDE = "outside", _("Di luar")

    client_id = models.UUIDField(_("ID dari aplikasi"))
    captured_at = models.DateTimeField(_("waktu menurut ponsel"))
    received_at = models.DateTimeField(_("diterima server"))
    status = models.CharField(_("status awal"), max_length=10, choices=Status.choices)
    reason = models.CharField(_("alasan"), max_length=30)
    conditions = models.JSONField(_("semua alasan"), default=list)
    verdict = models.CharField(_("lokasi"), max_length=10, choices=Verdict.choices, null=True)  # noqa: DJ001
    confidence = models.FloatField(_("peluang di dalam"), null=True)
    distance_m = models.FloatField(_("jarak ke pagar (m)"), null=True)
    place_kind = models.CharField(_("jenis tempat"), max_length=10, blank=True)
    place_id = models.BigIntegerField(_("tempat"), null=True)
    place_name = models.CharField(_("nama tempat"), max_length=200, blank=True)
    is_mock = models.BooleanField(_("lokasi tiruan"), null=True)
    age_s = models.FloatField(_("umur titik lokasi (detik)"))
    uniform_photo = models.BooleanField(_("foto pakaian dinas"))
    fingerprint = models.BinaryField(max_length=32)
    leaf = models.BinaryField(max_length=32)

    class Meta:
        abstract = True


class EventLocation(Evidence, Sealed):
    """The raw fix of an event, sealed, and the salt of its leaf: both are shredded together."""

    salt = models.BinaryField(max_length=32)

    class Meta:
        abstract = True
