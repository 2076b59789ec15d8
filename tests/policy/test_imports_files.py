"""Files as tables: what is read of them, with which row numbers, and what is refused before it does harm."""

from __future__ import annotations

import io
import random
import zipfile

import pytest

from policy.imports import sheets
from policy.imports.cells import code, text
from policy.imports.columns import Column
from policy.imports.sheets import FileFault, read
from policy.imports.sites import SiteBatch
from tests.files import a_csv, a_geojson, an_xlsx

COLUMNS = [Column("code", "Kode unit", code(), needed=True), Column("name", "Nama", text())]
SITES = list(SiteBatch.fields.values())
HEAD, ROW = ["Kode unit", "Nama"], ["U1", "Seksi Tata Laksana"]


def refusal(content: bytes, columns=COLUMNS, **options) -> list[tuple]:
    """The faults of a file as (row, code, what it names)."""
    with pytest.raises(FileFault) as caught:
        read(content, columns, **options)
    return [(caught.value.row, fault.code, *fault.about.values()) for fault in caught.value.faults]


# What is read


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "cp1252"])
def test_csv_of_any_separator_and_encoding_is_read(separator, encoding):
    table = read(a_csv(HEAD, ["U1", "Café, ; Ünit"], separator=separator, encoding=encoding), COLUMNS)
    assert (table.headers, table.numbers, table.rows) == (HEAD, [2], [("U1", "Café, ; Ünit")])


def test_a_workbook_is_read_as_it_was_typed():
    table = read(an_xlsx(HEAD, ["01.02", None], [101, "x"]), COLUMNS)
    assert table.rows == [("01.02", None), (101, "x")]


def test_headings_are_found_in_any_order_case_and_spacing_with_or_without_a_star():
    table = read(a_csv([" NAMA", "kode   UNIT *"], ["Seksi", "U1"]), COLUMNS)
    assert table.headers == ["Nama", "Kode unit"] and table.rows == [("Seksi", "U1")]


@pytest.mark.parametrize("make", [a_csv, an_xlsx])
def test_rows_keep_the_numbers_that_a_spreadsheet_shows(make):
    table = read(make([None, None], HEAD, ROW, [None, " "], ["U2", ""]), COLUMNS)
    assert table.numbers == [3, 5]


def test_a_line_break_inside_a_cell_is_one_row():
    assert read(a_csv(HEAD, ["U1", "a\nb"], ROW), COLUMNS).numbers == [2, 3]


def test_the_hint_for_excel_is_no_heading():
    table = read(b"sep=;\n" + a_csv(HEAD, ROW, separator=";", encoding="utf-8"), COLUMNS)
    assert table.numbers == [3]


def test_an_optional_column_may_be_missing():
    assert read(a_csv(["Kode unit"], ["U1"]), COLUMNS).headers == ["Kode unit"]


def test_features_are_rows_named_by_their_properties():
    square = {"type": "Polygon", "coordinates": [[[106, -6], [107, -6], [107, -7], [106, -6]]]}
    point = {"type": "Point", "coordinates": [106.8, -6.1]}
    table = read(
        a_geojson(({"name": "A", "fid": 1}, square), ({"NAMA": "B", "zona": "WIT", "radius_m": 80}, point)),
        SITES,
        geojson=True,
    )
    assert table.headers == ["Nama", "Zona waktu", "GeoJSON"] and table.numbers == [1, 2]
    assert table.rows == [("A", None, square), ("B", "WIT", {**point, "radius_m": 80})]


# What is refused


def test_a_missing_an_unknown_and_a_doubled_column_are_named():
    assert refusal(a_csv(["Nama", "Alamat"], ["x", "y"])) == [
        (1, "missing_column", "Kode unit"),
        (1, "unknown_column", "Alamat", "Kode unit, Nama"),
    ]
    assert refusal(a_csv([*HEAD, "nama"], [*ROW, "z"])) == [(1, "column_twice", "Nama")]


@pytest.mark.parametrize("make", [a_csv, an_xlsx])
def test_a_cell_under_no_heading_is_not_lost_in_silence(make):
    assert refusal(make(HEAD, ROW, [*ROW, "lost"])) == [(3, "cell_without_heading", "lost")]


@pytest.mark.parametrize("make", [a_csv, an_xlsx])
def test_an_empty_file_and_a_file_of_headings_are_refused(make):
    assert refusal(make([None])) == [(None, "no_heading")]
    assert refusal(make(HEAD)) == [(None, "no_rows")]


def test_too_many_rows_are_refused_where_they_become_too_many(monkeypatch):
    monkeypatch.setattr(sheets, "MOST_ROWS", 2)
    assert read(a_csv(HEAD, ROW, ROW), COLUMNS)
    assert refusal(a_csv(HEAD, ROW, ROW, ROW)) == [(4, "too_many_rows", "2")]


