"""What one does with a rota: draw up, copy, change, submit, hand back, publish, amend, withdraw, discard."""

from __future__ import annotations

import re
from datetime import date, timedelta
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from policy import rota_generation, rota_grid, rotas
from policy.admin.forms import FormPages, signed
from policy.admin.rota_forms import (
    AmendForm,
    CopyForm,
    DiscardForm,
    NoteForm,
    PlanForm,
    UnitForm,
    WithdrawForm,
    unit_named,
)
from policy.admin.seats import HR, OFFICER, SUPERIOR, seat_of
from policy.errors import DomainError
from policy.models import Roster, Unit

DRAFTERS = frozenset({SUPERIOR, OFFICER, HR})
_SQUARE = re.compile(
    r"^c(\d{1,15})-(\d{4}-\d\d-\d\d)-(\w*)$", re.ASCII
)  # employee, date, what it said when opened
DRAWN_UP = _("Rancangan jadwal kerja telah disusun. Mohon diperiksa sebelum diajukan.")
NOBODY = _("Tidak seorang pun dapat dijadwalkan WFH pada masa tersebut.")
CHANGED_MEANWHILE = _(
    "Perubahan tidak disimpan karena pegawai atau hari kerja pada jadwal ini sudah berubah. Mohon ulangi."
)


