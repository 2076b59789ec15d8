"""Presensi: daftar, rincian, dan keputusan atas yang perlu ditinjau."""

from __future__ import annotations

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import SimpleListFilter
from django.db.models import OuterRef, Q, Subquery
from django.http import HttpResponseRedirect
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from unfold.decorators import display

from attendance import reviews
from attendance.admin.columns import PersonColumns
from attendance.admin.texts import COUNTED, PLACES, band, located, sentences, short_reason
from attendance.models import CheckIn, Review
from policy.admin.base import ReadOnlyAdmin, facts, table
from policy.admin.seats import seat_of
from policy.admin.texts import (
    EMPTY,
    MODES,
    STATUSES,
    at_clock,
    at_moment,
    badge_of,
    number_of,
    on_day,
    yes_no,
)
from policy.models import Posting


class EffectiveStatus(SimpleListFilter):
    """The status as it stands after reviews."""

    title = _("status")
    parameter_name = "status"

    def lookups(self, request, model_admin):
        return CheckIn.Status.choices

    def queryset(self, request, queryset):
        return queryset.filter(effective=self.value()) if self.value() else queryset


class DecisionForm(forms.Form):
    """Accept or refuse, with a reason."""

    decision = forms.ChoiceField(choices=Review.Decision.choices)
    note = forms.CharField(max_length=500)


