"""Kantor, domisili, dan catatan siapa yang melihat lokasi siapa."""

from __future__ import annotations

from cryptography.exceptions import InvalidTag
from django.contrib import admin
from django.db.models import Case, Q, Value, When
from django.http import HttpResponseBadRequest
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from unfold.decorators import display

from policy import domiciles
from policy.admin.base import ReadOnlyAdmin, ScopedAdmin, facts
from policy.admin.seats import KEEPERS, seat_of
from policy.admin.texts import EMPTY, STATUSES, at_moment, badge_of, number_of
from policy.models import Domicile, LocationRead, Posting, Site


@admin.register(Site)
class SiteAdmin(ReadOnlyAdmin):
    audience = KEEPERS
    icon = "apartment"
    list_display = ("name", "zone", "fence_kind")
    search_fields = ("name",)
    list_select_related = ("agency",)

    @display(description=_("pagar lokasi"))
    def fence_kind(self, site) -> str:
        radius = site.geojson.get("radius_m")
        return str(_("Lingkaran, radius %(m)d m") % {"m": radius} if radius else _("Poligon"))

    def cards(self, request, site):
        return [
            facts(
                _("Kantor"),
                (_("Nama"), site.name),
                (_("Instansi"), site.agency),
                (_("Zona waktu"), site.get_zone_display()),
                (_("Pagar lokasi"), self.fence_kind(site)),
                (_("Titik pagar lokasi (lintang, bujur)"), "; ".join(_corners(site.geojson)) or EMPTY),
            )
        ]


def _corners(geojson: dict) -> list[str]:
    """The points of a fence as "lintang, bujur", outer rings only, the closing point left out."""
    kind, found = geojson.get("type"), geojson.get("coordinates", [])
    if kind == "Point":
        return [_point(found)]
    polygons = {"Polygon": [found], "MultiPolygon": found}.get(kind, [])
    return [_point(point) for polygon in polygons for point in polygon[0][:-1]]


def _point(pair) -> str:
    return f"{pair[1]:.5f}, {pair[0]:.5f}"


