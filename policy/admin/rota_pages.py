"""What a page of a rota shows: how it came to be, what was found, and the grid of people and dates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from django.utils.dateparse import parse_date
from django.utils.formats import number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from policy import explanations, rotas
from policy.admin.base import table
from policy.admin.texts import in_words, on_day
from policy.models import Employee, Roster
from policy.refusals import finding_sentence
from policy.rota_check import Finding
from policy.rota_grid import Column, Grid, Row, Square

PEOPLE_A_PAGE = 50  # a page with more squares gets slow on a phone
MOST_FINDINGS = 40

SAID = {
    "wfh": "WFH",
    "wfo": "WFO",
    "am": "WFH/WFO",
    "pm": "WFO/WFH",
    "": "–",
}
PATTERNS = {
    "daily": gettext_lazy("Disusun bergiliran setiap hari kerja"),
    "weekly": gettext_lazy("Disusun bergiliran setiap minggu"),
    "amended": gettext_lazy("Perubahan atas jadwal yang berlaku"),
    "copied": gettext_lazy("Salinan minggu sebelumnya"),
    "imported": gettext_lazy("Diunggah dari berkas"),
}


def origin_of(row: Roster) -> str | None:
    """How a rota came to be, in words."""
    pattern = PATTERNS.get(row.origin.get("pattern", ""))
    if pattern is None:
        return None
    seed = row.origin.get("seed")
    return f"{pattern}, {_('nomor urutan %(n)s') % {'n': seed}}" if seed is not None else str(pattern)


def basis_of(row: Roster) -> dict:
    """What each date of a published rota was checked against when it was published."""
    return table(
        _("Dasar penerbitan"),
        [
            _("Tanggal"),
            _("Dokumen"),
            _("Tahap"),
            _("Batas"),
            (_("Pegawai ASN"), "num"),
            (_("Paling banyak WFH"), "num"),
        ],
        [
            [
                _span(one),
                one["document"],
                one["phase"],
                ", ".join(one["caps"]),
                one["headcount"],
                one["allowed"],
            ]
            for one in row.basis
        ],
        note=_("Sebagaimana diperiksa pada saat diterbitkan."),
    )


def _span(one: dict) -> str:
    first, last = (on_day(date.fromisoformat(one[name])) for name in ("from", "to"))
    return first if first == last else f"{first} – {last}"


def found_on(row: Roster) -> list[Finding]:
    """What stands against a draft, or what a later change has made of a published rota."""
    if row.status in rotas.DRAFTS:
        return rotas.check(row)
    return [
        Finding(one["code"], date.fromisoformat(one["day"]), one["employee"], one["numbers"])
        for one in row.warnings
    ]


def sentences(found: Sequence[Finding]) -> dict:
    """The findings in words, the first of them where there are many."""
    shown = found[:MOST_FINDINGS]
    ids = {finding.employee for finding in shown if finding.employee}
    names = dict(Employee.objects.filter(pk__in=ids).values_list("pk", "name"))
    return {
        "rows": [finding_sentence(finding, names) for finding in shown],
        "more": len(found) - len(shown),
    }


def short_days(row: Roster) -> list[str]:
    """The days on which too few people could be planned at home."""
    text = _("%(day)s: masih kurang %(n)d pegawai WFH.")
    return [
        text % {"day": in_words(date.fromisoformat(day)), "n": missing}
        for day, missing in row.origin.get("short", [])
    ]


def first_day(text: str, row: Roster) -> date:
    """The day a page of the grid starts on; anything unreadable starts at the beginning."""
    try:
        chosen = parse_date(text)
    except ValueError:
        chosen = None
    inside = chosen and row.starts <= chosen and (row.ends is None or chosen <= row.ends)
    return chosen if inside else row.starts


def pages(people: int) -> int:
    return -(-people // PEOPLE_A_PAGE)


def page_number(text: str, people: int) -> int:
    """The page of people, counted from 0; anything else is the first."""
    number = int(text) if text.isdecimal() and len(text) < 6 else 0
    return number if number < pages(people) else 0


def figures(shown: Grid, page: int) -> dict:
    """The grid as its template takes it."""
    allowances = [column.allowance for column in shown.columns if column.allowance]
    namesakes = Counter(row.name for row in shown.rows)
    rows = shown.rows[page * PEOPLE_A_PAGE : (page + 1) * PEOPLE_A_PAGE]
    return {
        "columns": [_column(column) for column in shown.columns],
        "rows": [_row(row, namesakes[row.name] > 1) for row in rows],
        "has_least": any(one.least for one in allowances),
        "documents": sorted({f"{one.document} – {one.percent}" for one in allowances}),
        "warnings": sorted({warning for one in allowances for warning in one.warnings}),
        "choices": SAID,
    }


def _column(column: Column) -> dict:
    found = column.allowance
    return {
        "day": column.day,
        "planned": column.planned,
        "most": found.allowed if found else None,
        "least": found.least if found else None,
        "alarm": column.alarm,
    }


def _row(row: Row, is_namesake: bool) -> dict:
    return {
        "name": row.name,
        "number": row.nrk if is_namesake else "",
        "home": number_format(row.home, decimal_pos=0 if row.home == int(row.home) else 1),
        "why": capfirst(_("di kantor karena %(why)s") % {"why": explanations.because(row.why)})
        if row.why
        else "",
        "squares": [_square(row, one) for one in row.squares],
    }


def _square(row: Row, one: Square) -> dict:
    return {
        "said": one.said,
        "label": SAID[one.said],
        "name": f"c{row.id}-{one.day}-{one.said}",
        "title": f"{row.name}, {in_words(one.day)}",
        "open": one.open,
        "away": one.away,
        "over": one.over,
        "alarm": bool(one.codes),
    }
