"""Cuti dan dinas luar: who is away, who asked, the papers behind it, and the decision."""

from __future__ import annotations

import logging

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Case, Value, When
from django.http import HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe
from unfold.decorators import display

from policy import absences, papers
from policy.admin.base import ReadOnlyAdmin, facts, table
from policy.admin.forms import DayField, FormPages, PageForm, WordsField, signed
from policy.admin.lookups import LookupField
from policy.admin.seats import HR, OFFICER, seat_of
from policy.admin.texts import EMPTY, STATUSES, at_moment, badge_of, number_of, on_day, period
from policy.models import Absence, AbsencePaper, Employee

log = logging.getLogger("hadir.papers")
RECORDED = _("Pengajuan telah dicatat. Berkas pendukung dapat ditambahkan di bawah ini.")
PRIVATE = _(
    "Keterangan dan berkas hanya ditampilkan kepada pegawai yang bersangkutan dan pejabat yang memutuskan."
)


class RequestForm(PageForm):
    """Leave or travel on behalf of somebody whose files one keeps."""

    employee = LookupField(Absence._meta.get_field("employee"), label=_("Pegawai"))
    kind = forms.ChoiceField(label=_("Jenis"))
    starts = DayField(label=_("Mulai"))
    ends = DayField(label=_("Sampai dengan"))
    document = forms.CharField(
        label=_("Nomor surat"),
        max_length=120,
        required=False,
        help_text=_("Nomor surat izin cuti atau surat tugas."),
    )
    note = WordsField(label=_("Keterangan"), required=False)

    def __init__(self, *args, seat, **options) -> None:
        super().__init__(*args, **options)
        self.scope = seat.scope
        self.fields["employee"].queryset = Employee.objects.visible_to(seat.scope)
        by_hr = () if seat.scope.hr else absences.BY_HR
        self.fields["kind"].choices = [(k, name) for k, name in Absence.Kind.choices if k not in by_hr]

    def clean_employee(self) -> Employee:
        employee = self.cleaned_data["employee"]
        if not absences.keeps_files(self.scope, employee):
            raise forms.ValidationError(_("Anda tidak mengelola data kepegawaian pegawai ini."))
        return employee


class NoteForm(PageForm):
    """Why something is taken back."""

    note = WordsField(label=_("Alasan"), max_length=300)


class EndForm(NoteForm):
    """The last day of what ends early."""

    ends = DayField(label=_("Hari terakhir"))
    field_order = ("ends", "note")


class DecisionForm(forms.Form):
    """Approve or reject; a refusal needs a note (policy.absences.reject)."""

    decision = forms.ChoiceField(choices=[("approve", ""), ("reject", "")])
    note = forms.CharField(max_length=500, required=False)


class PaperForm(PageForm):
    """A file to attach."""

    paper = forms.FileField(
        label=_("Tambah berkas"),
        help_text=_("PDF, JPEG, atau PNG, paling besar 5 MB."),
        widget=forms.FileInput({"accept": ".pdf,.jpg,.jpeg,.png"}),
    )


