"""Reads a file into a table: XLSX, CSV or GeoJSON, with the number that every row has in the file.

A file comes from outside: a workbook is looked at before it is opened, and nothing is read without a limit.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from xml.parsers import expat

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from policy.imports.cells import Fault, heading, is_blank
from policy.imports.columns import Column

MOST_BYTES = 20_000_000
MOST_ROWS = 100_000
MOST_COLUMNS = 100  # of a sheet; further cells are not looked at
MOST_INSIDE = (
    200_000_000  # bytes of a workbook once opened: 100,000 rows of 14 columns come to some 90 million
)
MOST_RATIO = 200  # a sheet shrinks to a tenth or a twentieth; a bomb to a thousandth
MOST_PARTS = 2000
_SMALL = 1_000_000  # below it a ratio says nothing
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")  # how XLSX writes control characters
# What drawing programs call what a file says about a site; other properties are theirs and left alone.
_PROPERTIES = {
    "nama": "Nama", "name": "Nama", "kantor": "Nama",
    "zona waktu": "Zona waktu", "zona": "Zona waktu", "zone": "Zona waktu",
    "kode wilayah": "Kode wilayah", "wilayah": "Kode wilayah", "region": "Kode wilayah",
    "radius (m)": "radius", "radius m": "radius", "radius": "radius",
}  # fmt: skip


# openpyxl and zipfile raise whatever they stumble upon in a broken file.
_STUMBLES = (
    zipfile.BadZipFile, zlib.error, InvalidFileException, LookupError, ValueError, TypeError, AttributeError,
    ArithmeticError, AssertionError, SyntaxError, NotImplementedError, RuntimeError, OSError, EOFError,
)  # fmt: skip


@dataclass(slots=True)
class Table:
    """A file as rows of cells: `headers` are official headings, `numbers` the number of each row in the file."""

    headers: list[str]
    numbers: list[int]
    rows: list[tuple]

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[tuple]:
        return iter(self.rows)


class FileFault(Exception):
    """The file cannot be read row by row: the faults, and the row where that is known."""

    def __init__(self, *faults: Fault, row: int | None = None) -> None:
        super().__init__(*(fault.code for fault in faults))
        self.faults, self.row = faults, row


def read(content: bytes, columns: Sequence[Column], *, geojson: bool = False) -> Table:
    """The table of a file; what it is, its first bytes tell. Raises FileFault."""
    start = content.lstrip(b"\xef\xbb\xbf \r\n\t")[:4]
    if start.startswith(b"{"):
        if not geojson:
            raise FileFault(Fault("not_a_sheet"))
        return _table(_features(content), columns)
    if content.startswith(b"\xd0\xcf\x11\xe0"):  # the container of old Excel, and of locked workbooks
        raise FileFault(Fault("old_or_locked"))
    if content.startswith(b"PK\x03\x04"):
        return _table(_sheet(content), columns)
    return _table(_lines(content), columns)


# A table of rows


def _table(rows: Iterable[tuple[int, Sequence]], columns: Sequence[Column]) -> Table:
    filled = ((number, cells) for number, cells in rows if not all(map(is_blank, cells)))
    number, titles = next(filled, (0, None))
    if titles is None:
        raise FileFault(Fault("no_heading"))
    places = _places(titles, columns, number)
    table = Table([column.heading for column, _ in places], [], [])
    for number, cells in filled:
        if len(table) == MOST_ROWS:
            raise FileFault(Fault("too_many_rows", most=MOST_ROWS), row=number)
        table.numbers.append(number)
        table.rows.append(tuple(cells[n] if n < len(cells) else None for _, n in places))
        _refuse_homeless(number, cells, titles)
    if not table.rows:
        raise FileFault(Fault("no_rows"))
    return table


def _places(titles: Sequence, columns: Sequence[Column], row: int) -> list[tuple[Column, int]]:
    """Where each column stands; a missing, unknown or doubled heading is refused by name."""
    known = {heading(column.heading): column for column in columns}
    named = [heading(title) for title in titles]
    faults = [
        Fault("missing_column", heading=c.heading)
        for name, c in known.items()
        if c.needed and name not in named
    ]
    listed = ", ".join(column.heading for column in columns)
    for name, title in dict(zip(named, titles, strict=True)).items():
        if name and name not in known:
            faults.append(Fault("unknown_column", heading=str(title).strip(), known=listed))
        if name in known and named.count(name) > 1:
            faults.append(Fault("column_twice", heading=known[name].heading))
    if faults:
        raise FileFault(*faults, row=row)
    return [(known[name], n) for n, name in enumerate(named) if name in known]


def _refuse_homeless(number: int, cells: Sequence, titles: Sequence) -> None:
    """A cell under no heading would be lost in silence."""
    for n, cell in enumerate(cells):
        if not is_blank(cell) and (n >= len(titles) or is_blank(titles[n])):
            raise FileFault(Fault("cell_without_heading", value=str(cell)[:40]), row=number)


# XLSX


def _sheet(content: bytes) -> Iterator[tuple[int, tuple]]:
    """The rows of the first sheet; formulas as the values that they last had."""
    _refuse_bomb(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        page = book.worksheets[0]
        page.reset_dimensions()  # a wrong one, which some programs write, would hide rows
        rows = page.iter_rows(max_col=MOST_COLUMNS, values_only=True)
        for number, cells in enumerate(rows, 1):
            yield number, tuple(_unescaped(cell) for cell in cells)
    except _STUMBLES:
        raise FileFault(Fault("not_a_sheet")) from None


def _unescaped(cell: Any) -> Any:
    if isinstance(cell, str) and "_x" in cell:
        return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), cell)
    return cell


def _refuse_bomb(content: bytes) -> None:
    """The sizes that a workbook declares (no part is read beyond them), and document type definitions."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_INSIDE:
                raise FileFault(Fault("too_large_inside"))
            for part in parts:
                if part.file_size > max(_SMALL, MOST_RATIO * part.compress_size):
                    raise FileFault(Fault("too_large_inside"))
                if part.filename.endswith((".xml", ".rels")):
                    _refuse_doctype(archive, part)
    except _STUMBLES:
        raise FileFault(Fault("not_a_sheet")) from None


