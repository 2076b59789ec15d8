"""Kalender: hari libur dan riwayatnya, jam kerja, dan pakaian dinas."""

from __future__ import annotations

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from policy import calendars
from policy.admin.base import ReadOnlyAdmin, ScopedAdmin, facts, table
from policy.admin.forms import DayField, FormPages, KeptAdmin, PageForm, SettledForm, signed
from policy.admin.seats import EVERY_ROLE, HR, KEEPERS, seat_of
from policy.admin.texts import EMPTY, at_moment, on_day, period
from policy.models import Agency, CalendarChange, CalendarDay, DressCode, WorkingHours

WEEKDAYS = (_("Senin"), _("Selasa"), _("Rabu"), _("Kamis"), _("Jumat"), _("Sabtu"), _("Minggu"))


DOCUMENT = _("Nomor dan nama dokumen, misalnya SKB 3 Menteri atau keputusan kepala daerah.")


def weekdays_of(days: list[int]) -> str:
    """ "Senin–Jumat" for days that follow each other, else "Senin, Rabu"."""
    days = sorted(days)
    names = [str(WEEKDAYS[day - 1]) for day in days]
    if len(days) > 2 and days[-1] - days[0] == len(days) - 1:
        return f"{names[0]}–{names[-1]}"
    return ", ".join(names)


class OfOwnAgency:
    """Rows of the reader's own agencies."""

    list_select_related = ("agency",)

    def visible(self, queryset, seat):
        return queryset.filter(agency__in=seat.scope.agencies)


class DayForm(PageForm):
    """What a date is, and by which decision."""

    kind = forms.ChoiceField(label=_("Jenis"), choices=CalendarDay.Kind.choices)
    name = forms.CharField(label=_("Nama"), max_length=200)
    reason = forms.CharField(label=_("Dasar perubahan"), max_length=300, help_text=DOCUMENT)


class NewDayForm(DayForm):
    """A date of one of the agencies whose HR the reader is."""

    agency = forms.ModelChoiceField(label=_("Instansi"), queryset=Agency.objects.none(), empty_label=None)
    date = DayField(label=_("Tanggal"))
    field_order = ("agency", "date")

    def __init__(self, *args, agencies, **options) -> None:
        super().__init__(*args, **options)
        self.fields["agency"].queryset = Agency.objects.filter(pk__in=agencies)
        if len(agencies) == 1:
            self.fields["agency"].initial = next(iter(agencies))
            self.fields["agency"].widget = forms.HiddenInput()


class ClearForm(PageForm):
    """Why a date goes out of the calendar."""

    reason = forms.CharField(label=_("Dasar perubahan"), max_length=300, help_text=DOCUMENT)


@admin.register(CalendarDay)
class CalendarDayAdmin(OfOwnAgency, FormPages, ReadOnlyAdmin):
    """Seeded once; HR changes it with a reason, and every change stays to be read."""

    icon = "event"
    detail_template = "admin/hadir/commands.html"
    list_display = ("day", "name", "kind")
    list_filter = ("kind",)
    date_hierarchy = "date"
    search_fields = ("name",)

    def get_urls(self):
        pages = [("edit", self.edit_view), ("clear", self.clear_view)]
        return [*self.own_urls(pages), *super().get_urls()]

    @display(description=_("tanggal"), ordering="date")
    def day(self, row) -> str:
        return on_day(row.date)

    def heading(self, row) -> str:
        return row.name

    def has_add_permission(self, request) -> bool:
        return HR in seat_of(request).roles

    def keeps(self, request, row) -> bool:
        """Whether the reader is HR of the agency."""
        return row.agency_id in seat_of(request).scope.hr

    def cards(self, request, row):
        day = facts(
            _("Hari libur"),
            (_("Tanggal"), on_day(row.date)),
            (_("Nama"), row.name),
            (_("Jenis"), row.get_kind_display()),
            (_("Instansi"), row.agency),
            note=_("Tanggal ini sudah dikunci sehingga tidak dapat diubah lagi.") if _locked(row) else "",
        )
        return [day, _history(row)] if seat_of(request).has(KEEPERS) else [day]

    def more(self, request, row):
        if not self.keeps(request, row) or _locked(row):
            return {}
        edit, clear = self.url("edit", row.pk), self.url("clear", row.pk)
        return {"commands": [(edit, "edit", _("Ubah")), (clear, "event_busy", _("Hapus dari kalender"))]}

    def add_view(self, request, form_url="", extra_context=None):
        return self.form_page(
            request,
            NewDayForm(request.POST or None, agencies=self.may_add(request).scope.hr),
            lambda said: _set(said["agency"], request, said),
            done=lambda row: (_("Kalender telah diperbarui."), self.url("change", row.pk)),
            title=_("Tambah tanggal"),
            back=self.url("changelist"),
            lead=_(
                "Hari libur, cuti bersama, atau hari kerja pengganti. Hari yang sudah dikunci tidak berubah."
            ),
        )

    def edit_view(self, request, object_id):
        row = self.command(request, object_id, "keeps")
        form = DayForm(request.POST or None, initial={"kind": row.kind, "name": row.name})
        return self.form_page(
            request,
            form,
            lambda said: _set(row.agency, request, {"date": row.date, **said}),
            done=lambda row: (_("Kalender telah diperbarui."), self.url("change", row.pk)),
            title=_("Ubah %(name)s") % {"name": row.name},
            back=self.url("change", row.pk),
            lead=on_day(row.date),
        )

    def clear_view(self, request, object_id):
        row = self.command(request, object_id, "keeps")
        return self.form_page(
            request,
            ClearForm(request.POST or None),
            lambda said: calendars.clear_day(row.agency, row.date, **said, **signed(request)),
            done=lambda _row: (_("Tanggal tersebut telah dihapus dari kalender."), self.url("changelist")),
            title=_("Hapus %(name)s dari kalender") % {"name": row.name},
            back=self.url("change", row.pk),
            lead=_("%(day)s kembali mengikuti hari kerja mingguan.") % {"day": on_day(row.date)},
            submit=_("Hapus dari kalender"),
        )