@admin.register(CheckIn)
class CheckInAdmin(PersonColumns, ReadOnlyAdmin):
    """Evidence: nothing here is added, changed or deleted; a decision is a row of its own."""

    icon = "fingerprint"
    detail_template = "admin/hadir/check_in.html"
    list_display = (
        "received",
        "person",
        "nrk",
        "unit_name",
        "kind",
        "planned",
        "state",
        "because",
        "place",
    )
    list_filter = (EffectiveStatus, "kind", "verdict")
    date_hierarchy = "work_date"
    search_fields = ("employee__name", "=employee__nrk", "=employee__nip")
    search_help_text = _("Cari nama, NRK, atau NIP lengkap")
    list_select_related = ("employee", "unit")

    def get_queryset(self, request):
        here = Posting.objects.filter(
            Q(ends=None) | Q(ends__gte=OuterRef("work_date")),
            employee=OuterRef("employee"),
            starts__lte=OuterRef("work_date"),
        )
        queryset = super().get_queryset(request).with_effective_status()
        return queryset.annotate(zone=Subquery(here.values("site__zone")[:1]))

    def get_urls(self):
        decide = path(
            "<path:object_id>/decide/",
            self.admin_site.admin_view(self.decide_view),
            name="attendance_checkin_decide",
        )
        return [decide, *super().get_urls()]

    @display(description=_("diterima pada"), ordering="received_at")
    def received(self, event) -> str:
        return f"{on_day(event.work_date)} {at_clock(event.received_at, event.zone)}"

    @display(description=_("rencana"))
    def planned(self, event):
        return badge_of(event.planned_mode, MODES)

    @display(description=_("status"))
    def state(self, event):
        return badge_of(event.effective, STATUSES)

    @display(description=_("alasan"))
    def because(self, event) -> str:
        return short_reason(event)

    @display(description=_("lokasi"))
    def place(self, event):
        return located(event)

    def heading(self, event) -> str:
        return f"{event.employee.name} – {event.get_kind_display()}, {on_day(event.work_date)}"

    def may_decide(self, request, event) -> bool:
        """Whether the reader decides: the superior of that day or HR, never on himself."""
        seat = seat_of(request)
        if seat.is_self(event.employee_id):
            return False
        return event.superior_id in seat.scope.stands_for or event.agency_id in seat.scope.hr

    def cards(self, request, event):
        seat = seat_of(request)
        cards = [self._event(event), self._place(event, event.agency_id in seat.scope.agency_wide)]
        if not seat.is_self(event.employee_id):
            cards.append(self._signals(event))
        return [*cards, self._reviews(event)]

    def _event(self, event):
        reasons = format_html_join("", "<span class='hd-line'>{}</span>", ((s,) for s in sentences(event)))
        return facts(
            _("Presensi"),
            (_("Pegawai"), event.employee.name),
            ("NRK", number_of(event.employee)),
            (_("Unit kerja"), event.unit or EMPTY),
            (_("Atasan langsung hari itu"), event.superior or EMPTY),
            (_("Jenis"), event.get_kind_display()),
            (_("Tanggal kerja"), on_day(event.work_date)),
            (_("Diterima server"), at_moment(event.received_at, event.zone)),
            (_("Rencana"), badge_of(event.planned_mode, MODES)),
            (_("Realisasi"), badge_of(event.mode, MODES)),
            (_("Status saat diterima"), badge_of(event.status, STATUSES)),
            (_("Status sekarang"), badge_of(event.effective, STATUSES)),
            (_("Keterangan"), reasons),
            (_("Dihitung"), COUNTED.get(event.counts, event.counts)),
        )

    def _place(self, event, exact: bool):
        """The verdict and a distance: in metres for HR and auditors, in bands for everybody else."""
        metres = (
            f"{event.distance_m:.0f} m" if exact and event.distance_m is not None else band(event.distance_m)
        )
        name = event.place_name if event.place_kind == "site" else ""
        kind = PLACES.get(event.place_kind, EMPTY)
        return facts(
            _("Lokasi dan pakaian dinas"),
            (_("Hasil pemeriksaan"), located(event)),
            (_("Tempat pembanding"), f"{kind} – {name}" if name else kind),
            (_("Jarak ke pagar lokasi"), metres),
            (_("Foto pakaian dinas"), yes_no(event.uniform_photo)),
        )

    def _signals(self, event):
        """What reviewers see and the worker does not."""
        sure = f"{event.confidence * 100:.0f} %" if event.confidence is not None else EMPTY
        return facts(
            _("Petunjuk bagi peninjau"),
            (_("Peluang berada di dalam pagar lokasi"), sure),
            (_("Lokasi tiruan menurut ponsel"), yes_no(event.is_mock)),
            (_("Umur titik lokasi"), _("%(n).0f detik") % {"n": event.age_s}),
            (_("Waktu menurut ponsel"), at_moment(event.captured_at, event.zone)),
            (_("Urutan titik dalam sesi"), event.session_fix),
            (_("Sesi berakhir"), at_clock(event.session_until, event.zone)),
        )

    def _reviews(self, event):
        rows = event.reviews.select_related("decided_by__employee")
        return table(
            _("Tinjauan"),
            [_("Waktu"), _("Keputusan"), _("Catatan"), _("Oleh")],
            [
                [at_moment(r.decided_at, event.zone), badge_of(r.decision, STATUSES), r.note, r.decided_by]
                for r in rows
            ],
            empty=_("Belum ada tinjauan."),
        )

    def more(self, request, event):
        decidable = event.status in reviews.DECIDABLE and self.may_decide(request, event)
        open_until = event.session_until if event.session_until >= request.now else None
        return {
            "decide": self.url("decide", event.pk) if decidable and not open_until else None,
            "open_until": at_clock(open_until, event.zone) if decidable and open_until else None,
        }

    @method_decorator(require_POST)
    def decide_view(self, request, object_id):
        event = self.command(request, object_id, "may_decide")
        to = self.url("change", event.pk)
        form = DecisionForm(request.POST)
        if not form.is_valid():
            messages.error(request, _("Mohon pilih keputusan dan tuliskan alasannya pada kolom catatan."))
            return HttpResponseRedirect(to)
        decision, note = form.cleaned_data["decision"], form.cleaned_data["note"]
        return self.answer(
            request,
            to,
            lambda: reviews.decide(event, decision, by=request.user, note=note, now=request.now),
            _("Keputusan Anda telah dicatat."),
        )