class _Begun(Exception):
    """The first element of a document has begun."""


def _refuse_doctype(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """XLSX has no DOCTYPE; whoever sends one is after the parser. Reads no further than the first element."""
    parser = expat.ParserCreate()
    found: list[bool] = []

    def begun(*_) -> None:
        raise _Begun

    parser.StartDoctypeDeclHandler = lambda *_: found.append(True)
    parser.StartElementHandler = begun
    try:
        with archive.open(part) as stream:
            while not found and (block := stream.read(4096)):
                parser.Parse(block)
    except _Begun:
        pass
    except expat.ExpatError:
        raise FileFault(Fault("not_a_sheet")) from None
    if found:
        raise FileFault(Fault("suspicious_xml"))


# CSV


def _lines(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """The records of a CSV file, numbered as a spreadsheet numbers them."""
    decoded = _decoded(content)
    number, start = 0, 1
    if decoded[:4].casefold() == "sep=":  # a hint for Excel
        decoded, start = decoded.partition("\n")[2], 2
    try:
        # The file is text already; newline="" leaves breaks inside quotes alone.
        records = csv.reader(io.StringIO(decoded, newline=""), delimiter=_separator(decoded), strict=True)
        for number, cells in enumerate(records, start):
            yield number, cells
    except csv.Error:
        raise FileFault(Fault("bad_csv"), row=number + 1) from None


def _decoded(content: bytes) -> str:
    """UTF-8 with or without a mark, else what Windows calls ANSI."""
    if b"\x00" in content:
        raise FileFault(Fault("not_a_sheet"))
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1")


def _separator(decoded: str) -> str:
    """The one of comma, semicolon and tab that divides the headings most."""
    first = next((line for line in decoded.splitlines() if line.strip(" ,;\t")), "")
    return max(",;\t", key=first.count)


# GeoJSON


def _features(content: bytes) -> Iterator[tuple[int, list]]:
    """Features as rows, numbered from 1: a geometry and the properties that name and describe its site."""
    try:
        found = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise FileFault(Fault("not_geojson")) from None
    features = found.get("features") if found.get("type") == "FeatureCollection" else None
    if not isinstance(features, list) or not all(isinstance(feature, dict) for feature in features):
        raise FileFault(Fault("not_geojson"))
    described = [_properties(feature) for feature in features]
    names = list(dict.fromkeys(name for properties in described for name in properties if name != "radius"))
    yield 0, [*names, "GeoJSON"]
    for number, (feature, properties) in enumerate(zip(features, described, strict=True), 1):
        fence = _shape(feature.get("geometry"), properties.get("radius"))
        yield number, [*(properties.get(name) for name in names), fence]


def _properties(feature: dict) -> dict[str, Any]:
    """The known properties by heading."""
    properties = feature.get("properties")
    named = properties.items() if isinstance(properties, dict) else ()
    headed = ((_PROPERTIES.get(heading(name.replace("_", " "))), value) for name, value in named)
    return {name: value for name, value in headed if name}


def _shape(geometry: Any, radius: Any) -> Any:
    """A Point takes its radius out of the properties, where drawing programs can put it."""
    if isinstance(geometry, dict) and geometry.get("type") == "Point" and "radius_m" not in geometry:
        return {**geometry, "radius_m": radius}
    return geometry
