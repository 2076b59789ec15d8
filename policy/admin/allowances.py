"""Batas WFH: berapa pegawai suatu unit kerja boleh bekerja dari rumah pada suatu tanggal, dan mengapa."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from policy import explanations
from policy.admin.base import facts, table
from policy.admin.forms import DayField, PageForm
from policy.admin.rota_forms import unit_field, unit_named
from policy.admin.seats import Seat, seat_of
from policy.admin.texts import EMPTY, in_words, on_day
from policy.allowances import said
from policy.calendars import EARLIEST, LATEST
from policy.explanations import Explanation, Named, because
from policy.models import Unit

DENOMINATORS = {
    "unit": gettext_lazy("dari pegawai unit kerja"),
    "agency_unit": gettext_lazy("dari pegawai perangkat daerah"),
}


class AllowanceForm(PageForm):
    """Which unit, which date."""

    unit = forms.ModelChoiceField(Unit.objects.none())
    date = DayField(label=gettext_lazy("Tanggal"), required=False)

    def __init__(self, *args, seat: Seat, **options) -> None:
        super().__init__(*args, **options)
        self.fields["unit"] = unit_field(seat, Unit.objects.with_plans_for(seat.scope))
        self.fields["unit"].widget.attrs.setdefault("class", "hd-input")


class AllowancePage:
    """For RosterAdmin: the page of the cap, for everybody who sees rotas."""

    also = (("allowance", "percent", gettext_lazy("Batas WFH")),)  # a page of its own in the menu

    def get_urls(self):
        page = path(
            "allowance/", self.admin_site.admin_view(self.allowance_view), name="policy_roster_allowance"
        )
        return [page, *super().get_urls()]

    def allowance_view(self, request: HttpRequest) -> HttpResponse:
        """The cap of a unit on a date, in words and in tables."""
        seat = seat_of(request)
        if request.method not in ("GET", "HEAD") or not seat.has(self.audience):
            raise PermissionDenied
        unit = chosen_unit(request.GET.get("unit", ""), seat)
        form = AllowanceForm(asked(request, unit, seat.scope.day), seat=seat)
        readable = form.is_valid() or "date" not in form.errors
        day = (readable and form.cleaned_data.get("date")) or seat.scope.day
        context = {
            **self.admin_site.each_context(request),
            "title": _("Batas WFH"),
            "form": form,
            "problem": ""
            if readable
            else _("Tanggal tersebut tidak dapat dibaca sehingga yang ditampilkan adalah hari ini."),
            "unit": unit,
            "day": day,
            "day_words": in_words(day),
            "rotas": self.url("changelist"),
            **(page_of(unit, day, seat) if unit else {}),
        }
        return TemplateResponse(request, "admin/hadir/allowance.html", context)


def chosen_unit(text: str, seat: Seat) -> Unit | None:
    """The unit that was asked for, or the only one that the reader sees; 404 for one that he does not see."""
    seen = Unit.objects.with_plans_for(seat.scope)
    if text:
        return unit_named(text, seen)
    first = list(seen.select_related("agency")[:2])
    return first[0] if len(first) == 1 else None


def asked(request: HttpRequest, unit: Unit | None, today: date) -> dict[str, Any]:
    """What the form shows: what was asked for, else the only unit and today."""
    return {"unit": unit and unit.pk, "date": request.GET.get("date") or today}


def page_of(unit: Unit, day: date, seat: Seat) -> dict[str, Any]:
    """What the page says of a unit that was chosen."""
    seen = explanations.explanation(unit, day, seat.scope)
    before, after = day - timedelta(days=1), day + timedelta(days=1)
    return {
        "earlier": f"?unit={unit.pk}&date={before}" if before >= EARLIEST else None,
        "later": f"?unit={unit.pk}&date={after}" if after <= LATEST else None,
        "sentence": explanations.sentence(seen.found) if seen else None,
        "warnings": seen.found.warnings if seen else (),
        "cards": cards(seen) if seen else [],
    }


def cards(seen: Explanation) -> list[dict[str, Any]]:
    """Document and caps, and who is counted, who is not, and who stays at the office."""
    return [_basis(seen), _counted(seen), _not_counted(seen), _at_office(seen)]


def _basis(seen: Explanation) -> dict[str, Any]:
    found, terms, document = seen.found, seen.found.rules.terms, seen.found.rules.document
    until = on_day(terms.ends) if terms.ends else _("seterusnya")
    return facts(
        _("Dasar hukum dan batas"),
        (_("Dokumen"), f"{document.number} – {document.title}"),
        (_("Penerbit"), f"{document.issuer}, {on_day(document.issued_on)}"),
        (_("Skema"), terms.scheme),
        (_("Tahap"), f"{terms.phase} ({on_day(terms.starts)} – {until})"),
        (
            _("Batas"),
            "; ".join(f"{said(one.cap)} {DENOMINATORS[one.denominator]}" for one in seen.caps) or EMPTY,
        ),
        (_("Pegawai yang dihitung"), found.headcount),
        (_("WFH paling banyak"), found.allowed),
        (_("WFH paling sedikit"), found.least or None),
        (_("Sasaran WFH"), found.target),
        (_("Direncanakan WFH"), found.planned),
        (_("Dihitung bersama"), ", ".join(found.counted_with) or None),
    )


def _counted(seen: Explanation) -> dict[str, Any]:
    unnamed = _("Ditambah %(n)d pegawai dari unit kerja lain yang dihitung bersama.") % {"n": seen.unnamed}
    return table(
        _("Dihitung"),
        [_("Pegawai"), "NRK", _("Keterangan")],
        [
            _line(one, _("sedang cuti atau bertugas di tempat lain") if one.away else "")
            for one in seen.counted
        ],
        note=unnamed if seen.unnamed else _("Pegawai yang sedang cuti atau dinas luar tetap dihitung."),
        empty=_("Tidak seorang pun."),
    )


def _not_counted(seen: Explanation) -> dict[str, Any]:
    return table(
        _("Tidak dihitung"),
        [_("Pegawai"), "NRK", _("Alasan")],
        [_line(one, because(one.why)) for one in seen.not_counted],
        empty=_("Semua pegawai dihitung."),
    )


def _at_office(seen: Explanation) -> dict[str, Any]:
    by_ground = bool(seen.found.rules.only_grounds)
    note = _("Skema ini hanya bagi pegawai dengan alasan tertentu. Siapa yang memilikinya tidak ditampilkan.")
    return table(
        _("Tetap di kantor"),
        [_("Pegawai"), "NRK", _("Alasan")],
        [_line(one, because(one.why)) for one in seen.at_office],
        note=note if by_ground else "",
        empty=_("Tidak ada yang ditampilkan.") if by_ground else _("Semua pegawai dapat dijadwalkan WFH."),
    )


def _line(one: Named, words: str) -> list[Any]:
    return [one.name, one.nrk or EMPTY, capfirst(words) or EMPTY]
