"""Impor dan ekspor data: files handed in, what they would change, and files to take away."""

from __future__ import annotations

import logging
import tempfile
from datetime import date, timedelta

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from unfold.decorators import display

from policy import exports
from policy.admin.base import ReadOnlyAdmin, facts, table
from policy.admin.forms import DayField, FormPages, PageForm, signed
from policy.admin.seats import HR, KEEPERS, OFFICER, Seat, seat_of
from policy.admin.texts import EMPTY, at_moment, badge
from policy.errors import DomainError
from policy.imports import jobs
from policy.imports.faults import sentence
from policy.imports.report import KEPT
from policy.models import Agency, ImportJob, Unit
from policy.refusals import sentence as refusal

log = logging.getLogger("hadir.exports")

STATES = {
    "uploaded": "amber",
    "checking": "blue",
    "checked": "teal",
    "refused": "red",
    "confirmed": "amber",
    "running": "blue",
    "done": "green",
    "cancelled": "grey",
    "failed": "red",
}
STEPS = {"reading": _("membaca berkas"), "checking": _("memeriksa baris"), "writing": _("menyimpan")}
NEXT = {
    "domiciles": _("Domisili yang diimpor menjadi usulan dan menunggu persetujuan petugas lain."),
    "rotas": _("Jadwal yang diimpor menjadi rancangan; penerbitannya melalui halaman jadwal kerja."),
    "people": _(
        "Perubahan unit, kantor, jabatan, atau atasan dengan tanggal mulai yang lebih baru dicatat sebagai mutasi."
    ),
}
TAKEN = {
    "units": _("Unit kerja"),
    "sites": _("Kantor dan pagar lokasi"),
    "people": _("Pegawai menurut penempatan hari ini"),
    "rotas": _("Jadwal kerja yang berlaku pada masa tersebut"),
}
CONTENT_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "geojson": "application/geo+json",
}


class AgencyForm(PageForm):
    """Begins with one of the agencies that the reader has to do with; hidden where there is only one."""

    agency = forms.ModelChoiceField(label=_("Instansi"), queryset=Agency.objects.none(), empty_label=None)

    def __init__(self, *args, agencies, **options) -> None:
        super().__init__(*args, **options)
        self.fields["agency"].queryset = Agency.objects.filter(pk__in=agencies)
        if len(agencies) == 1:
            self.fields["agency"].initial = next(iter(agencies))
            self.fields["agency"].widget = forms.HiddenInput()


class UploadForm(AgencyForm):
    """A file and what it is about."""

    kind = forms.ChoiceField(label=_("Jenis data"))
    file = forms.FileField(
        label=_("Berkas"),
        help_text=_("XLSX, CSV, atau GeoJSON (untuk kantor); paling besar 20 MB dan 100.000 baris."),
        error_messages={"empty": _("Berkas ini kosong.")},
    )

    def __init__(self, *args, kinds, **options) -> None:
        super().__init__(*args, **options)
        self.fields["kind"].choices = [(k, label) for k, label in ImportJob.Kind.choices if k in kinds]
        self.fields["file"].widget.attrs["accept"] = ".xlsx,.csv,.geojson,.json"


class PeriodForm(AgencyForm):
    """Which days of a rota go into a file."""

    first = DayField(label=_("Mulai"))
    last = DayField(label=_("Sampai"))


