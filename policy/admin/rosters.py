"""Jadwal kerja: versi demi versi, orang demi orang, dan tanggal demi tanggal."""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib import admin
from django.contrib.admin import SimpleListFilter
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display

from policy import rota_grid
from policy.admin import rota_pages
from policy.admin.allowances import AllowancePage
from policy.admin.base import ReadOnlyAdmin, facts
from policy.admin.rota_commands import DRAFTERS, RotaCommands
from policy.admin.seats import seat_of
from policy.admin.texts import STATUSES, at_moment, badge, badge_of, on_day, period
from policy.models import Roster

DAYS_A_PAGE = 14


class ToCheck(SimpleListFilter):
    """Published rotas that no longer hold: a transfer, an exemption or another phase came after them."""

    title = gettext_lazy("perlu diperiksa")
    parameter_name = "check"

    def lookups(self, request, model_admin):
        return [("yes", _("Perlu diperiksa"))]

    def queryset(self, request, queryset):
        return queryset.filter(broken=True) if self.value() == "yes" else queryset


@admin.register(Roster)
class RosterAdmin(AllowancePage, RotaCommands, ReadOnlyAdmin):
    """Read by all who see the unit; what one may do with a rota stands in RotaCommands."""

    icon = "calendar_month"
    detail_template = "admin/hadir/roster.html"
    list_before_template = "admin/hadir/roster_list.html"
    list_display = ("whose", "valid", "version", "state", "published")
    list_filter = ("status", ToCheck)
    search_fields = ("unit__name",)
    list_select_related = ("unit", "published_by__employee")

    def visible(self, queryset, seat):
        people = ("published_by__employee", "submitted_by__employee")
        seen = super().visible(queryset, seat).with_broken(seat.scope.day)
        return seen.select_related("unit__agency", *people)

    def changelist_view(self, request, extra_context=None):
        offered = [("allowance", "percent", _("Batas WFH"))]
        if seat_of(request).has(DRAFTERS):
            offered = [
                ("plan", "add", _("Susun jadwal")),
                ("copy", "content_copy", _("Salin minggu lalu")),
                *offered,
            ]
        links = [(self.url(name), icon, label) for name, icon, label in offered]
        return super().changelist_view(request, {"rota_links": links} | (extra_context or {}))

    @display(description=gettext_lazy("unit kerja"), ordering="unit__code")
    def whose(self, row) -> str:
        return row.unit.name

    @display(description=gettext_lazy("masa berlaku"), ordering="starts")
    def valid(self, row) -> str:
        return period(row)

    @display(description=gettext_lazy("status"))
    def state(self, row):
        marks = [badge_of(row.status, STATUSES)]
        if row.is_retroactive:
            marks.append(badge(_("Berlaku surut"), "amber"))
        if row.broken:
            marks.append(badge(_("Perlu diperiksa"), "red"))
        return format_html_join(" ", "{}", ((mark,) for mark in marks))

    @display(description=gettext_lazy("diterbitkan"))
    def published(self, row) -> str:
        return at_moment(row.published_at)

    def cards(self, request, row):
        cards = [
            facts(
                _("Jadwal kerja"),
                (_("Unit kerja"), row.unit.name),
                (_("Masa berlaku"), period(row)),
                (_("Versi"), row.version),
                (_("Status"), self.state(row)),
                (_("Cara penyusunan"), rota_pages.origin_of(row)),
                (_("Catatan"), row.note or None),
                (_("Diajukan pada"), at_moment(row.submitted_at) if row.submitted_at else None),
                (_("Diajukan oleh"), row.submitted_by),
                (_("Diterbitkan pada"), at_moment(row.published_at) if row.published_at else None),
                (_("Diterbitkan oleh"), row.published_by),
                note=_("Jadwal ini diterbitkan untuk tanggal yang sudah lewat.")
                if row.is_retroactive
                else "",
            )
        ]
        return [*cards, rota_pages.basis_of(row)] if row.basis else cards

    def more(self, request, row):
        start = rota_pages.first_day(request.GET.get("from", ""), row)
        end = min(start + timedelta(days=DAYS_A_PAGE - 1), row.ends or date.max)
        found = rota_pages.found_on(row)
        shown = rota_grid.grid(row, start, end, found)
        page = rota_pages.page_number(request.GET.get("people", ""), len(shown.rows))
        last = row.entries.order_by("-date").values_list("date", flat=True).first()
        ends = max(
            filter(None, (last, row.ends if row.status == Roster.Status.DRAFT else None)), default=None
        )
        return {
            "buttons": self.buttons(request, row),
            "cells": self._cells_url(request, row),
            "findings": rota_pages.sentences(found),
            "is_published": row.status == Roster.Status.PUBLISHED,
            "short": rota_pages.short_days(row),
            **rota_pages.figures(shown, page),
            "people_page": page,
            "people_pages": range(rota_pages.pages(len(shown.rows))),
            "start": start,
            "span": f"{on_day(start)} – {on_day(end)}",
            "earlier": start - timedelta(days=DAYS_A_PAGE) if start > row.starts else None,
            "later": end + timedelta(days=1) if ends and ends > end else None,
            "allowance": f"{self.url('allowance')}?unit={row.unit_id}&date={start}",
        }

    def _cells_url(self, request, row) -> str | None:
        """Where the squares of a draft are sent to; None for who only reads."""
        can = row.status == Roster.Status.DRAFT and self.drafts(request, row)
        return self.url("cells", row.pk) if can else None
