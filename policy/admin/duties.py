"""Penempatan, tugas tambahan, alasan prioritas, serta Plt. dan Plh.: kept by HR, read by who looks after the files."""

from __future__ import annotations

from django import forms
from django.contrib import admin, messages
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.decorators import display

from policy import postings
from policy.admin.forms import DayField, FormPages, KeptAdmin, KeptForm, PageForm, SettledForm, signed
from policy.admin.lookups import LookupField
from policy.admin.seats import HR, OFFICER
from policy.admin.texts import EMPTY, number_of, period
from policy.models import AdditionalDuty, Delegation, Employee, Ground, Posting, Site, Unit
from policy.models.organisation import ServiceCategory


class OfPerson(KeptAdmin):
    """Rows about one employee: HR and auditors see the agency's, an officer those of the people of his units."""

    autocomplete_fields: tuple[str, ...] = ("employee",)
    list_select_related: tuple[str, ...] = ("employee",)
    search_fields = ("employee__name", "=employee__nrk", "=employee__nip")
    search_help_text = _("Cari nama, NRK, atau NIP lengkap")

    def visible(self, queryset, seat):
        kept = Q(employee__agency__in=seat.scope.agency_wide)
        return queryset.filter(kept | Q(employee__in=seat.scope.people_of_units()))

    def get_queryset(self, request):
        return super().get_queryset(request).select_related(*self.list_select_related)

    def agency_of(self, row) -> int:
        return row.employee.agency_id

    def favours(self, row):
        return (row.employee_id,)

    @display(description=_("pegawai"), ordering="employee__name")
    def person(self, row) -> str:
        return row.employee.name

    @display(description="NRK")
    def nrk(self, row) -> str:
        return number_of(row.employee)

    @display(description=_("masa berlaku"), ordering="starts")
    def valid(self, row) -> str:
        return period(row)


class AboutEmployee(KeptForm):
    """A row about the employee it names."""

    about = ("employee",)


class TransferForm(PageForm):
    """Where somebody works from a date on."""

    employee = LookupField(Posting._meta.get_field("employee"), label=_("Pegawai"))
    starts = DayField(label=_("Berlaku mulai"))
    unit = LookupField(Posting._meta.get_field("unit"), label=_("Unit kerja"))
    site = LookupField(Posting._meta.get_field("site"), label=_("Kantor"))
    position = forms.CharField(label=_("Jabatan"), max_length=200)
    superior = LookupField(
        Posting._meta.get_field("superior"),
        label=_("Atasan langsung"),
        required=False,
        help_text=_("Kosongkan hanya untuk pejabat tertinggi."),
    )
    post = forms.SlugField(
        label=_("Kode jabatan"),
        max_length=40,
        required=False,
        help_text=_("Misalnya treasurer untuk bendahara; menentukan pengecualian dari WFH."),
    )
    service_category = forms.ChoiceField(
        label=_("Kategori layanan"),
        required=False,
        choices=[("", _("Mengikuti unit kerja")), *ServiceCategory.choices],
    )

    def __init__(self, *args, agencies, **options) -> None:
        super().__init__(*args, **options)
        for name, model in (("employee", Employee), ("superior", Employee), ("unit", Unit), ("site", Site)):
            self.fields[name].queryset = model._default_manager.filter(agency__in=agencies)


class PostingForm(SettledForm):
    """What may still be put right: the end, and on open days the rest."""

    about = ("employee",)
    free = frozenset({"position"})

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        if "employee" in self.fields:
            self.fields["employee"].disabled = True

    def agency_of(self, data) -> int | None:
        return self.instance.employee.agency_id


