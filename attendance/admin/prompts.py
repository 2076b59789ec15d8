"""Verifikasi kehadiran: daftar, rincian, dan formulir hasil panggilan video."""

from __future__ import annotations

import uuid

from django import forms
from django.contrib import admin
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from attendance import prompts
from attendance.admin.boards import time_left
from attendance.admin.columns import PersonColumns
from attendance.admin.texts import OUTCOMES, PROMPT_STATES, located, short_reason
from attendance.models import Call, Prompt
from policy.admin.base import ReadOnlyAdmin, facts, table
from policy.admin.seats import seat_of
from policy.admin.texts import (
    EMPTY,
    STATUSES,
    at_clock,
    at_moment,
    badge_of,
    number_of,
    on_day,
    yes_no,
)

SEEN = {"yes": True, "no": False, "unseen": None}


class CallForm(forms.Form):
    """What the superior saw and heard. `id` makes a second click harmless."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    outcome = forms.ChoiceField(
        label=_("Hasil panggilan"), choices=Call.Outcome.choices, widget=forms.RadioSelect
    )
    stated_place = forms.CharField(
        label=_("Tempat yang disebutkan pegawai"),
        max_length=200,
        required=False,
        help_text=_("Misalnya: di rumah, ruang kerja."),
    )
    at_home = forms.ChoiceField(
        label=_("Berada di domisili"),
        choices=[("yes", _("Ya")), ("no", _("Tidak")), ("unseen", _("Tidak terlihat"))],
        widget=forms.RadioSelect,
    )
    in_uniform = forms.ChoiceField(
        label=_("Berpakaian dinas"),
        choices=[("yes", _("Ya")), ("no", _("Tidak")), ("unseen", _("Tidak terlihat"))],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("Catatan"), max_length=500, required=False, widget=forms.Textarea({"rows": 3})
    )

    def record(self) -> prompts.CallRecord:
        """The validated form as the use case takes it."""
        data = self.cleaned_data
        return prompts.CallRecord(
            id=data["id"],
            outcome=data["outcome"],
            stated_place=data["stated_place"],
            at_home=SEEN[data["at_home"]],
            in_uniform=SEEN[data["in_uniform"]],
            note=data["note"],
        )


@admin.register(Prompt)
class PromptAdmin(PersonColumns, ReadOnlyAdmin):
    """Prompts are drawn by the clock; only the call of the superior is written here."""

    icon = "video_call"
    detail_template = "admin/hadir/prompt.html"
    list_display = ("day", "slot", "person", "nrk", "unit_name", "answer_state", "call_state")
    list_filter = ("state",)
    date_hierarchy = "draw__date"
    search_fields = ("employee__name", "=employee__nrk", "=employee__nip")
    search_help_text = _("Cari nama, NRK, atau NIP lengkap")
    list_select_related = ("employee", "unit", "draw")

    def get_queryset(self, request):
        loaded = (
            super().get_queryset(request).select_related("draw", "agency", "employee", "unit", "superior")
        )
        return loaded.prefetch_related("calls")

    def get_urls(self):
        call = path(
            "<path:object_id>/call/",
            self.admin_site.admin_view(self.call_view),
            name="attendance_prompt_call",
        )
        return [call, *super().get_urls()]

    @display(description=_("tanggal"), ordering="draw__date")
    def day(self, prompt) -> str:
        return on_day(prompt.draw.date)

    @display(description=_("pukul"), ordering="draw__slot")
    def slot(self, prompt) -> str:
        return f"{prompt.draw.slot:%H.%M}"

    @display(description=_("jawaban"))
    def answer_state(self, prompt):
        return badge_of(prompt.state, PROMPT_STATES)

    @display(description=_("panggilan video"))
    def call_state(self, prompt):
        calls = list(prompt.calls.all())
        return badge_of(calls[-1].outcome, OUTCOMES) if calls else EMPTY

    def heading(self, prompt) -> str:
        return f"{prompt.employee.name} – {_('verifikasi pukul')} {prompt.draw.slot:%H.%M}"

    def may_call(self, request, prompt) -> bool:
        """Whether the reader is the superior of that day, or stands in for him; never for himself."""
        seat = seat_of(request)
        return prompt.superior_id in seat.scope.stands_for and not seat.is_self(prompt.employee_id)

    def cards(self, request, prompt):
        return [self._prompt(prompt), self._answers(prompt), self._calls(prompt)]

    def _prompt(self, prompt):
        zone = prompt.draw.zone
        return facts(
            _("Verifikasi kehadiran"),
            (_("Pegawai"), prompt.employee.name),
            ("NRK", number_of(prompt.employee)),
            (_("Unit kerja"), prompt.unit),
            (_("Atasan langsung hari itu"), prompt.superior or EMPTY),
            (_("Undian"), f"{on_day(prompt.draw.date)}, {prompt.draw.slot:%H.%M}"),
            (_("Status"), badge_of(prompt.state, PROMPT_STATES)),
            (_("Dibuka"), at_clock(prompt.opened_at, zone)),
            (_("Batas menjawab"), at_clock(prompt.expires_at, zone)),
            (_("Dikirim"), at_clock(prompt.notified_at, zone)),
            (_("Sampai di ponsel"), at_clock(prompt.delivered_at, zone)),
        )

    def _answers(self, prompt):
        zone = prompt.draw.zone
        return table(
            _("Jawaban pegawai"),
            [
                _("Diterima pada"),
                _("Tepat waktu"),
                _("Hasil"),
                _("Keterangan"),
                _("Lokasi"),
                _("Foto pakaian dinas"),
            ],
            [
                [
                    at_clock(a.received_at, zone),
                    yes_no(a.in_time),
                    badge_of(a.status, STATUSES),
                    short_reason(a),
                    located(a),
                    yes_no(a.uniform_photo),
                ]
                for a in prompt.answers.all()
            ],
            empty=_("Belum ada jawaban."),
        )

    def _calls(self, prompt):
        zone = prompt.draw.zone
        return table(
            _("Panggilan video"),
            [
                _("Dicatat pada"),
                _("Hasil"),
                _("Tempat yang disebutkan"),
                _("Di domisili"),
                _("Berpakaian dinas"),
                _("Catatan"),
                _("Oleh"),
            ],
            [
                [
                    at_moment(c.recorded_at, zone),
                    badge_of(c.outcome, OUTCOMES),
                    c.stated_place or EMPTY,
                    yes_no(c.at_home),
                    yes_no(c.in_uniform),
                    c.note or EMPTY,
                    c.recorded_by,
                ]
                for c in prompt.calls.select_related("recorded_by__employee")
            ],
            empty=_("Belum ada panggilan yang dicatat."),
        )

    def more(self, request, prompt):
        if not self.may_call(request, prompt):
            return {}
        return {"video": prompts.video_call_url(prompt), "call": self.url("call", prompt.pk)}

    def call_view(self, request, object_id):
        """The form for the outcome of a call; a second post of one form changes nothing."""
        prompt = self.command(request, object_id, "may_call")
        form = CallForm(request.POST or None, initial={"id": uuid.uuid4()})
        if request.method == "POST" and form.is_valid():
            return self.answer(
                request,
                self.url("change", prompt.pk),
                lambda: prompts.record_call(prompt, form.record(), by=request.user, now=request.now),
                _("Hasil panggilan telah dicatat. Terima kasih."),
            )
        context = {
            **self.admin_site.each_context(request),
            "title": _("Catat hasil panggilan"),
            "form": form,
            "prompt": prompt,
            "number": number_of(prompt.employee),
            "slot": f"{prompt.draw.slot:%H.%M}",
            "left": time_left(prompt.expires_at, request.now),
            "video": prompts.video_call_url(prompt),
            "back": self.url("change", prompt.pk),
        }
        return TemplateResponse(request, "admin/hadir/call.html", context)