class RotaCommands(FormPages):
    """The pages and commands of RosterAdmin. Officer, HR and superior draft and submit; officer and HR publish."""

    def get_urls(self):
        general = [("plan", self.plan_view), ("copy", self.copy_view)]
        own = [
            path(f"{page}/", self.admin_site.admin_view(view), name=f"policy_roster_{page}")
            for page, view in general
        ]
        pages = [("cells", self.cells_view), ("submit", self.submit_view), ("publish", self.publish_view)]
        pages += [("hand_back", self.hand_back_view), ("withdraw", self.withdraw_view)]
        pages += [("amend", self.amend_view), ("discard", self.discard_view)]
        return [*own, *self.own_urls(pages), *super().get_urls()]

    # Who may do what

    def drafts(self, request: HttpRequest, row: Roster) -> bool:
        """Whether the reader may draft the rota of this unit."""
        scope = seat_of(request).scope
        return scope.keeps(row.unit) or Unit.objects.planned_by(scope).filter(pk=row.unit_id).exists()

    def publishes(self, request: HttpRequest, row: Roster) -> bool:
        """Whether the reader puts rotas of this unit in force: its officer, or HR."""
        return seat_of(request).scope.keeps(row.unit)

    def discards(self, request: HttpRequest, row: Roster) -> bool:
        """What has been submitted is no longer its author's to throw away."""
        is_draft = row.status == Roster.Status.DRAFT
        return self.publishes(request, row) or (is_draft and self.drafts(request, row))

    def buttons(self, request: HttpRequest, row: Roster) -> list[dict]:
        """The commands that the state of a rota and the role of the reader leave."""
        may_publish, may_draft = self.publishes(request, row), self.drafts(request, row)
        offered = {
            Roster.Status.DRAFT: [
                ("submit", "send", _("Ajukan"), may_draft, "post" if not may_publish else "post-quiet"),
                ("publish", "task_alt", _("Terbitkan"), may_publish, "post"),
                ("discard", "delete", _("Buang rancangan"), may_draft, "link"),
            ],
            Roster.Status.SUBMITTED: [
                ("publish", "task_alt", _("Terbitkan"), may_publish, "post"),
                ("hand_back", "undo", _("Kembalikan"), may_publish, "link"),
                ("discard", "delete", _("Buang rancangan"), may_publish, "link"),
            ],
            Roster.Status.PUBLISHED: [
                ("amend", "edit_calendar", _("Ubah"), may_draft, "link"),
                ("withdraw", "event_busy", _("Tarik"), may_publish, "link"),
            ],
        }
        return [
            {"to": self.url(name, row.pk), "icon": icon, "label": label, "kind": kind}
            for name, icon, label, allowed, kind in offered.get(row.status, [])
            if allowed
        ]

    # New drafts

    def plan_view(self, request: HttpRequest) -> HttpResponse:
        """A generated draft."""
        form = self._unit_form(request, PlanForm)
        return self.form_page(
            request,
            form,
            lambda said: rota_generation.generate(
                said["unit"], said["first"], said["last"], pattern=said["pattern"], seed=said["seed"]
            ),
            done=lambda plan: self._drawn_up(request, plan),
            title=_("Susun jadwal kerja"),
            lead=_(
                "Giliran dibagi secara adil menurut batas WFH, hari libur, cuti, dan domisili. Hasilnya berupa "
                "rancangan yang masih dapat diubah."
            ),
            submit=_("Susun"),
            back=self.url("changelist"),
        )

    def copy_view(self, request: HttpRequest) -> HttpResponse:
        """A draft for a week as another week was planned."""
        return self.form_page(
            request,
            self._unit_form(request, CopyForm),
            lambda said: rota_grid.copy_week(said["unit"], said["source"], said["target"]),
            done=lambda plan: self._drawn_up(request, plan),
            title=_("Salin minggu lalu"),
            lead=_("Hanya dapat dilakukan bila batas WFH pada kedua minggu sama. Hari libur tidak disalin."),
            submit=_("Salin"),
            back=self.url("changelist"),
        )

    def _unit_form(self, request: HttpRequest, kind: type[UnitForm]) -> UnitForm:
        """The form of a unit: 404 for a unit unseen, 403 for one that is seen and not one's own to plan."""
        seat = seat_of(request)
        if not seat.has(DRAFTERS):
            raise PermissionDenied
        named = (request.POST if request.method == "POST" else request.GET).get("unit", "")
        unit = unit_named(named, Unit.objects.with_plans_for(seat.scope)) if named else None
        if unit and not Unit.objects.planned_by(seat.scope).filter(pk=unit.pk).exists():
            raise PermissionDenied
        initial = kind.defaults(seat.scope.day) | {"unit": unit and unit.pk}
        return kind(_posted(request), seat=seat, initial=initial)

    def _drawn_up(self, request: HttpRequest, plan: Roster) -> tuple[str, str]:
        if not plan.entries.filter(mode="wfh").exists():
            messages.warning(request, NOBODY)
        return str(DRAWN_UP), self.url("change", plan.pk)

    # A draft

    @method_decorator(require_POST)
    def cells_view(self, request: HttpRequest, object_id) -> HttpResponse:
        """Saves the squares that somebody changed, all of them or none."""
        row = self.command(request, object_id, "drafts")
        here = {name: request.POST.get(name, "") for name in ("from", "people")}
        to = f"{self.url('change', row.pk)}?{urlencode(here)}"
        try:
            changed = changes(row, request.POST) if row.status == Roster.Status.DRAFT else {}
        except ValueError:
            messages.error(request, CHANGED_MEANWHILE)
            return HttpResponseRedirect(to)
        return self.answer(request, to, lambda: rota_grid.save(row, changed), _("Perubahan telah disimpan."))

    @method_decorator(require_POST)
    def submit_view(self, request: HttpRequest, object_id) -> HttpResponse:
        row = self.command(request, object_id, "drafts")
        to = self.url("change", row.pk)
        done = _("Jadwal kerja telah diajukan.")
        return self.answer(request, to, lambda: rotas.submit(row, **signed(request)), done)

    @method_decorator(require_POST)
    def publish_view(self, request: HttpRequest, object_id) -> HttpResponse:
        row = self.command(request, object_id, "publishes")
        to = self.url("change", row.pk)
        done = _("Jadwal kerja telah diterbitkan.")
        return self.answer(request, to, lambda: rotas.publish(row, **signed(request)), done)

    def hand_back_view(self, request: HttpRequest, object_id) -> HttpResponse:
        row = self.command(request, object_id, "publishes")
        return self._page_of(
            request,
            row,
            NoteForm(_posted(request)),
            lambda said: rotas.hand_back(row, note=said["note"]),
            title=_("Kembalikan jadwal kerja"),
            submit=_("Kembalikan"),
            message=_("Jadwal kerja telah dikembalikan kepada penyusunnya."),
        )

    def discard_view(self, request: HttpRequest, object_id) -> HttpResponse:
        row = self.command(request, object_id, "discards")
        return self._page_of(
            request,
            row,
            DiscardForm(_posted(request)),
            lambda said: rotas.discard(row),
            title=_("Buang rancangan"),
            lead=_("Rancangan yang sudah dibuang tidak dapat dikembalikan."),
            submit=_("Ya, buang"),
            message=_("Rancangan telah dibuang."),
            to=self.url("changelist"),
        )

    # A published rota

    def amend_view(self, request: HttpRequest, object_id) -> HttpResponse:
        row = self.command(request, object_id, "drafts")
        tomorrow = seat_of(request).scope.day + timedelta(days=1)
        first = max(row.starts, min(tomorrow, row.ends or tomorrow))
        initial = {"first": first, "last": row.ends or first + timedelta(days=6)}
        return self.form_page(
            request,
            AmendForm(_posted(request), plan=row, initial=initial),
            lambda said: amended(row, said["first"], said["last"]),
            done=lambda plan: (str(DRAWN_UP), self.url("change", plan.pk)),
            title=_("Ubah jadwal kerja"),
            lead=_("Jadwal yang berlaku tetap berlaku sampai perubahannya diterbitkan."),
            submit=_("Buat rancangan perubahan"),
            back=self.url("change", row.pk),
        )

    def withdraw_view(self, request: HttpRequest, object_id) -> HttpResponse:
        row = self.command(request, object_id, "publishes")
        tomorrow = seat_of(request).scope.day + timedelta(days=1)
        return self._page_of(
            request,
            row,
            WithdrawForm(_posted(request), plan=row, initial={"first": max(row.starts, tomorrow)}),
            lambda said: rota_grid.withdraw(row, said["first"], said["note"], **signed(request)),
            title=_("Tarik jadwal kerja"),
            lead=_("Mulai tanggal tersebut semua pegawai dalam jadwal ini bekerja di kantor."),
            submit=_("Tarik"),
            message=_("Jadwal kerja telah ditarik."),
        )

    def _page_of(self, request: HttpRequest, row: Roster, form, call, *, message, to="", **context):
        """A form about one rota, and back to it."""
        page = self.url("change", row.pk)
        context = {"lead": self.heading(row), "back": page} | context
        return self.form_page(request, form, call, done=lambda _made: (str(message), to or page), **context)