def test_a_broken_quote_names_its_row():
    assert refusal(b'Kode unit,Nama\nU1,a\nU2,"b"c\n') == [(3, "bad_csv")]


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "old_or_locked"),
        (b"PK\x03\x04 no zip at all", "not_a_sheet"),
        (b"Kode unit,Nama\nU1,\x00\n", "not_a_sheet"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not_a_sheet"),
        ("Kode unit,Nama\nU1,x\n".encode("utf-16"), "not_a_sheet"),
    ],
)
def test_what_is_no_sheet_is_refused(content, found):
    assert refusal(content) == [(None, found)]


@pytest.mark.parametrize(
    "content",
    [b"{", b'{"type": "Polygon"}', b'{"type": "FeatureCollection", "features": 1}', b"{" + b'"a":[' * 100_000,
     b'{"type": "FeatureCollection", "features": [1]}', b'{"type": "FeatureCollection"}', b"{\xff"],
)  # fmt: skip
def test_what_is_no_feature_collection_is_refused(content):
    assert refusal(content, SITES, geojson=True) == [(None, "not_geojson")]


def test_geojson_is_for_offices_alone():
    assert refusal(a_geojson(({"nama": "A"}, None))) == [(None, "not_a_sheet")]


# Hostile workbooks


def zipped(**parts: bytes) -> bytes:
    """A zip file of named parts."""
    found = io.BytesIO()
    with zipfile.ZipFile(found, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/") + ".xml", content)
    return found.getvalue()


def replaced(content: bytes, part: str, change) -> bytes:
    """A workbook with one part changed."""
    found = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(found, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for info in old.infolist():
            body = old.read(info)
            new.writestr(info.filename, change(body) if info.filename == part else body)
    return found.getvalue()


def test_a_part_that_swells_a_thousandfold_is_refused_before_it_is_opened():
    bomb = zipped(xl__worksheets__sheet1=b"<x>" + b"0" * 5_000_000)
    assert len(bomb) < 20_000 and refusal(bomb) == [(None, "too_large_inside")]


def test_many_parts_and_a_large_sum_are_refused(monkeypatch):
    assert refusal(zipped(**{f"p{n}": b"<x/>" for n in range(2001)})) == [(None, "too_large_inside")]
    monkeypatch.setattr(sheets, "MOST_INSIDE", 1000)
    assert refusal(an_xlsx(HEAD, ROW)) == [(None, "too_large_inside")]


def test_a_doctype_is_refused_however_far_the_comment_before_it_goes():
    laughs = b"<?xml version='1.0'?><!--" + b"ha" * 5000 + b"--><!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>"
    book = replaced(an_xlsx(HEAD, ROW), "xl/worksheets/sheet1.xml", lambda body: laughs)
    assert refusal(book) == [(None, "suspicious_xml")]


@pytest.mark.parametrize("dimension", [b"A1", b"A1:XFD1048576"])
def test_a_wrong_dimension_hides_no_row(dimension):
    book = replaced(
        an_xlsx(HEAD, ROW, ["U2", "x"]),
        "xl/worksheets/sheet1.xml",
        lambda body: body.replace(b"A1:B3", dimension),
    )
    assert read(book, COLUMNS).rows == [tuple(ROW), ("U2", "x")]


def test_a_cell_far_to_the_right_costs_nothing():
    def far(body: bytes) -> bytes:
        rows = b"".join(b'<row r="%d"><c r="XFD%d"><v>1</v></c></row>' % (n, n) for n in range(3, 3000))
        return body.replace(b"</sheetData>", rows + b"</sheetData>")

    book = replaced(an_xlsx(HEAD, ROW), "xl/worksheets/sheet1.xml", far)
    assert read(book, COLUMNS).numbers == [2]


def test_a_broken_workbook_is_refused_and_never_a_fault_of_ours():
    whole, rng = bytearray(an_xlsx(HEAD, ROW, ROW)), random.Random(1)
    for _ in range(300):
        broken = bytearray(whole)
        for _ in range(rng.randint(1, 8)):
            broken[rng.randrange(len(broken))] = rng.randrange(256)
        try:
            read(bytes(broken[: rng.randint(50, len(broken))] if rng.random() < 0.3 else broken), COLUMNS)
        except FileFault:
            continue


def test_broken_xml_inside_a_sound_zip_is_refused():
    rng = random.Random(2)
    whole = an_xlsx(HEAD, ROW)
    for part in (
        "xl/worksheets/sheet1.xml",
        "xl/workbook.xml",
        "[Content_Types].xml",
        "xl/sharedStrings.xml",
        "xl/styles.xml",
    ):
        for _ in range(25):
            cut = rng.random()
            broken = replaced(
                whole, part, lambda body, cut=cut: body[: int(len(body) * cut)] + b"<" * (cut < 0.5)
            )
            try:
                read(broken, COLUMNS)
            except FileFault:
                continue
