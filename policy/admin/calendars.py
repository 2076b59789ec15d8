"""Hari libur dan jam kerja."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from policy.admin.base import ReadOnlyAdmin, facts
from policy.admin.texts import on_day, period
from policy.models import CalendarDay, WorkingHours

WEEKDAYS = (_("Senin"), _("Selasa"), _("Rabu"), _("Kamis"), _("Jumat"), _("Sabtu"), _("Minggu"))


class OfOwnAgency(ReadOnlyAdmin):
    """Rows of the reader's own agencies."""

    list_select_related = ("agency",)

    def visible(self, queryset, seat):
        return queryset.filter(agency__in=seat.scope.agencies)


@admin.register(CalendarDay)
class CalendarDayAdmin(OfOwnAgency):
    icon = "event"
    list_display = ("day", "name", "kind")
    list_filter = ("kind",)
    date_hierarchy = "date"
    search_fields = ("name",)

    @display(description=_("tanggal"), ordering="date")
    def day(self, row) -> str:
        return on_day(row.date)

    def heading(self, row) -> str:
        return row.name

    def cards(self, request, row):
        return [
            facts(
                _("Hari libur"),
                (_("Tanggal"), on_day(row.date)),
                (_("Nama"), row.name),
                (_("Jenis"), row.get_kind_display()),
                (_("Instansi"), row.agency),
            )
        ]


@admin.register(WorkingHours)
class WorkingHoursAdmin(OfOwnAgency):
    icon = "schedule"
    list_display = ("valid", "arrival", "departure", "agency")

    @display(description=_("masa berlaku"), ordering="starts")
    def valid(self, row) -> str:
        return period(row)

    @display(description=_("presensi masuk"))
    def arrival(self, row) -> str:
        return f"{row.in_opens:%H.%M}–{row.in_closes:%H.%M}"

    @display(description=_("presensi pulang"))
    def departure(self, row) -> str:
        return f"{row.out_opens:%H.%M}–{row.out_closes:%H.%M}"

    def heading(self, row) -> str:
        return str(_("Jam kerja"))

    def cards(self, request, row):
        hours = facts(
            _("Jam kerja"),
            (_("Instansi"), row.agency),
            (_("Masa berlaku"), period(row)),
            (_("Presensi masuk"), self.arrival(row)),
            (_("Presensi pulang"), self.departure(row)),
        )
        return [hours]
