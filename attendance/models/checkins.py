"""Check-ins: every one that was ever sent, whatever became of it."""

from __future__ import annotations

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from attendance.models.events import EventLocation, LocatedEvent
from attendance.models.reviews import Review
from policy.models import Agency, Employee, Unit


def visible_events(queryset, scope):
    """Narrows events that carry employee, superior, unit and agency to what a person sees."""
    return queryset.filter(
        Q(employee=scope.employee)
        | Q(superior__in=scope.stands_for)
        | Q(unit__in=scope.units)
        | Q(agency__in=scope.agency_wide)
    )


SESSION = ("employee", "kind", "session", "session_until")  # what makes fixes one session


class CheckInQuerySet(models.QuerySet):
    def visible_to(self, scope) -> CheckInQuerySet:
        """One's own, those of one's people on that date, of one's units, or of the agency."""
        return visible_events(self, scope)

    def with_effective_status(self) -> CheckInQuerySet:
        """Adds `effective`, the status as it stands after the latest review."""
        latest = Review.objects.filter(check_in=OuterRef("pk")).order_by("-pk")
        return self.annotate(effective=Coalesce(Subquery(latest.values("decision")[:1]), "status"))

    def of_session(self, employee, kind, session, session_until) -> CheckInQuerySet:
        """The fixes of one session. One kind and one end: a used id that comes again settles nothing."""
        return self.filter(employee=employee, kind=kind, session=session, session_until=session_until)

    def waiting_for_review(self, now) -> CheckInQuerySet:
        """The last fix in review of every closed session in which no fix was accepted: one row a session."""
        session = CheckIn.objects.of_session(*map(OuterRef, SESSION))
        accepted = session.filter(status="accepted")
        later = session.filter(status="review", pk__gt=OuterRef("pk"))
        closed = self.with_effective_status().filter(effective="review", session_until__lt=now)
        return closed.filter(~Exists(accepted), ~Exists(later))


class CheckIn(LocatedEvent):
    """A check-in or check-out. Unit, superior and agency are those of the day, for history does not move."""

    class Kind(models.TextChoices):
        IN = "in", _("Masuk")
        OUT = "out", _("Pulang")

    employee = models.ForeignKey(
        Employee, models.PROTECT, related_name="check_ins", verbose_name=_("pegawai")
    )
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("instansi"))
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", verbose_name=_("unit kerja"))
    superior = models.ForeignKey(
        Employee, models.PROTECT, null=True, related_name="+", verbose_name=_("atasan langsung")
    )
    kind = models.CharField(_("jenis"), max_length=3, choices=Kind.choices)
    session = models.UUIDField(_("sesi"))
    session_fix = models.PositiveSmallIntegerField(_("urutan dalam sesi"))
    session_until = models.DateTimeField(_("sesi berakhir"))
    work_date = models.DateField(_("tanggal kerja"))
    planned_mode = models.CharField(_("mode rencana"), max_length=6)
    mode = models.CharField(_("mode realisasi"), max_length=6, null=True)  # noqa: DJ001 - null is "nowhere allowed"
    counts = models.CharField(_("dihitung"), max_length=12)

    objects = CheckInQuerySet.as_manager()

    class Meta:
        verbose_name = _("presensi")
        verbose_name_plural = _("presensi")
        ordering = ["-received_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["employee", "client_id"], name="check_in_id_is_unique_for_its_employee"
            ),
        ]
        indexes = [
            # recaps: the day of an agency.
            models.Index(fields=["agency", "work_date"], name="check_in_of_agency_and_day"),
            # checkins: how many fixes a session has.
            models.Index(fields=["employee", "session"], name="check_in_of_session"),
            # reviews: what waits for a decision.
            models.Index(
                fields=["superior", "work_date"], condition=Q(status="review"), name="check_in_to_review"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.employee} {self.get_kind_display()} {self.work_date}"


class CheckInLocation(EventLocation):
    """The sealed fix of a check-in."""

    check_in = models.OneToOneField(CheckIn, models.PROTECT, primary_key=True, related_name="location")