@admin.register(Absence)
class AbsenceAdmin(FormPages, ReadOnlyAdmin):
    """What waits for a decision first. Superiors see their people's, keepers of files their people's."""

    icon = "flight_takeoff"
    detail_template = "admin/hadir/absence.html"
    list_display = ("person", "nrk", "kind", "valid", "state", "asked")
    list_filter = ("status", "kind")
    date_hierarchy = "starts"
    search_fields = ("employee__name", "=employee__nrk", "=employee__nip", "document")
    search_help_text = _("Cari nama, NRK, NIP lengkap, atau nomor surat")
    list_select_related = ("employee",)

    def get_ordering(self, request):
        return (Case(When(status="proposed", then=Value(0)), default=Value(1)), "-starts", "-pk")

    def get_queryset(self, request):
        people = ("employee", "requested_by__employee", "decided_by__employee")
        return super().get_queryset(request).select_related(*people)

    def get_urls(self):
        paper = path(
            "<path:object_id>/papers/<int:paper_id>/",
            self.admin_site.admin_view(self.paper_view),
            name="policy_absence_paper",
        )
        pages = [("decide", self.decide_view), ("attach", self.attach_view)]
        pages += [("cancel", self.cancel_view), ("shorten", self.shorten_view)]
        return [paper, *self.own_urls(pages), *super().get_urls()]

    @display(description=_("pegawai"), ordering="employee__name")
    def person(self, row) -> str:
        return row.employee.name

    @display(description="NRK")
    def nrk(self, row) -> str:
        return number_of(row.employee)

    @display(description=_("masa"), ordering="starts")
    def valid(self, row) -> str:
        return on_day(row.starts) if row.starts == row.ends else period(row)

    @display(description=_("status"))
    def state(self, row):
        return badge_of(row.status, STATUSES)

    @display(description=_("diajukan"), ordering="requested_at")
    def asked(self, row) -> str:
        return at_moment(row.requested_at)

    def heading(self, row) -> str:
        return f"{row.employee.name} – {row.get_kind_display()}"

    def has_add_permission(self, request) -> bool:
        return seat_of(request).has(frozenset({HR, OFFICER}))

    def decides(self, request, row) -> bool:
        """Whether the reader decides on it."""
        return absences.may_decide(seat_of(request).scope, row)

    def attaches(self, request, row) -> bool:
        """Whether the reader may add papers."""
        return absences.may_attach(seat_of(request).scope, row)

    def cancels(self, request, row) -> bool:
        """Whether the reader may take it back."""
        return absences.may_cancel(seat_of(request).scope, row)

    def shortens(self, request, row) -> bool:
        """Whether the reader may let it end early."""
        return absences.may_shorten(seat_of(request).scope, row)

    def cards(self, request, row):
        may_read = absences.may_read_papers(seat_of(request).scope, row)
        note, because = (row.note or EMPTY, row.decision_note or EMPTY) if may_read else (None, None)
        away = facts(
            _("Cuti dan dinas luar"),
            (_("Pegawai"), row.employee.name),
            ("NRK", number_of(row.employee)),
            (_("Jenis"), row.get_kind_display()),
            (_("Masa"), self.valid(row)),
            (_("Status"), self.state(row)),
            (_("Nomor surat"), row.document or EMPTY),
            (_("Keterangan"), note),
            (_("Diajukan oleh"), row.requested_by or EMPTY),
            (_("Diajukan pada"), at_moment(row.requested_at)),
            (_("Diputuskan oleh"), row.decided_by or EMPTY),
            (_("Diputuskan pada"), at_moment(row.decided_at)),
            (_("Catatan keputusan"), because),
            note="" if may_read else PRIVATE,
        )
        return [away, self._papers(row)] if may_read else [away]

    def _papers(self, row):
        kept = row.papers.defer("content").select_related("added_by__employee").order_by("pk")
        return table(
            _("Berkas pendukung"),
            [_("Berkas"), _("Diunggah oleh"), _("Diunggah pada")],
            [[self._link(row, p), p.added_by, at_moment(p.added_at)] for p in kept],
            empty=_("Belum ada berkas."),
        )

    def _link(self, row, paper):
        return format_html('<a href="{}">{}</a>', self.url("paper", row.pk, paper.pk), paper.name)

    def more(self, request, row):
        waits = row.status == Absence.Status.PROPOSED
        granted = row.status == Absence.Status.APPROVED
        attaches = (waits or granted) and self.attaches(request, row)
        commands = []
        if granted and self.shortens(request, row) and row.ends != row.starts:
            commands.append((self.url("shorten", row.pk), "event_repeat", _("Akhiri lebih awal")))
        if (waits or granted) and self.cancels(request, row):
            commands.append((self.url("cancel", row.pk), "cancel", _("Batalkan")))
        return {
            "decide": self.url("decide", row.pk) if waits and self.decides(request, row) else None,
            "attach": self.url("attach", row.pk) if attaches else None,
            "paper_form": PaperForm() if attaches else None,
            "commands": commands,
        }

    def add_view(self, request, form_url="", extra_context=None):
        seat = self.may_add(request)
        chosen = request.GET.get("employee", "")
        initial = {"employee": chosen if chosen.isdecimal() and len(chosen) < 16 else None}
        return self.form_page(
            request,
            RequestForm(request.POST or None, seat=seat, initial=initial),
            lambda said: absences.request(said.pop("employee"), **said, **signed(request)),
            done=lambda row: (RECORDED, self.url("change", row.pk)),
            title=_("Catat cuti atau dinas luar"),
            lead=_("Pengajuan menunggu keputusan. Tidak ada yang memutuskan pengajuannya sendiri."),
            back=self.url("changelist"),
        )

    @method_decorator(require_POST)
    def decide_view(self, request, object_id):
        row = self.command(request, object_id, "decides")
        form = DecisionForm(request.POST)
        if not form.is_valid():
            return HttpResponseBadRequest()
        approves, note = form.cleaned_data["decision"] == "approve", form.cleaned_data["note"]
        use_case = absences.approve if approves else absences.reject
        done = _("Pengajuan telah disetujui.") if approves else _("Pengajuan telah ditolak.")
        to = self.url("change", row.pk)
        return self.answer(request, to, lambda: use_case(row, note=note, **signed(request)), done)

    @method_decorator(require_POST)
    def attach_view(self, request, object_id):
        row = self.command(request, object_id, "attaches")
        form, to = PaperForm(request.POST, request.FILES), self.url("change", row.pk)
        if not form.is_valid():
            messages.error(request, form.errors["paper"][0])
            return HttpResponseRedirect(to)
        sent = form.cleaned_data["paper"]
        return self.answer(request, to, lambda: _attach(row, sent, request), _("Berkas telah ditambahkan."))

    def cancel_view(self, request, object_id):
        row = self.command(request, object_id, "cancels")
        return self._page_of(
            request,
            row,
            NoteForm(request.POST or None),
            lambda said: absences.cancel(row, **said, **signed(request)),
            title=_("Batalkan cuti atau dinas luar"),
            submit=_("Batalkan"),
            message=_("Pembatalan telah dicatat."),
        )

    def shorten_view(self, request, object_id):
        row = self.command(request, object_id, "shortens")
        return self._page_of(
            request,
            row,
            EndForm(request.POST or None, initial={"ends": row.ends}),
            lambda said: absences.shorten(row, **said, **signed(request)),
            title=_("Akhiri lebih awal"),
            message=_("Hari terakhir telah diubah."),
        )

    def _page_of(self, request, row, form, call, *, message, **context):
        """A form about one row, and back to it."""
        to = self.url("change", row.pk)
        lead = f"{self.heading(row)}, {self.valid(row)}"
        return self.form_page(
            request, form, call, done=lambda _made: (message, to), back=to, lead=lead, **context
        )

    @method_decorator(require_safe)
    def paper_view(self, request, object_id, paper_id):
        """The file itself. Each look at somebody else's is written to the log."""
        row = self.get_object(request, object_id)
        scope = seat_of(request).scope
        if not self.has_view_permission(request, row) or not absences.may_read_papers(scope, row):
            raise PermissionDenied
        paper = get_object_or_404(row.papers, pk=paper_id)
        if scope.employee != row.employee_id:
            log.info("paper %s of absence %s was read by user %s", paper.pk, row.pk, request.user.pk)
        return download(paper)


def _attach(row: Absence, sent: UploadedFile, request) -> AbsencePaper:
    """Refuses a file by its size before it is read."""
    papers.refuse_size(sent.size)
    return absences.attach(row, name=sent.name, content=sent.read(), **signed(request))


def download(paper: AbsencePaper) -> HttpResponse:
    """A paper as a file to keep, never shown within our pages; `admin_view` keeps it out of every cache."""
    headers = {
        "Content-Disposition": content_disposition_header(True, paper.name),
        "Content-Security-Policy": "sandbox",
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(bytes(paper.content), content_type=paper.content_type, headers=headers)
