"""Skema kerja hibrida: dokumen, tahap, batas dan pengecualian."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from policy.admin.base import ReadOnlyAdmin, facts, table
from policy.admin.seats import seat_of
from policy.admin.texts import EMPTY, STATUSES, at_moment, badge_of, on_day, period, yes_no
from policy.models import Scheme


def span(opens, closes) -> str:
    """ "06.00–08.00"; a phase without windows of its own follows the ordinary hours."""
    return f"{opens:%H.%M}–{closes:%H.%M}" if opens else str(_("mengikuti jam kerja"))


@admin.register(Scheme)
class SchemeAdmin(ReadOnlyAdmin):
    """National schemes and those of the reader's agency."""

    icon = "gavel"
    list_display = ("name", "document", "whose", "state")
    list_select_related = ("agency", "legal_basis")
    search_fields = ("name", "legal_basis__number")

    @display(description=_("dasar hukum"))
    def document(self, scheme) -> str:
        return str(scheme.legal_basis or EMPTY)

    @display(description=_("instansi"))
    def whose(self, scheme) -> str:
        return str(scheme.agency or _("Nasional (hanya memberi peringatan)"))

    @display(description=_("status"))
    def state(self, scheme):
        return badge_of(scheme.status, STATUSES)

    def cards(self, request, scheme):
        return [self._scheme(scheme), self._phases(scheme), self._exclusions(scheme, seat_of(request).scope)]

    def _scheme(self, scheme):
        basis = scheme.legal_basis
        document = (
            f"{basis.number} – {basis.title} ({basis.issuer}, {on_day(basis.issued_on)})" if basis else EMPTY
        )
        return facts(
            _("Skema"),
            (_("Nama"), scheme.name),
            (_("Dasar hukum"), document),
            (_("Instansi"), self.whose(scheme)),
            (_("Status"), self.state(scheme)),
            (_("Diberlakukan pada"), at_moment(scheme.activated_at)),
            (_("Cara menghitung jendela presensi"), scheme.get_window_mode_display()),
            (_("Foto pakaian dinas diminta"), yes_no(scheme.uniform_photo)),
            (_("Jadwal verifikasi"), ", ".join(slot.replace(":", ".") for slot in scheme.slots) or EMPTY),
            (_("Persentase undian"), f"{scheme.draw_percent} %"),
            (_("Undian paling banyak per orang per hari"), scheme.daily_cap),
            (_("Batas menjawab"), _("%(n)d menit") % {"n": scheme.answer_minutes}),
        )

    def _phases(self, scheme):
        rows = scheme.phases.prefetch_related("caps").order_by("starts")
        return table(
            _("Tahap dan batas"),
            [_("Tahap"), _("Masa berlaku"), _("Presensi masuk"), _("Presensi pulang"), _("Batas")],
            [
                [
                    phase.name,
                    period(phase),
                    span(phase.in_opens, phase.in_closes),
                    span(phase.out_opens, phase.out_closes),
                    ", ".join(str(cap) for cap in phase.caps.all()) or EMPTY,
                ]
                for phase in rows
            ],
            note=_(
                "Bila beberapa tahap berlaku sekaligus, yang menentukan adalah tahap dengan masa paling pendek."
            ),
        )

    def _exclusions(self, scheme, scope):
        rows = scheme.exclusions.filter(Q(unit=None) | Q(unit__agency__in=scope.agencies))
        rows = rows.select_related("unit").order_by("unit__code", "category", "post")
        return table(
            _("Yang dikecualikan"),
            [_("Unit kerja, kategori, atau jabatan"), _("Alasan")],
            [[row.unit or row.get_category_display() or row.post, row.reason] for row in rows],
            note=_("Unit kerja tersebut beserta semua unit di bawahnya tidak bekerja dari rumah."),
            empty=_("Tidak ada pengecualian."),
        )