@admin.register(Domicile)
class DomicileAdmin(ReadOnlyAdmin):
    """Registered domiciles, those that wait for a decision first."""

    audience = KEEPERS
    icon = "home_pin"
    detail_template = "admin/hadir/domicile.html"
    list_display = ("person", "nrk", "district", "state", "proposed", "decided")
    list_filter = ("status",)
    search_fields = ("employee__name", "=employee__nrk", "district")
    search_help_text = _("Cari nama, NRK, atau kecamatan")
    list_select_related = ("employee",)

    def get_ordering(self, request):
        return (Case(When(status="proposed", then=Value(0)), default=Value(1)), "-proposed_at")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("employee", "decided_by__employee", "location")

    def get_urls(self):
        decide = path(
            "<path:object_id>/decide/",
            self.admin_site.admin_view(self.decide_view),
            name="policy_domicile_decide",
        )
        return [decide, *super().get_urls()]

    @display(description=_("pegawai"), ordering="employee__name")
    def person(self, domicile) -> str:
        return domicile.employee.name

    @display(description="NRK")
    def nrk(self, domicile) -> str:
        return number_of(domicile.employee)

    @display(description=_("status"))
    def state(self, domicile):
        return badge_of(domicile.status, STATUSES)

    @display(description=_("diusulkan"), ordering="proposed_at")
    def proposed(self, domicile) -> str:
        return at_moment(domicile.proposed_at)

    @display(description=_("diputuskan"))
    def decided(self, domicile) -> str:
        return at_moment(domicile.decided_at)

    def heading(self, domicile) -> str:
        return f"{_('Domisili')} – {domicile.employee.name}"

    def keeps(self, request, domicile) -> bool:
        """Whether the reader decides on domiciles of this person: HR and the unit's officer, never himself."""
        seat = seat_of(request)
        if seat.is_self(domicile.employee_id):
            return False
        if domicile.employee.agency_id in seat.scope.hr:
            return True
        here = Posting.objects.on(seat.scope.day).filter(employee=domicile.employee_id)
        return bool(seat.scope.units) and here.filter(unit__in=seat.scope.units).exists()

    def cards(self, request, domicile):
        registered = facts(
            _("Domisili"),
            (_("Pegawai"), domicile.employee.name),
            ("NRK", number_of(domicile.employee)),
            (_("Sebutan"), domicile.name),
            (_("Kecamatan/kota"), domicile.district or EMPTY),
            (_("Status"), self.state(domicile)),
            (_("Diusulkan pada"), at_moment(domicile.proposed_at)),
            (_("Diputuskan pada"), at_moment(domicile.decided_at)),
            (_("Diputuskan oleh"), domicile.decided_by or EMPTY),
            (_("Catatan keputusan"), domicile.decision_note or EMPTY),
            (_("Berlaku mulai"), at_moment(domicile.in_force_from)),
            (_("Berlaku sampai"), at_moment(domicile.in_force_until)),
        )
        return [registered, self._location(request, domicile)]

    def _location(self, request, domicile):
        """The coordinates for those who decide; each look at somebody else's is written down."""
        own = seat_of(request).is_self(domicile.employee_id)
        if not own and not self.keeps(request, domicile):
            note = _("Koordinat hanya ditampilkan kepada petugas yang memutuskan domisili.")
            return facts(_("Lokasi"), note=note)
        if not own:
            LocationRead.objects.create(
                reader=request.user,
                subject=domicile.employee,
                what=f"domicile:{domicile.pk}",
                read_at=request.now,
            )
        note = "" if own else _("Pembacaan koordinat ini tercatat atas nama Anda.")
        return facts(_("Lokasi"), *_coordinates(domicile), note=note)

    def more(self, request, domicile):
        waits = domicile.status == Domicile.Status.PROPOSED and self.keeps(request, domicile)
        return {"decide": self.url("decide", domicile.pk) if waits else None}

    @method_decorator(require_POST)
    def decide_view(self, request, object_id):
        domicile = self.command(request, object_id, "keeps")
        decision = request.POST.get("decision")
        if decision not in ("approve", "reject"):
            return HttpResponseBadRequest()
        approves = decision == "approve"
        use_case = domiciles.approve if approves else domiciles.reject
        note = request.POST.get("note", "").strip()[:500]
        return self.answer(
            request,
            self.url("changelist"),
            lambda: use_case(domicile, by=request.user, now=request.now, note=note),
            _("Domisili telah disetujui.") if approves else _("Domisili telah ditolak."),
        )


def _coordinates(domicile):
    try:
        sealed = domiciles.opened(domicile)
    except (InvalidTag, KeyError, Domicile.location.RelatedObjectDoesNotExist):
        return [(_("Koordinat"), _("Tidak dapat dibaca."))]
    fence = sealed["fence"]
    return [
        (_("Koordinat (lintang, bujur)"), "; ".join(_corners(fence)) or EMPTY),
        (_("Radius"), f"{fence['radius_m']:.0f} m" if "radius_m" in fence else EMPTY),
        (_("Ketelitian titik terdaftar"), f"± {sealed['error_m']:.0f} m"),
    ]


@admin.register(LocationRead)
class LocationReadAdmin(ScopedAdmin):
    """Who looked at whose coordinates: HR and auditors see the agency, everybody his own."""

    audience = KEEPERS
    icon = "visibility"
    list_display = ("when", "who", "whose", "what")
    list_display_links = None
    date_hierarchy = "read_at"
    search_fields = ("subject__name",)
    list_select_related = ("reader__employee", "subject")

    def visible(self, queryset, seat):
        own = Q(reader=seat.user) | Q(subject=seat.scope.employee)
        return queryset.filter(own | Q(subject__agency__in=seat.scope.agency_wide))

    @display(description=_("dibaca pada"), ordering="read_at")
    def when(self, row) -> str:
        return at_moment(row.read_at)

    @display(description=_("pembaca"))
    def who(self, row) -> str:
        return str(row.reader)

    @display(description=_("pegawai"))
    def whose(self, row) -> str:
        return row.subject.name
