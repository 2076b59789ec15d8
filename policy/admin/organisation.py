"""Instansi dan unit kerja."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.admin import SimpleListFilter
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from policy.admin.base import ReadOnlyAdmin, ScopedAdmin, facts, table
from policy.admin.seats import KEEPERS, TECHNICAL, seat_of
from policy.admin.texts import EMPTY
from policy.models import Agency, Unit
from policy.rota_gaps import without_rota


@admin.register(Agency)
class AgencyAdmin(ScopedAdmin):
    """Tenants, set up by the technical administrator; never deleted."""

    audience = frozenset({TECHNICAL})
    icon = "account_balance"
    list_display = ("name", "code", "video_call_url")
    search_fields = ("name", "code")
    readonly_fields = ("closed_until",)  # moves forwards only, by policy.calendars.close

    def visible(self, queryset, seat):
        return queryset if TECHNICAL in seat.roles else queryset.none()

    def has_add_permission(self, request):
        return self.has_view_permission(request)

    def has_change_permission(self, request, obj=None):
        return self.has_view_permission(request)


class WithoutRota(SimpleListFilter):
    """Units that could work from home next week and have no published rota."""

    title = _("jadwal minggu depan")
    parameter_name = "rota"

    def lookups(self, request, model_admin):
        return [("none", _("Belum ada"))] if seat_of(request).has(KEEPERS) else []

    def queryset(self, request, queryset):
        scope = seat_of(request).scope
        if self.value() != "none" or scope is None:
            return queryset
        return queryset.filter(pk__in=without_rota(Unit.objects.visible_to(scope), scope.day))


@admin.register(Unit)
class UnitAdmin(ReadOnlyAdmin):
    """The tree of units. The technical administrator sees it too: grants name units."""

    audience = KEEPERS | {TECHNICAL}
    icon = "account_tree"
    detail_template = "admin/hadir/commands.html"
    list_display = ("indented", "code", "level_kind", "service_category")
    list_display_links = ("indented",)
    list_filter = ("level_kind", "service_category", WithoutRota)
    search_fields = ("name", "code")
    list_select_related = ("agency",)
    ordering = None

    def visible(self, queryset, seat):
        seen = queryset if TECHNICAL in seat.roles else queryset.visible_to(seat.scope)
        return seen.with_tree_fields()

    def get_ordering(self, request):
        return ()

    @display(description=_("unit kerja"))
    def indented(self, unit):
        return format_html('<span class="hd-depth-{}">{}</span>', min(unit.tree_depth, 4), unit.name)

    def cards(self, request, unit):
        seat = seat_of(request)
        cards = [
            facts(
                _("Unit kerja"),
                (_("Nama"), unit.name),
                (_("Kode"), unit.code),
                (_("Instansi"), unit.agency),
                (_("Tingkat"), unit.get_level_kind_display()),
                (_("Unit induk"), unit.parent or EMPTY),
                (_("Kategori layanan"), unit.get_service_category_display() or _("mengikuti unit induk")),
            )
        ]
        if seat.has(KEEPERS):
            cards.append(self._below(unit, seat.scope.day))
        return cards

    def more(self, request, unit):
        """The unit's WFH cap and rota, for those who look after it."""
        seat, commands = seat_of(request), []
        if seat.has(KEEPERS):
            to = reverse("admin:policy_roster_allowance")
            commands.append((f"{to}?unit={unit.pk}", "percent", _("Batas WFH")))
        if seat.scope.keeps(unit):
            to = reverse("admin:policy_roster_plan")
            commands.append((f"{to}?unit={unit.pk}", "calendar_month", _("Susun jadwal")))
        return {"commands": commands}

    def _below(self, unit, day):
        held = Q(postings__starts__lte=day) & (Q(postings__ends=None) | Q(postings__ends__gte=day))
        below = Unit.objects.without_tree_fields().filter(Q(parent=unit) | Q(pk=unit.pk))
        below = below.annotate(people=Count("postings", filter=held)).order_by("code")
        return table(
            _("Pegawai hari ini"),
            [_("Unit kerja"), (_("Pegawai"), "num")],
            [[row.name, row.people] for row in below],
            note=_("Hanya pegawai yang ditempatkan langsung pada unit tersebut."),
        )
