"""Pegawai: who they are, where they work and under whom."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from policy import absences
from policy.admin.base import ReadOnlyAdmin, facts, table
from policy.admin.seats import seat_of
from policy.admin.texts import EMPTY, badge, masked, period, yes_no
from policy.models import Delegation, Employee, Posting


@admin.register(Employee)
class EmployeeAdmin(ReadOnlyAdmin):
    """The people whom the reader sees today."""

    icon = "badge"
    detail_template = "admin/hadir/commands.html"
    list_display = ("name", "nrk", "hidden_nip", "kind", "unit_today", "state")
    list_filter = ("kind", "is_active")
    search_fields = ("name", "=nrk", "=nip")
    search_help_text = _("Cari nama, NRK, atau NIP lengkap")
    ordering = ("name", "pk")

    def visible(self, queryset, seat):
        here = Posting.objects.on(seat.scope.day).filter(employee=OuterRef("pk"))
        return super().visible(queryset, seat).annotate(unit_name=Subquery(here.values("unit__name")[:1]))

    @display(description="NIP")
    def hidden_nip(self, employee) -> str:
        return masked(employee.nip)

    @display(description=_("unit kerja hari ini"))
    def unit_today(self, employee) -> str:
        return employee.unit_name or EMPTY

    @display(description=_("status"))
    def state(self, employee):
        return badge(_("Aktif"), "green") if employee.is_active else badge(_("Nonaktif"))

    def cards(self, request, employee):
        seat = seat_of(request)
        whole = seat.is_self(employee.pk) or employee.agency_id in seat.scope.agency_wide
        return [
            facts(
                _("Pegawai"),
                (_("Nama"), employee.name),
                ("NRK", employee.nrk or EMPTY),
                ("NIP", (employee.nip or EMPTY) if whole else masked(employee.nip)),
                (_("Jenis"), employee.get_kind_display()),
                (_("Instansi"), employee.agency),
                (_("Aktif"), yes_no(employee.is_active)),
            ),
            self._postings(employee),
            self._delegations(employee),
        ]

    def more(self, request, employee):
        scope, commands = seat_of(request).scope, []
        if absences.keeps_files(scope, employee):
            to = f"{reverse('admin:policy_absence_add')}?employee={employee.pk}"
            commands.append((to, "flight_takeoff", _("Catat cuti atau dinas luar")))
        if employee.agency_id in scope.hr and employee.pk != scope.employee:
            to = f"{reverse('admin:policy_posting_add')}?employee={employee.pk}"
            commands.append((to, "work", _("Catat mutasi")))
        return {"commands": commands}

    def _postings(self, employee):
        rows = employee.postings.select_related("unit", "site", "superior")
        return table(
            _("Penempatan"),
            [_("Masa berlaku"), _("Unit kerja"), _("Jabatan"), _("Kantor"), _("Atasan langsung")],
            [[period(p), p.unit, p.position, p.site, p.superior or EMPTY] for p in rows],
            empty=_("Belum ada penempatan."),
        )

    def _delegations(self, employee):
        rows = Delegation.objects.filter(Q(superior=employee) | Q(deputy=employee))
        rows = rows.select_related("superior", "deputy").order_by("-starts")
        return table(
            _("Plt. dan Plh."),
            [_("Masa berlaku"), _("Jenis"), _("Atasan"), _("Pengganti")],
            [[period(d), d.get_kind_display(), d.superior, d.deputy] for d in rows],
            empty=_("Tidak ada."),
        )
