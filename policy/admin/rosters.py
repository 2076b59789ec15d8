"""Jadwal kerja: versi yang terbit dan isinya, orang demi orang dan tanggal demi tanggal."""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib import admin
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from policy import allowances
from policy.admin.base import ReadOnlyAdmin, facts
from policy.admin.seats import KEEPERS
from policy.admin.texts import STATUSES, at_moment, badge_of, on_day, period
from policy.models import Roster

DAYS_A_PAGE = 14


@admin.register(Roster)
class RosterAdmin(ReadOnlyAdmin):
    """Rotas are read here and published by the roster use cases."""

    audience = KEEPERS
    icon = "calendar_month"
    detail_template = "admin/hadir/roster.html"
    list_display = ("whose", "valid", "version", "state", "published")
    list_filter = ("status",)
    search_fields = ("unit__name",)
    list_select_related = ("unit", "published_by__employee")

    def visible(self, queryset, seat):
        return super().visible(queryset, seat).select_related("unit__agency", "published_by__employee")

    @display(description=_("unit kerja"), ordering="unit__code")
    def whose(self, row) -> str:
        return row.unit.name

    @display(description=_("masa berlaku"), ordering="starts")
    def valid(self, row) -> str:
        return period(row)

    @display(description=_("status"))
    def state(self, row):
        return badge_of(row.status, STATUSES)

    @display(description=_("diterbitkan"))
    def published(self, row) -> str:
        return at_moment(row.published_at)

    def cards(self, request, row):
        return [
            facts(
                _("Jadwal kerja"),
                (_("Unit kerja"), row.unit.name),
                (_("Masa berlaku"), period(row)),
                (_("Versi"), row.version),
                (_("Status"), self.state(row)),
                (_("Diterbitkan pada"), at_moment(row.published_at)),
                (_("Diterbitkan oleh"), row.published_by),
            )
        ]

    def more(self, request, row):
        start = _first_day(request.GET.get("from", ""), row)
        end = start + timedelta(days=DAYS_A_PAGE - 1)
        last = row.entries.order_by("-date").values_list("date", flat=True).first()
        return {
            "grid": grid(row, start, end),
            "span": f"{on_day(start)} – {on_day(end)}",
            "earlier": start - timedelta(days=DAYS_A_PAGE) if start > row.starts else None,
            "later": end + timedelta(days=1) if last and last > end else None,
        }


def _first_day(text: str, row: Roster) -> date:
    """The day a page of the grid starts on; anything unreadable starts at the beginning."""
    try:
        chosen = parse_date(text)
    except ValueError:
        chosen = None
    inside = chosen and row.starts <= chosen and (row.ends is None or chosen <= row.ends)
    return chosen if inside else row.starts


def grid(row: Roster, start: date, end: date) -> dict:
    """People by dates, with planned count and cap a date, and the documents behind the caps."""
    entries = row.entries.filter(date__range=(start, end)).select_related("employee")
    entries = list(entries.order_by("employee__name", "employee", "date"))
    days = sorted({entry.date for entry in entries})
    people: dict = {}
    for entry in entries:
        people.setdefault(entry.employee, {})[entry.date] = entry.mode
    allowed = allowances.over([row.unit], days[0], days[-1]) if days else {}
    allowed = {day: allowed[row.unit_id, day] for day in days}
    return {
        "days": days,
        "people": [(who.name, [plan.get(day, "") for day in days]) for who, plan in people.items()],
        "foot": [_foot(entries, day, allowed[day]) for day in days],
        "documents": sorted({f"{a.document} – {a.percent}" for a in allowed.values() if a}),
        "warnings": sorted({warning for a in allowed.values() if a for warning in a.warnings}),
    }


def _foot(entries, day: date, allowed) -> dict:
    planned = sum(
        entry.date == day and entry.mode == "wfh" and entry.employee.kind != "contract_staff"
        for entry in entries
    )
    cap = allowed.allowed if allowed else None
    return {"planned": planned, "cap": cap, "over": cap is not None and planned > cap}