@admin.register(Posting)
class PostingAdmin(FormPages, OfPerson):
    """Adding one is a transfer: the posting before ends on the day before."""

    icon = "work"
    form = PostingForm
    note = _(
        "Hari yang sudah dikunci tidak berubah. Perpindahan unit kerja atau atasan dicatat sebagai mutasi."
    )
    autocomplete_fields = ("employee", "unit", "site", "superior")
    list_display = ("person", "nrk", "unit_name", "position", "leader", "valid")
    list_select_related = ("employee", "unit", "superior")
    fields = (
        "employee",
        "unit",
        "site",
        "position",
        "superior",
        "post",
        "service_category",
        ("starts", "ends"),
    )

    def visible(self, queryset, seat):
        kept = Q(employee__agency__in=seat.scope.agency_wide)
        return queryset.filter(kept | Q(unit__in=seat.scope.units))

    @display(description=_("unit kerja"))
    def unit_name(self, row) -> str:
        return row.unit.name

    @display(description=_("atasan langsung"))
    def leader(self, row) -> str:
        return row.superior.name if row.superior else EMPTY

    def add_view(self, request, form_url="", extra_context=None):
        seat = self.may_add(request)
        chosen = request.GET.get("employee", "")
        return self.form_page(
            request,
            TransferForm(request.POST or None, agencies=seat.scope.hr, initial={"employee": _number(chosen)}),
            lambda said: postings.transfer(said.pop("employee"), **said, **signed(request)),
            done=lambda new: self._moved(request, new),
            title=_("Catat mutasi atau penempatan"),
            lead=_("Penempatan sebelumnya berakhir sehari sebelum penempatan ini mulai berlaku."),
            back=self.url("changelist"),
        )

    def _moved(self, request, new):
        self.log_addition(request, new, [{"added": {}}])
        left = postings.led_by(new.employee, new.starts)
        if left:
            text = ngettext(
                "%(n)d pegawai masih melapor kepada %(name)s. Mohon catat atasan baru atau Plt. bila perlu.",
                "%(n)d pegawai masih melapor kepada %(name)s. Mohon catat atasan baru atau Plt. bila perlu.",
                left,
            )
            messages.warning(request, text % {"n": left, "name": new.employee.name})
        return _("Penempatan telah dicatat."), self.url("change", new.pk)


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 16 else None


@admin.register(AdditionalDuty)
class AdditionalDutyAdmin(OfPerson):
    icon = "assignment_ind"
    form = AboutEmployee
    list_display = ("person", "nrk", "title", "post", "document", "valid")
    fields = ("employee", "title", "post", "document", ("starts", "ends"))


@admin.register(Ground)
class GroundAdmin(OfPerson):
    """Health data among it: for HR, the unit's officer and the person alone (edge case 37)."""

    audience = frozenset({HR, OFFICER})
    icon = "health_and_safety"
    form = AboutEmployee
    list_display = ("person", "nrk", "ground", "document", "valid")
    fields = ("employee", "ground", "document", ("starts", "ends"))

    def visible(self, queryset, seat):
        kept = Q(employee__agency__in=seat.scope.hr) | Q(employee__in=seat.scope.people_of_units())
        return queryset.filter(kept | Q(employee=seat.scope.employee))


class DelegationForm(KeptForm):
    """Nobody appoints himself, and nobody stands in for himself."""

    about = ("deputy",)

    def clean(self):
        data = super().clean()
        if data.get("deputy") and data.get("deputy") == data.get("superior"):
            self.add_error("deputy", _("Pengganti tidak boleh atasan itu sendiri."))
        return data


@admin.register(Delegation)
class DelegationAdmin(KeptAdmin):
    """Plt. and Plh.: who stands in sees and decides what the superior would, for as long."""

    icon = "supervisor_account"
    form = DelegationForm
    autocomplete_fields = ("superior", "deputy")
    list_display = ("leader", "kind", "stand_in", "valid")
    list_filter = ("kind",)
    list_select_related = ("superior", "deputy")
    search_fields = ("superior__name", "deputy__name")
    fields = ("superior", "deputy", "kind", ("starts", "ends"))

    def visible(self, queryset, seat):
        kept = Q(superior__agency__in=seat.scope.agency_wide)
        people = seat.scope.people_of_units()
        return queryset.filter(kept | Q(superior__in=people) | Q(deputy__in=people))

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("superior", "deputy").order_by("-starts", "-pk")

    def agency_of(self, row) -> int:
        return row.superior.agency_id

    def favours(self, row):
        return (row.deputy_id,)

    @display(description=_("atasan"), ordering="superior__name")
    def leader(self, row) -> str:
        return row.superior.name

    @display(description=_("pengganti"), ordering="deputy__name")
    def stand_in(self, row) -> str:
        return row.deputy.name

    @display(description=_("masa berlaku"), ordering="starts")
    def valid(self, row) -> str:
        return period(row)