@admin.register(ImportJob)
class ImportJobAdmin(FormPages, ReadOnlyAdmin):
    """Files of one's own agency; an officer sees those that he handed in himself."""

    audience = KEEPERS
    icon = "upload_file"
    also = (("export", "download", _("Ekspor data")),)
    detail_template = "admin/hadir/import_job.html"
    list_before_template = "admin/hadir/import_list.html"
    list_display = ("what", "file_name", "status", "rows", "uploaded", "who")
    list_filter = ("kind", "state")
    search_fields = ("file_name",)
    list_select_related = ("agency", "uploaded_by__employee", "confirmed_by__employee")

    def get_queryset(self, request: HttpRequest):
        return (
            super().get_queryset(request).select_related(*self.list_select_related).defer("sealed", "report")
        )

    def get_urls(self):
        name, wrap = "policy_importjob", self.admin_site.admin_view
        own = [
            path("template/<slug:kind>.xlsx", wrap(self.template_view), name=f"{name}_template"),
            path("export/", wrap(self.export_view), name=f"{name}_export"),
            path("export/<slug:kind>.<slug:form>", wrap(self.download_view), name=f"{name}_download"),
        ]
        pages = [("apply", self.apply_view), ("cancel", self.cancel_view)]
        return [*own, *self.own_urls(pages), *super().get_urls()]

    # The list

    @display(description=_("jenis data"), ordering="kind")
    def what(self, job) -> str:
        return job.get_kind_display()

    @display(description=_("status"), ordering="state")
    def status(self, job):
        return badge(job.get_state_display(), STATES[job.state])

    @display(description=_("baris"))
    def rows(self, job) -> str:
        return f"{job.total:n}" if job.total else EMPTY

    @display(description=_("diunggah"), ordering="uploaded_at")
    def uploaded(self, job) -> str:
        return at_moment(job.uploaded_at)

    @display(description=_("oleh"))
    def who(self, job) -> str:
        return str(job.uploaded_by or _("administrator mesin"))

    def changelist_view(self, request, extra_context=None):
        kinds = _kinds(seat_of(request))
        templates = [
            (self.url("template", kind), label) for kind, label in ImportJob.Kind.choices if kind in kinds
        ]
        return super().changelist_view(request, {"templates": templates, **(extra_context or {})})

    # Handing in

    def has_add_permission(self, request) -> bool:
        return bool(_kinds(seat_of(request)))

    def add_view(self, request, form_url="", extra_context=None):
        seat = self.may_add(request)
        form = UploadForm(
            request.POST or None, request.FILES or None, agencies=_agencies(seat), kinds=_kinds(seat)
        )
        return self.form_page(
            request,
            form,
            lambda said: _handed_in(request, said),
            done=lambda job: (_("Berkas telah diterima dan segera diperiksa."), self.url("change", job.pk)),
            title=_("Impor data"),
            back=self.url("changelist"),
            lead=_("Berkas diperiksa dahulu. Tidak ada yang berubah sebelum Anda menerapkannya."),
            submit=_("Unggah dan periksa"),
        )

    def template_view(self, request, kind: str) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        if kind not in jobs.BATCHES:
            raise Http404
        found = tempfile.TemporaryFile()
        exports.write_template(kind, found)
        return _sent(found, f"templat-{kind}", "xlsx")

    # One file

    def heading(self, job) -> str:
        return job.file_name

    def mine(self, request, job) -> bool:
        """Whether the reader may have this file carried out."""
        try:
            jobs.reach_of(job.agency, job.kind, request.user, request.now)
        except DomainError:
            return False
        return True

    def cards(self, request, job):
        counts = job.report.get("counts", {})
        first = facts(
            _("Berkas"),
            (_("Jenis data"), job.get_kind_display()),
            (_("Instansi"), job.agency),
            (_("Status"), self.status(job)),
            (_("Diunggah"), f"{at_moment(job.uploaded_at)}, {self.who(job)}"),
            (
                _("Diterapkan"),
                f"{at_moment(job.confirmed_at)}, {job.confirmed_by or EMPTY}" if job.confirmed_at else None,
            ),
            (_("Baris baru"), counts.get("new")),
            (_("Baris yang mengubah data"), counts.get("changed")),
            (_("Baris tanpa perubahan"), counts.get("unchanged")),
            (_("Kesalahan"), counts.get("faults")),
            ("SHA-256", job.sha256),
            note=NEXT.get(job.kind, ""),
        )
        return [first, *_faults(job), *_changes(job)]

    def more(self, request, job):
        mine = self.mine(request, job)
        waits = job.state in (ImportJob.State.UPLOADED, ImportJob.State.CHECKED)
        return {
            "job": job,
            "step": STEPS.get(job.step, ""),
            "apply": self.url("apply", job.pk) if mine and job.state == ImportJob.State.CHECKED else None,
            "cancel": self.url("cancel", job.pk) if mine and waits else None,
        }

    @method_decorator(require_POST)
    def apply_view(self, request, object_id):
        job = self.command(request, object_id, "mine")
        done = _("Berkas segera diterapkan.")
        return self.answer(
            request, self.url("change", job.pk), lambda: jobs.confirm(job, **signed(request)), done
        )

    @method_decorator(require_POST)
    def cancel_view(self, request, object_id):
        job = self.command(request, object_id, "mine")
        done = _("Berkas telah dibatalkan dan dihapus.")
        return self.answer(request, self.url("changelist"), lambda: jobs.cancel(job, **signed(request)), done)

    # Taking away

    def export_view(self, request) -> HttpResponse:
        """What can be taken away, each as XLSX and CSV."""
        form = self._period(request)
        return TemplateResponse(request, "admin/hadir/export.html", self._export_page(request, form))

    def _export_page(self, request, form: PeriodForm) -> dict:
        seat = seat_of(request)
        return {
            **self.admin_site.each_context(request),
            "title": _("Ekspor data"),
            "back": self.url("changelist"),
            "form": form,
            "kinds": [(kind, TAKEN[kind], _forms(kind)) for kind in exports.KINDS],
            "veiled": not seat.scope.hr,
        }

    def _period(self, request) -> PeriodForm:
        """The agency and the days asked for, this month by default. 403 for those who export nothing."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        seat = seat_of(request)
        first = seat.scope.day.replace(day=1)
        agencies = _agencies(seat) | seat.scope.agency_wide
        days = {"first": first, "last": _end_of_month(first), "agency": min(agencies, default=None)}
        return PeriodForm({**days, **request.GET.dict()}, agencies=agencies)

    def download_view(self, request, kind: str, form: str) -> HttpResponse:
        period = self._period(request)
        if kind not in exports.KINDS or form not in _forms(kind):
            raise Http404
        if not period.is_valid():
            if "agency" in period.errors:
                raise Http404
            return TemplateResponse(request, "admin/hadir/export.html", self._export_page(request, period))
        try:
            return self._file(request, kind, form, period.cleaned_data)
        except DomainError as error:
            period.add_error(None, refusal(error))
            return TemplateResponse(request, "admin/hadir/export.html", self._export_page(request, period))

    def _file(self, request, kind: str, form: str, asked: dict) -> FileResponse:
        """The whole file before the first byte is sent: an answer is complete or an error."""
        scope, agency, found = seat_of(request).scope, asked["agency"], tempfile.TemporaryFile()
        first = asked["first"] if kind == "rotas" else scope.day
        if form == "geojson":
            found.write(exports.geojson(agency, scope).encode())
        else:
            sheet = exports.sheet(kind, agency, scope, first=first, last=asked["last"], now=request.now)
            exports.WRITERS[form](sheet, found)
        log.info("user %s takes %s of agency %s away as %s", request.user.pk, kind, agency.pk, form)
        return _sent(found, f"{kind}-{agency.code}-{scope.day}", form)


def _kinds(seat: Seat) -> list[str]:
    """The kinds of file that the reader may hand in for any agency."""
    if HR in seat.roles:
        return list(jobs.BATCHES)
    return [kind for kind in jobs.BATCHES if kind in jobs.OFFICERS] if OFFICER in seat.roles else []


def _agencies(seat: Seat) -> frozenset[int]:
    """The agencies for which the reader is HR or an officer."""
    own = Unit.objects.filter(pk__in=seat.scope.units).values_list("agency", flat=True)
    return seat.scope.hr | frozenset(own)


def _handed_in(request: HttpRequest, said: dict) -> ImportJob:
    file = said["file"]
    if file.size > jobs.MOST_BYTES:
        raise DomainError("file_too_large", "The file is too large.")
    return jobs.upload(said["agency"], said["kind"], file.name, file.read(), **signed(request))


def _faults(job: ImportJob) -> list[dict]:
    found = job.report.get("faults", [])
    rows = [
        [
            fault["row"] or EMPTY,
            fault["column"] or EMPTY,
            sentence(fault["code"], fault["about"], fault["detail"]),
            fault["code"],
        ]
        for fault in found
    ]
    columns = [
        (_("Fitur") if job.file_name.endswith("json") else _("Baris"), "num"),
        _("Kolom"),
        _("Kesalahan"),
        _("Kode"),
    ]
    title, note = _("Kesalahan"), _first_of(len(found), job.report.get("counts", {}).get("faults", 0))
    return [table(title, columns, rows, note=note)] if rows else []


def _changes(job: ImportJob) -> list[dict]:
    """The rows that are new, and those that change something, as they were when they were last looked at."""
    cards = []
    for sort, title in (("changed", _("Yang berubah")), ("new", _("Yang baru"))):
        found = job.report.get(sort, [])
        rows = [[line["row"], line["what"], _said(line["changes"], sort)] for line in found]
        note = _first_of(len(found), job.report.get("counts", {}).get(sort, 0))
        columns = [(_("Baris"), "num"), _("Tentang"), _("Perubahan") if sort == "changed" else _("Isi")]
        if rows and job.state not in (ImportJob.State.REFUSED, ImportJob.State.FAILED):
            cards.append(table(title, columns, rows, note=note))
    return cards


def _said(changes: list[list[str]], sort: str) -> str:
    if sort == "new":
        return "; ".join(f"{heading}: {new}" for heading, _old, new in changes if new)
    return "; ".join(f"{heading}: {old or EMPTY} → {new or EMPTY}" for heading, old, new in changes)


def _first_of(shown: int, count: int) -> str:
    if count <= shown:
        return ""
    return str(
        _("Ditampilkan %(shown)d baris pertama dari %(count)d.") % {"shown": min(shown, KEPT), "count": count}
    )


def _forms(kind: str) -> list[str]:
    return ["xlsx", "csv", "geojson"] if kind == "sites" else ["xlsx", "csv"]


def _end_of_month(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _sent(found, name: str, form: str) -> FileResponse:
    found.seek(0)
    return FileResponse(
        found, as_attachment=True, filename=f"{name}.{form}", content_type=CONTENT_TYPES[form]
    )