def _locked(row: CalendarDay) -> bool:
    return bool(row.agency.closed_until and row.date <= row.agency.closed_until)


def _set(agency: Agency, request, said: dict) -> CalendarDay:
    return calendars.set_day(
        agency, said["date"], said["kind"], said["name"], reason=said["reason"], **signed(request)
    )


def _history(row: CalendarDay):
    changes = CalendarChange.objects.filter(agency=row.agency, date=row.date)
    return table(
        _("Riwayat"),
        [_("Waktu"), _("Sebelumnya"), _("Menjadi"), _("Dasar perubahan"), _("Oleh")],
        [
            [at_moment(c.changed_at), c.before or EMPTY, c.after or EMPTY, c.reason, c.changed_by or EMPTY]
            for c in changes.select_related("changed_by__employee")
        ],
        empty=_("Belum ada perubahan."),
    )


@admin.register(CalendarChange)
class CalendarChangeAdmin(OfOwnAgency, ScopedAdmin):
    """Every change of the calendar, what was taken out of it too."""

    audience = KEEPERS
    icon = "history"
    list_display = ("when", "day", "was", "became", "reason", "who")
    list_display_links = None
    date_hierarchy = "date"
    search_fields = ("reason", "before", "after")
    list_select_related = ("changed_by__employee",)

    @display(description=_("diubah pada"), ordering="changed_at")
    def when(self, row) -> str:
        return at_moment(row.changed_at)

    @display(description=_("tanggal"), ordering="date")
    def day(self, row) -> str:
        return on_day(row.date)

    @display(description=_("sebelumnya"))
    def was(self, row) -> str:
        return row.before or EMPTY

    @display(description=_("menjadi"))
    def became(self, row) -> str:
        return row.after or EMPTY

    @display(description=_("oleh"))
    def who(self, row) -> str:
        return str(row.changed_by or EMPTY)


class PatternForm(SettledForm):
    """Weekdays as boxes to tick."""

    weekdays = forms.TypedMultipleChoiceField(
        label=_("Hari"),
        coerce=int,
        choices=list(enumerate(WEEKDAYS, 1)),
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        initial=[1, 2, 3, 4, 5],
    )


class PatternAdmin(OfOwnAgency, KeptAdmin):
    """What holds on some weekdays of a period; a row ends by its date, and the next one begins."""

    audience = EVERY_ROLE
    form = PatternForm
    note = _(
        "Hari yang sudah dikunci tidak berubah. Untuk mengganti, isi tanggal Sampai lalu tambahkan yang baru."
    )
    autocomplete_fields = ("unit",)
    list_select_related = ("agency", "unit")

    def get_fields(self, request, obj=None):
        """Who only reads sees the weekdays in words."""
        fields = list(super().get_fields(request, obj))
        if obj and not self.has_change_permission(request, obj):
            fields[fields.index("weekdays")] = "on_weekdays"
        return fields

    @display(description=_("masa berlaku"), ordering="starts")
    def valid(self, row) -> str:
        return period(row)

    @display(description=_("hari"))
    def on_weekdays(self, row) -> str:
        return weekdays_of(row.weekdays)

    @display(description=_("berlaku bagi"))
    def whose(self, row) -> str:
        return str(row.unit or _("Semua unit kerja"))


@admin.register(WorkingHours)
class WorkingHoursAdmin(PatternAdmin):
    icon = "schedule"
    list_display = ("name", "on_weekdays", "hours", "arrival", "departure", "whose", "valid")
    fields = (
        "agency",
        "unit",
        "name",
        "code",
        "weekdays",
        ("begins", "finishes"),
        ("break_begins", "break_finishes"),
        "flex_minutes",
        ("in_opens", "in_closes"),
        ("out_opens", "out_closes"),
        ("starts", "ends"),
    )

    @display(description=_("jam kerja"))
    def hours(self, row) -> str:
        return f"{row.begins:%H.%M}–{row.finishes:%H.%M}"

    @display(description=_("presensi masuk"))
    def arrival(self, row) -> str:
        return f"{row.in_opens:%H.%M}–{row.in_closes:%H.%M}"

    @display(description=_("presensi pulang"))
    def departure(self, row) -> str:
        return f"{row.out_opens:%H.%M}–{row.out_closes:%H.%M}"


@admin.register(DressCode)
class DressCodeAdmin(PatternAdmin):
    icon = "checkroom"
    list_display = ("dress", "on_weekdays", "whose", "valid")
    fields = ("agency", "unit", "dress", "weekdays", ("starts", "ends"))