def _posted(request: HttpRequest):
    """What a form was sent with; an empty form was sent, too."""
    return request.POST if request.method == "POST" else None


def amended(row: Roster, first: date, last: date) -> Roster:
    """A draft that changes a published rota; only what is in force can be amended."""
    if row.status != Roster.Status.PUBLISHED:
        raise DomainError("not_in_that_state", f"It is {row.status}.")
    return rota_grid.amend(row.unit, first, last)


def changes(row: Roster, posted) -> dict[rota_grid.Key, str]:
    """The squares of a posted page that say something else than when it was opened.

    Two people may work on one draft: whoever saves later changes only what he touched. Raises ValueError for a square
    that the rota does not have, or does not have any more.
    """
    changed = {}
    for name, said in posted.items():
        found = _SQUARE.match(name)
        if found and said != found[3]:
            changed[int(found[1]), date.fromisoformat(found[2])] = said
    if not changed:
        return {}
    days = [day for _who, day in changed]
    if min(days) < row.starts or (row.ends and max(days) > row.ends):
        raise ValueError("outside the period")
    known = rota_grid.grid(row, min(days), max(days)).plannable()
    if not changed.keys() <= known.keys() or not set(changed.values()) <= set(rota_grid.SAID):
        raise ValueError("no such square")
    return changed
