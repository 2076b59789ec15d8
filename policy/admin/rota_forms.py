"""The forms around a rota: draw one up, copy a week, amend, withdraw, hand back, discard."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from policy.admin.forms import DayField, PageForm, WordsField
from policy.admin.lookups import LookupField, told_apart
from policy.admin.seats import Seat
from policy.models import Roster, Unit
from policy.rota_gaps import next_week
from policy.rotas import LONGEST_DAYS

PATTERNS = (
    ("daily", _("Harian: pegawai bergiliran setiap hari kerja")),
    ("weekly", _("Mingguan: pegawai bergiliran setiap minggu")),
)


def unit_named(text: str, seen: QuerySet) -> Unit:
    """The unit that an address or a form names; 404 where the reader does not see it."""
    unit = seen.select_related("agency").filter(pk=int(text)).first() if _is_key(text) else None
    if unit is None:
        raise Http404
    return unit


def _is_key(text: str) -> bool:
    return text.isdecimal() and len(text) < 16


class _Choice(forms.ModelChoiceField):
    """A list of units with what tells namesakes apart."""

    def label_from_instance(self, obj) -> str:
        return told_apart(obj)


def unit_field(seat: Seat, units: QuerySet) -> forms.ModelChoiceField:
    """A list of units; a search box for who sees a whole agency, whose list would have thousands of them."""
    units = units.select_related("parent", "agency").order_by("code")
    label = _("Unit kerja")
    if not seat.scope.agency_wide:
        return _Choice(units, label=label, empty_label=_("Pilih unit kerja"))
    field = LookupField(Roster._meta.get_field("unit"), label=label)
    field.queryset = units
    return field


class UnitForm(PageForm):
    """A form about one of the units whose rota the reader may draft."""

    unit = forms.ModelChoiceField(Unit.objects.none())

    def __init__(self, *args, seat: Seat, **options) -> None:
        super().__init__(*args, **options)
        self.fields["unit"] = unit_field(seat, Unit.objects.planned_by(seat.scope))
        self.fields["unit"].widget.attrs.setdefault("class", "hd-input")


class PlanForm(UnitForm):
    """Which unit, which dates, whose turn when."""

    first = DayField(label=_("Mulai"))
    last = DayField(label=_("Sampai dengan"))
    pattern = forms.ChoiceField(label=_("Pola giliran"), choices=PATTERNS)
    seed = forms.IntegerField(
        label=_("Nomor urutan"),
        min_value=0,
        max_value=999_999,
        help_text=_(
            "Nomor yang sama memberikan urutan giliran yang sama. Gantilah nomor ini agar giliran dimulai dari "
            "pegawai lain."
        ),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        check_period(data)
        return data

    @staticmethod
    def defaults(today) -> dict[str, Any]:
        """Two weeks from the next Monday on."""
        monday, friday = next_week(today)
        return {"first": monday, "last": friday + timedelta(days=7), "pattern": "daily", "seed": 0}


def check_period(data: dict[str, Any]) -> None:
    """Dates in their order, and no more of them than a rota may have."""
    first, last = data.get("first"), data.get("last")
    if first and last and not 0 <= (last - first).days < LONGEST_DAYS:
        text = _("Masa jadwal harus 1 sampai %(n)d hari, dengan tanggal akhir tidak lebih awal.")
        raise ValidationError(text % {"n": LONGEST_DAYS}, code="period")


class CopyForm(UnitForm):
    """Which week becomes which."""

    source = DayField(label=_("Minggu yang disalin"), help_text=_("Tanggal mana pun dalam minggu tersebut."))
    target = DayField(label=_("Minggu tujuan"), help_text=_("Tanggal mana pun dalam minggu tersebut."))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        weeks = [
            day - timedelta(days=day.weekday()) for day in (data.get("source"), data.get("target")) if day
        ]
        if len(weeks) == 2 and weeks[0] == weeks[1]:
            self.add_error("target", _("Minggu tujuan sama dengan minggu yang disalin."))
        return data

    @staticmethod
    def defaults(today) -> dict[str, Any]:
        """This week for the next."""
        return {"source": today, "target": next_week(today)[0]}


class WithinForm(PageForm):
    """Dates of a published rota."""

    def __init__(self, *args, plan: Roster, **options) -> None:
        super().__init__(*args, **options)
        self.plan = plan

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        check_period(data)
        for name in ("first", "last"):
            if data.get(name) and not self._within(data[name]):
                self.add_error(name, _("Tanggal ini di luar masa berlaku jadwal."))
        return data

    def _within(self, day: date) -> bool:
        return self.plan.starts <= day and (self.plan.ends is None or day <= self.plan.ends)


class AmendForm(WithinForm):
    """Which dates of a published rota to change."""

    first = DayField(label=_("Mulai"))
    last = DayField(label=_("Sampai dengan"))


class NoteForm(PageForm):
    """Why a rota is handed back."""

    note = WordsField(label=_("Catatan"), help_text=_("Tuliskan alasan dengan bahasa yang santun."))


class WithdrawForm(NoteForm, WithinForm):
    """From which date on a rota is withdrawn, and why."""

    first = DayField(label=_("Ditarik mulai tanggal"))
    field_order = ("first", "note")


class DiscardForm(PageForm):
    """Nothing to fill in: the page only asks whether one is sure."""
