"""Perintah hadir di kantor: who was called in from home, when, by whom and why."""

from __future__ import annotations

from datetime import timedelta

from django import forms
from django.conf import settings
from django.contrib import admin
from django.db.models import OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from attendance import recalls
from policy import absences
from policy.admin.base import ReadOnlyAdmin, facts
from policy.admin.forms import DayField, FormPages, PageForm, WordsField, signed
from policy.admin.lookups import LookupField
from policy.admin.seats import HR, SUPERIOR, seat_of
from policy.admin.texts import at_clock, at_moment, number_of, on_day
from policy.calendar import instant, local
from policy.models import Employee, Posting, Recall
from policy.scope import scope_of

ROUND = timedelta(minutes=30)


class RecallForm(PageForm):
    """From which minute somebody who works from home is ordered to the office, and why."""

    employee = LookupField(Recall._meta.get_field("employee"), label=_("Pegawai"))
    date = DayField(label=_("Tanggal"))
    time = forms.TimeField(
        label=_("Mulai pukul"),
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
        input_formats=["%H:%M", "%H.%M"],
        help_text=_("Menurut waktu setempat di kantor pegawai."),
    )
    reason = WordsField(
        label=_("Alasan"), max_length=300, help_text=_("Alasan ini disampaikan kepada pegawai.")
    )

    def __init__(self, *args, request, **options) -> None:
        super().__init__(*args, **options)
        self.user, self.scope = request.user, seat_of(request).scope
        self.fields["employee"].queryset = Employee.objects.visible_to(self.scope)

    def clean(self) -> dict:
        """Adds `at` (UTC); only the superior of that date, who stands in for him, and HR give the order."""
        said = super().clean()
        if not self.errors:
            said["at"] = instant(said["date"], said["time"], _zone(said["employee"], said["date"]))
            own = said["employee"].pk == self.scope.employee
            if not own and not absences.may_recall(scope_of(self.user, said["at"]), said["employee"]):
                self.add_error(
                    "employee",
                    _(
                        "Hanya atasan langsung pada tanggal itu, penggantinya, atau BKD/BKPSDM yang dapat memerintahkan."
                    ),
                )
        return said


def _zone(employee: Employee, day) -> str:
    held = Posting.objects.on(day).filter(employee=employee).values_list("site__zone", flat=True).first()
    return held or settings.TIME_ZONE


@admin.register(Recall)
class RecallAdmin(FormPages, ReadOnlyAdmin):
    """Evidence: an order is given by its form, and neither changed nor taken back."""

    icon = "directions_walk"
    list_display = ("day", "since", "person", "nrk", "reason", "who")
    date_hierarchy = "date"
    search_fields = ("employee__name", "=employee__nrk", "=employee__nip")
    search_help_text = _("Cari nama, NRK, atau NIP lengkap")
    list_select_related = ("employee", "ordered_by__employee")

    def visible(self, queryset, seat):
        return queryset.filter(pk__in=absences.recalls_seen(seat.scope).values("pk"))

    def get_queryset(self, request):
        here = Posting.objects.filter(
            Q(ends=None) | Q(ends__gte=OuterRef("date")),
            employee=OuterRef("employee"),
            starts__lte=OuterRef("date"),
        )
        queryset = super().get_queryset(request).select_related(*self.list_select_related)
        return queryset.annotate(zone=Subquery(here.values("site__zone")[:1]))

    @display(description=_("tanggal"), ordering="date")
    def day(self, row) -> str:
        return on_day(row.date)

    @display(description=_("mulai pukul"), ordering="at")
    def since(self, row) -> str:
        return at_clock(row.at, row.zone)

    @display(description=_("pegawai"), ordering="employee__name")
    def person(self, row) -> str:
        return row.employee.name

    @display(description="NRK")
    def nrk(self, row) -> str:
        return number_of(row.employee)

    @display(description=_("diperintahkan oleh"))
    def who(self, row) -> str:
        return str(row.ordered_by)

    def heading(self, row) -> str:
        return f"{row.employee.name} – {on_day(row.date)}"

    def cards(self, request, row):
        return [
            facts(
                _("Perintah hadir di kantor"),
                (_("Pegawai"), row.employee.name),
                ("NRK", number_of(row.employee)),
                (_("Tanggal"), on_day(row.date)),
                (_("Mulai pukul"), at_clock(row.at, row.zone)),
                (_("Alasan"), row.reason),
                (_("Diperintahkan oleh"), row.ordered_by),
                (_("Diperintahkan pada"), at_moment(row.ordered_at, row.zone)),
            )
        ]

    def has_add_permission(self, request) -> bool:
        return seat_of(request).has(frozenset({SUPERIOR, HR}))

    def add_view(self, request, form_url="", extra_context=None):
        self.may_add(request)
        return self.form_page(
            request,
            RecallForm(request.POST or None, request=request, initial=_initial(request)),
            lambda said: recalls.order(
                said["employee"], at=said["at"], reason=said["reason"], **signed(request)
            ),
            done=_ordered,
            title=_("Perintah hadir di kantor"),
            lead=_(
                "Bagi pegawai yang dijadwalkan bekerja dari rumah, bila ada keperluan penting dan mendesak."
            ),
            submit=_("Perintahkan"),
            back=reverse("admin:index"),
        )


def _ordered(recall: Recall) -> tuple:
    said = _("Perintah telah dicatat dan disampaikan kepada %(name)s.") % {"name": recall.employee.name}
    return said, f"{reverse('admin:index')}?date={recall.date}"


def _initial(request) -> dict:
    """The person and the day of the board, and the next half hour but one."""
    soon = local(request.now, settings.TIME_ZONE) + 2 * ROUND
    soon -= timedelta(minutes=soon.minute % 30, seconds=soon.second, microseconds=soon.microsecond)
    chosen = request.GET.get("employee", "")
    return {
        "employee": chosen if chosen.isdecimal() and len(chosen) < 16 else None,
        "date": request.GET.get("date") or soon.date(),
        "time": soon.time(),
    }
