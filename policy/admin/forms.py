"""Forms: pages with one form that calls one use case, and rows that HR keeps and ends by their date."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from policy.admin.base import ScopedAdmin
from policy.admin.lookups import told_apart
from policy.admin.seats import HR, KEEPERS, Seat, seat_of
from policy.admin.texts import on_day
from policy.calendars import EARLIEST, LATEST, hold
from policy.errors import DomainError
from policy.models import Agency
from policy.refusals import sentence


class DayField(forms.DateField):
    """A date from 2000 to 2100 with the browser's own calendar."""

    def __init__(self, **options) -> None:
        widget = forms.DateInput({"type": "date", "min": EARLIEST, "max": LATEST}, format="%Y-%m-%d")
        super().__init__(widget=widget, input_formats=["%Y-%m-%d", "%d-%m-%Y"], **options)
        self.error_messages["invalid"] = _("Mohon tuliskan tanggal yang benar.")

    def clean(self, value) -> date | None:
        day = super().clean(value)
        if day is not None:
            check_day(day)
        return day


def check_day(day: date) -> None:
    """A date that Hadir knows."""
    if not EARLIEST <= day <= LATEST:
        raise ValidationError(_("Tahun harus antara 2000 dan 2100."), code="out_of_range")


class WordsField(forms.CharField):
    """Words in a box of a few lines."""

    def __init__(self, **options) -> None:
        options = {"max_length": 500} | options
        super().__init__(widget=forms.Textarea({"rows": 3}), **options)


# What Django says less plainly.
SAID = {
    "required": _("Isian ini wajib diisi."),
    "invalid_choice": _("Pilihan ini tidak tersedia bagi Anda."),
}


class PageForm(forms.Form):
    """A form on a page of Hadir's own, in its style."""

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        for field in self.fields.values():
            field.widget.attrs.setdefault("class", "hd-input")
            field.error_messages |= {
                name: text for name, text in SAID.items() if name in field.error_messages
            }


class FormPages:
    """For a ModelAdmin: pages with a form and one call to a use case; a refusal is shown with the form."""

    form_template = "admin/hadir/form.html"

    def own_urls(self, pages: list[tuple[str, Callable]]) -> list[URLPattern]:
        """The addresses of a row's own pages, named like Django's: policy_absence_decide."""
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        return [
            path(f"<path:object_id>/{page}/", self.admin_site.admin_view(view), name=f"{name}_{page}")
            for page, view in pages
        ]

    def may_add(self, request: HttpRequest) -> Seat:
        """The seat of somebody who may add rows, else 403."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        return seat_of(request)

    def form_page(
        self,
        request: HttpRequest,
        form: PageForm,
        call: Callable[[dict[str, Any]], Any],
        *,
        done: Callable[[Any], tuple[str, str]],
        **context,
    ) -> HttpResponse:
        """Shows `form`, or carries it out: `call` takes its cleaned data, `done` gives the message and the way on."""
        if request.method == "POST" and form.is_valid():
            accepted, made = attempted(form, call)
            if accepted:
                message, to = done(made)
                messages.success(request, message)
                return HttpResponseRedirect(to)
        context = {**self.admin_site.each_context(request), "form": form, **context}
        return TemplateResponse(request, self.form_template, context)


def attempted(form: PageForm, call: Callable[[dict[str, Any]], Any]) -> tuple[bool, Any]:
    """Whether a use case took a form, and what it made of it; where it refused, the form says why."""
    try:
        return True, call(form.cleaned_data)
    except DomainError as error:
        form.add_error(None, sentence(error))
    except ValidationError as error:
        for name, problems in error.message_dict.items():
            form.add_error(name if name in form.fields else None, problems)
    return False, None


def signed(request: HttpRequest) -> dict[str, Any]:
    """Who does something, and when, as use cases take it."""
    return {"by": request.user, "now": request.now}  # type: ignore[attr-defined]


class KeptForm(forms.ModelForm):
    """A row that HR keeps: of one's own agency, about somebody else, on dates that Hadir knows."""

    seat: Seat  # set by KeptAdmin.get_form
    about: tuple[str, ...] = ()  # the fields that name whom the row favours

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for name in ("starts", "ends"):
            if data.get(name) and not EARLIEST <= data[name] <= LATEST:
                self.add_error(name, _("Tahun harus antara 2000 dan 2100."))
        for name in self.about:
            if data.get(name) and self.seat.is_self(data[name].pk):
                self.add_error(name, _("Anda tidak dapat mencatat data Anda sendiri."))
        return data

    def _post_clean(self) -> None:
        """The model's own check reads fields together, so it waits until the form has them all."""
        if not self.errors:
            super()._post_clean()


