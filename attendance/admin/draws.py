"""Draws: commitment, seed, who took part, and how to recompute them."""

from __future__ import annotations

from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from attendance.admin.texts import PROMPT_STATES, why
from attendance.models import DaySecret, Draw
from policy.admin.base import ReadOnlyAdmin, facts, table
from policy.admin.seats import KEEPERS, seat_of
from policy.admin.texts import EMPTY, at_clock, badge, badge_of, number_of, on_day, yes_no
from policy.models import Employee


@admin.register(Draw)
class DrawAdmin(ReadOnlyAdmin):
    """Draws of the reader's agency; who took part only for those who see these people."""

    icon = "casino"
    list_select_related = ("agency",)
    list_display = ("day", "time", "state_label", "held", "pool_size", "late")
    list_filter = ("state",)
    date_hierarchy = "date"

    @display(description=_("tanggal"), ordering="date")
    def day(self, draw) -> str:
        return on_day(draw.date)

    @display(description=_("pukul"), ordering="slot")
    def time(self, draw) -> str:
        return f"{draw.slot:%H.%M}"

    @display(description=_("status"))
    def state_label(self, draw):
        return badge(draw.get_state_display(), "green" if draw.state == "drawn" else "red")

    @display(description=_("diundi pada"))
    def held(self, draw) -> str:
        return at_clock(draw.drawn_at, draw.zone)

    @display(description=_("peserta"))
    def pool_size(self, draw) -> int:
        return len(draw.pool)

    @display(description=_("terlambat"))
    def late(self, draw) -> str:
        return yes_no(draw.is_late)

    def heading(self, draw) -> str:
        return f"{_('Undian')} {on_day(draw.date)}, {draw.slot:%H.%M}"

    def cards(self, request, draw):
        seat = seat_of(request)
        cards = [self._draw(draw), self._seal(draw), self._prompts(draw, seat.scope)]
        return [*cards, self._excluded(draw, seat.scope)] if seat.has(KEEPERS) else cards

    def _draw(self, draw):
        return facts(
            _("Undian"),
            (_("Instansi"), draw.agency),
            (_("Tanggal"), on_day(draw.date)),
            (_("Jadwal verifikasi"), f"{draw.slot:%H.%M}"),
            (_("Status"), self.state_label(draw)),
            (_("Diundi pada"), at_clock(draw.drawn_at, draw.zone)),
            (_("Terlambat"), yes_no(draw.is_late)),
            (_("Peserta"), len(draw.pool)),
            (_("Tidak ikut"), len(draw.excluded)),
            (_("Persentase undian"), f"{draw.terms['percent']} %" if "percent" in draw.terms else EMPTY),
            (_("Panggilan paling banyak per atasan"), draw.terms.get("calls", EMPTY)),
        )

    def _seal(self, draw):
        secret = DaySecret.objects.filter(agency=draw.agency, date=draw.date).first()
        command = f"manage.py verify_draw {draw.date}"
        note = format_html(
            _(
                "Komitmen diumumkan sebelum hari undian; rahasianya dibuka setelah undian terakhir hari itu. "
                "Dengan <code>{}</code> siapa pun dapat menghitung ulang benih dari rahasia, lalu mengundi "
                "kembali dari daftar peserta yang tersimpan, dan membandingkan hasilnya."
            ),
            command,
        )
        return facts(
            _("Komitmen dan benih"),
            (_("Komitmen (SHA-256)"), _code(secret.commitment if secret else "")),
            (_("Rahasia"), _code(secret.revealed) if secret and secret.revealed else _("belum dibuka")),
            (_("Benih"), _code(draw.seed)),
            (_("Akar jadwal kerja"), _code(draw.roster_root)),
            note=note,
        )

    def _prompts(self, draw, scope):
        rows = draw.prompts.visible_to(scope).select_related("employee", "unit").order_by("employee__name")
        return table(
            _("Pegawai yang terundi"),
            [_("Pegawai"), "NRK", _("Unit kerja"), _("Jawaban")],
            [
                [p.employee.name, number_of(p.employee), p.unit, badge_of(p.state, PROMPT_STATES)]
                for p in rows
            ],
            empty=_("Tidak ada pegawai Anda yang terundi."),
        )

    def _excluded(self, draw, scope):
        reasons = {row["employee"]: row["reason"] for row in draw.excluded}
        people = Employee.objects.visible_to(scope).filter(pk__in=list(reasons)).order_by("name")
        return table(
            _("Tidak ikut undian"),
            [_("Pegawai"), "NRK", _("Alasan")],
            [[who.name, number_of(who), why(reasons[who.pk])] for who in people],
            note=_("Pegawai yang dijadwalkan WFH, tetapi tidak ikut undian, beserta alasannya."),
            empty=_("Tidak ada."),
        )


def _code(text: str):
    return format_html('<code class="hd-code">{}</code>', text) if text else EMPTY
