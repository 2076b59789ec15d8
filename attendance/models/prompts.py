"""Verification prompts: the worker answers with a fresh fix, the superior calls by video."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from attendance.models.checkins import visible_events
from attendance.models.draws import Draw
from attendance.models.events import EventLocation, LocatedEvent
from policy.models import Agency, Employee, Unit
from policy.models.evidence import Evidence


def new_room() -> str:
    """An unguessable name for the video room of one prompt."""
    return secrets.token_urlsafe(9)


class PromptQuerySet(models.QuerySet):
    def visible_to(self, scope) -> PromptQuerySet:
        """One's own, those of one's people on that date, of one's units, or of the agency."""
        return visible_events(self, scope)


class Prompt(models.Model):
    """A drawn worker. The row is the queue: `notified_at` null waits to be sent, `state` is moved by due times."""

    class State(models.TextChoices):
        OPEN = "open", _("Menunggu jawaban")
        ANSWERED = "answered", _("Dijawab")
        MISSED = "missed", _("Tidak dijawab")
        UNDELIVERED = "undelivered", _("Tidak tersampaikan")

    draw = models.ForeignKey(Draw, models.PROTECT, related_name="prompts", verbose_name=_("undian"))
    employee = models.ForeignKey(Employee, models.PROTECT, related_name="prompts", verbose_name=_("pegawai"))
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("instansi"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit kerja"))
    superior = models.ForeignKey(
        Employee, models.PROTECT, null=True, related_name="+", verbose_name=_("atasan langsung")
    )
    room = models.CharField(_("ruang panggilan"), max_length=30, default=new_room)
    opened_at = models.DateTimeField(_("dibuka"))
    expires_at = models.DateTimeField(_("batas menjawab"))
    notified_at = models.DateTimeField(_("dikirim"), null=True)
    delivered_at = models.DateTimeField(_("sampai di ponsel"), null=True)
    state = models.CharField(_("status"), max_length=12, choices=State.choices, default=State.OPEN)

    objects = PromptQuerySet.as_manager()

    class Meta:
        verbose_name = _("verifikasi kehadiran")
        verbose_name_plural = _("verifikasi kehadiran")
        ordering = ["-opened_at", "employee"]
        constraints = [
            models.UniqueConstraint(fields=["draw", "employee"], name="one_prompt_a_draw_and_employee"),
        ]
        indexes = [
            # prompts.notify_pending and prompts.expire_overdue, every tick.
            models.Index(fields=["opened_at"], condition=Q(notified_at=None), name="prompt_to_notify"),
            models.Index(fields=["expires_at"], condition=Q(state="open"), name="prompt_to_expire"),
            models.Index(fields=["superior", "opened_at"], name="prompt_of_superior"),
        ]

    def __str__(self) -> str:
        return f"{self.employee} {self.draw}"


class PromptAnswer(LocatedEvent):
    """The worker's answer; a late one is a row too."""

    prompt = models.ForeignKey(Prompt, models.PROTECT, related_name="answers", verbose_name=_("verifikasi"))
    employee = models.ForeignKey(Employee, models.PROTECT, related_name="+", verbose_name=_("pegawai"))
    in_time = models.BooleanField(_("tepat waktu"))

    class Meta:
        verbose_name = _("jawaban verifikasi")
        verbose_name_plural = _("jawaban verifikasi")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["employee", "client_id"], name="answer_id_is_unique_for_its_employee"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.prompt}: {self.get_status_display()}"


class PromptAnswerLocation(EventLocation):
    """The sealed fix of an answer."""

    answer = models.OneToOneField(PromptAnswer, models.PROTECT, primary_key=True, related_name="location")


class Call(Evidence):
    """What the superior saw and heard in the video call."""

    class Outcome(models.TextChoices):
        VERIFIED = "verified", _("Terverifikasi")
        ELSEWHERE = "elsewhere", _("Berada di tempat lain")
        NO_ANSWER = "no_answer", _("Panggilan tak terjawab")
        REFUSED = "refused", _("Panggilan ditolak")

    prompt = models.ForeignKey(Prompt, models.PROTECT, related_name="calls", verbose_name=_("verifikasi"))
    client_id = models.UUIDField(_("ID dari aplikasi"))
    outcome = models.CharField(_("hasil"), max_length=10, choices=Outcome.choices)
    stated_place = models.CharField(_("tempat yang disebutkan"), max_length=200, blank=True)
    at_home = models.BooleanField(_("berada di domisili"), null=True)
    in_uniform = models.BooleanField(_("berpakaian dinas"), null=True)
    note = models.CharField(_("catatan"), max_length=500, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("dicatat oleh")
    )
    recorded_at = models.DateTimeField(_("dicatat pada"))
    fingerprint = models.BinaryField(max_length=32)

    class Meta:
        verbose_name = _("panggilan video")
        verbose_name_plural = _("panggilan video")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["recorded_by", "client_id"], name="call_id_is_unique_for_its_recorder"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.prompt}: {self.get_outcome_display()}"
