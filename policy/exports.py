"""Files out: the same columns as the imports take, so that an export is the file that would change nothing.

No text can become a formula: XLSX cells are strings, CSV cells that a spreadsheet would evaluate begin with an apostrophe.
Homes are not exported at all, and a NIP only to HR.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO, Any

import xlsxwriter
from django.db.models import QuerySet

from policy.errors import DomainError
from policy.identifiers import mask
from policy.imports.batch import Batch, Line, Reach
from policy.imports.cells import quoted, safe
from policy.imports.columns import Column
from policy.imports.jobs import BATCHES
from policy.models import Agency, Employee, Posting, Roster, RosterEntry, Site, Unit
from policy.scope import Scope

MOST_ROWS = 1_000_000  # a sheet holds 1,048,576
LONGEST_CELL = 32_767  # characters; a spreadsheet cuts the rest off
TOO_LONG = "(terlalu panjang untuk lembar kerja; lihat ekspor GeoJSON)"


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a file is made of: headings, and rows of text that are made while they are written."""

    headings: list[str]
    rows: Iterable[Sequence[str | float]]


def sheet(kind: str, agency: Agency, scope: Scope, *, first: date, last: date, now: datetime) -> Sheet:
    """Units, sites, people (as posted on `first`) or rotas in force from `first` to `last`, as far as one sees them."""
    batch = BATCHES[kind](Reach(agency), now)
    stored = _STORED[kind](agency, scope, first, last)
    if kind == "rotas" and stored[: MOST_ROWS + 1].count() > MOST_ROWS:
        raise DomainError("export_too_long", f"An export has at most {MOST_ROWS} rows; take fewer days.")
    whole = agency.pk in scope.hr
    lines = (line if whole else _veiled(line) for line in batch.lines(stored))
    return Sheet([column.heading for column in batch.columns], _rows(batch, lines))


def _units(agency: Agency, scope: Scope, first: date, last: date) -> QuerySet:
    return Unit.objects.without_tree_fields().visible_to(scope).filter(agency=agency).order_by("code")


def _sites(agency: Agency, scope: Scope, first: date, last: date) -> QuerySet:
    return Site.objects.visible_to(scope).filter(agency=agency).order_by("name", "pk")


def _people(agency: Agency, scope: Scope, first: date, last: date) -> QuerySet:
    seen = Employee.objects.visible_to(scope).filter(agency=agency, is_active=True)
    return Posting.objects.on(first).filter(employee__in=seen).order_by("employee__name", "employee")


def _rotas(agency: Agency, scope: Scope, first: date, last: date) -> QuerySet:
    plans = Roster.objects.visible_to(scope).filter(unit__agency=agency)
    entries = RosterEntry.objects.filter(roster__in=plans, in_force=True, date__range=(first, last))
    return entries.order_by("date", "roster__unit__code", "employee__name", "employee", "segment")


_STORED: dict[str, Callable[[Agency, Scope, date, date], QuerySet]] = {
    "units": _units,
    "sites": _sites,
    "people": _people,
    "rotas": _rotas,
}
KINDS = tuple(_STORED)


def _veiled(line: Line) -> Line:
    """A line without the NIP of anybody (edge case 52)."""
    for name in ("nip", "superior", "person"):
        number = line.get(name)
        if number and (name == "nip" or len(number) > 14):
            setattr(line, name, mask(number))
    return line


def _rows(batch: Batch, lines: Iterable[Line]) -> Iterator[list[str | float]]:
    columns: list[Column] = batch.columns
    for line in lines:
        yield [_cell(column, line.get(column.attribute, None)) for column in columns]


def _cell(column: Column, value: Any) -> str | float:
    """Figures stay figures; everything else is text, dates as ISO."""
    is_figure = isinstance(value, int | float) and not isinstance(value, bool)
    return value if is_figure else column.widget.render(value)


# Writing


def write_xlsx(sheet: Sheet, stream: IO[bytes]) -> None:
    """A workbook whose cells are all strings; rows go to disk as they come."""
    settings = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(stream, settings) as book:
        bold, words = book.add_format({"bold": True}), book.add_format({"num_format": "@"})
        page = book.add_worksheet("Data")
        page.freeze_panes(1, 0)
        page.set_column(0, len(sheet.headings) - 1, 18, words)
        for n, heading in enumerate(sheet.headings):
            page.write_string(0, n, heading, bold)
        for number, row in enumerate(sheet.rows, 1):
            for n, cell in enumerate(row):
                if not isinstance(cell, str):
                    page.write_number(number, n, cell)
                elif cell:
                    page.write_string(
                        number, n, quoted(cell) if len(cell) < LONGEST_CELL else TOO_LONG, words
                    )


def write_csv(sheet: Sheet, stream: IO[bytes]) -> None:
    """A CSV file; the mark at its beginning tells spreadsheets that it is UTF-8."""
    words = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(words)
    writer.writerow(sheet.headings)
    writer.writerows([safe(cell) if isinstance(cell, str) else cell for cell in row] for row in sheet.rows)
    words.detach()


WRITERS: dict[str, Callable[[Sheet, IO[bytes]], None]] = {"xlsx": write_xlsx, "csv": write_csv}


def geojson(agency: Agency, scope: Scope) -> str:
    """The offices with their fences as a FeatureCollection that drawing programs and the import read."""
    features = [
        {
            "type": "Feature",
            "properties": {"nama": site.name, "zona waktu": site.zone, "kode wilayah": site.region},
            "geometry": site.geojson,
        }
        for site in _sites(agency, scope, date.min, date.max)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False, indent=1)


def write_template(kind: str, stream: IO[bytes]) -> None:
    """An empty file of a kind with one example row, and a second sheet that explains the columns."""
    columns: list[Column] = list(BATCHES[kind].fields.values())
    with xlsxwriter.Workbook(stream, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        bold, words = book.add_format({"bold": True}), book.add_format({"num_format": "@"})
        page = book.add_worksheet("Data")
        page.freeze_panes(1, 0)
        page.set_column(0, len(columns) - 1, 20, words)
        for n, column in enumerate(columns):
            page.write_string(0, n, column.heading + ("*" if column.needed else ""), bold)
            page.write_string(1, n, column.example, words)
        about = book.add_worksheet("Petunjuk")
        about.set_column(0, 2, 24)
        about.set_column(3, 3, 80)
        lines = [("Kolom", "Wajib", "Contoh", "Keterangan")]
        lines += [(c.heading, "ya" if c.needed else "", c.example, str(c.about)) for c in columns]
        for number, line in enumerate(lines):
            for n, text in enumerate(line):
                about.write_string(number, n, text, bold if number == 0 else None)