class SettledForm(KeptForm):
    """A row that decides what was expected on its days: those that are closed stay as they are."""

    free: frozenset[str] = frozenset()  # fields that decide nothing

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        agency = self.agency_of(data)
        if agency and not self.errors and self.changed_data:
            closed = hold(agency).closed_until
            if closed and self._first_changed(data) <= closed:
                text = _("Hari sampai dengan %(day)s sudah dikunci sehingga tidak dapat diubah lagi.")
                raise ValidationError(text % {"day": on_day(closed)}, code="period_closed")
        return data

    def agency_of(self, data: dict[str, Any]) -> int | None:
        """The agency whose days are meant."""
        agency = data.get("agency") or getattr(self.instance, "agency", None)
        return agency.pk if agency else None

    def _first_changed(self, data: dict[str, Any]) -> date:
        """The first day that would be another: ending a row earlier or later leaves the days before as they are."""
        old, days = self.instance, []
        starts = data.get("starts") or old.starts
        if set(self.changed_data) - {"ends"} - self.free:
            days.append(min(starts, old.starts) if old.pk else starts)
        if old.pk and "ends" in self.changed_data:
            days.append(min(old.ends or LATEST, data["ends"] or LATEST) + timedelta(days=1))
        return min(days, default=LATEST)


class KeptAdmin(ScopedAdmin):
    """Rows that HR adds and changes with Django's own form; others of the audience read. Nothing is deleted."""

    audience = KEEPERS
    form = KeptForm
    note = _("Data tidak dihapus. Untuk mengakhirinya, isi tanggal pada kolom Sampai.")

    def get_fieldsets(self, request: HttpRequest, obj=None):
        """One card, and for who may write the rule of the house above it."""
        writes = self.has_change_permission(request, obj)
        return [(None, {"fields": self.get_fields(request, obj), "description": self.note if writes else ""})]

    def agency_of(self, row) -> int:
        """The agency whose HR keeps the row."""
        return row.agency_id

    def favours(self, row) -> tuple[int | None, ...]:
        """The employees whom a row is about."""
        return ()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return HR in seat_of(request).roles

    def has_change_permission(self, request: HttpRequest, obj=None) -> bool:
        seat = seat_of(request)
        if HR not in seat.roles or obj is None:
            return HR in seat.roles
        return self.agency_of(obj) in seat.scope.hr and not any(map(seat.is_self, self.favours(obj)))

    def get_form(self, request: HttpRequest, obj=None, change: bool = False, **options):
        form = super().get_form(request, obj, change, **options)
        form.seat = seat_of(request)
        return form

    def formfield_for_dbfield(self, db_field, request: HttpRequest, **options):
        """A search box without buttons beside it; times as people write them."""
        field = super().formfield_for_dbfield(db_field, request, **options)
        if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        if isinstance(field, forms.TimeField):
            field.widget.format = "%H.%M"
        return field

    def formfield_for_foreignkey(self, db_field, request: HttpRequest, **options):
        """Only rows of the agencies whose HR the reader is, told apart from namesakes."""
        rows = db_field.remote_field.model._default_manager
        mine = seat_of(request).scope.hr
        inside = {"pk__in": mine} if rows.model is Agency else {"agency__in": mine}
        field = super().formfield_for_foreignkey(
            db_field, request, **{"queryset": rows.filter(**inside), **options}
        )
        field.label_from_instance = told_apart
        if rows.model is Agency and len(mine) == 1:
            field.initial = next(iter(mine))
        return field
