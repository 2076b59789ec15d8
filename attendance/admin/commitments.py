"""The commitments to the draws of the coming days, and the secrets of the days that are over."""

from __future__ import annotations

from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from attendance.models import DaySecret
from policy.admin.base import ReadOnlyAdmin, facts
from policy.admin.texts import at_clock, on_day


@admin.register(DaySecret)
class DaySecretAdmin(ReadOnlyAdmin):
    """Public to everybody of the agency who uses these pages: that is what a commitment is for."""

    icon = "lock"
    list_select_related = ("agency",)
    list_display = ("day", "agency", "digest", "opened")
    date_hierarchy = "date"

    @display(description=_("tanggal"), ordering="date")
    def day(self, secret) -> str:
        return on_day(secret.date)

    @display(description=_("komitmen (SHA-256)"))
    def digest(self, secret):
        return format_html('<code class="hd-code">{}</code>', secret.commitment)

    @display(description=_("rahasia"))
    def opened(self, secret):
        if not secret.revealed:
            return _("belum dibuka")
        return format_html('<code class="hd-code">{}</code>', secret.revealed)

    def heading(self, secret) -> str:
        return f"{_('Komitmen undian')} {on_day(secret.date)}"

    def cards(self, request, secret):
        return [
            facts(
                self.heading(secret),
                (_("Instansi"), secret.agency),
                (_("Diumumkan"), f"{on_day(secret.committed_at.date())}, {at_clock(secret.committed_at)}"),
                (_("Komitmen (SHA-256)"), self.digest(secret)),
                (_("Rahasia"), self.opened(secret)),
                note=_(
                    "Rahasia dibuka setelah undian terakhir hari itu; SHA-256 rahasia sama dengan komitmen."
                ),
            )
        ]
