"""Files out: an export is the file that would change nothing, and nothing in it is ever evaluated."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from datetime import date

import pytest
from openpyxl import load_workbook

from policy import exports
from policy.imports import jobs
from policy.imports.sheets import read
from policy.models import Domicile, Employee, RosterEntry, Site, Unit
from policy.scope import scope_of
from tests import make
from tests.make import MONDAY, wib

pytestmark = pytest.mark.django_db

NOW = wib("09:00")
FRIDAY = date(2023, 8, 25)
DANGEROUS = [
    "=1+1",
    "+62",
    "-5",
    "@SUM(A1)",
    "\tx",
    "\rx",
    "'=1",
    "''-1",
    '=HYPERLINK("http://x")',
    "_x0041_ =x",
    'a;b,"c"\nd',
]


def export(cast, kind: str, form: str = "xlsx", by=None, agency=None) -> bytes:
    scope = scope_of((by or cast.eko).user, NOW)
    sheet = exports.sheet(kind, agency or cast.dki, scope, first=MONDAY, last=FRIDAY, now=NOW)
    found = io.BytesIO()
    exports.WRITERS[form](sheet, found)
    return found.getvalue()


def cells(content: bytes, form: str) -> list[dict]:
    """The rows of an export by heading, exactly as a spreadsheet holds them."""
    if form == "csv":
        return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    headings, *rows = load_workbook(io.BytesIO(content)).worksheets[0].iter_rows(values_only=True)
    return [dict(zip(headings, row, strict=True)) for row in rows]


def brought_back(cast, kind: str, content: bytes):
    job = jobs.upload(cast.dki, kind, "x", content, by=cast.eko.user, now=NOW)
    jobs.run(job, NOW)
    return job


def enrich(cast) -> None:
    """Rows with everything that a column can hold."""
    Unit.objects.filter(pk=cast.section.pk).update(
        service_category="digital_service", site=cast.office, min_office=2
    )
    square = [[106.82, -6.19], [106.83, -6.19], [106.83, -6.18], [106.82, -6.19]]
    fence = {"type": "Polygon", "coordinates": [square]}
    Site.objects.create(
        agency=cast.dki, name="Gedung B", geojson=fence, zone="Asia/Pontianak", region="91.71"
    )
    cast.ani.postings.update(post="treasurer", service_category="admin", ends=date(2023, 12, 31))
    for kind in ("pppk", "cpns", "contract_staff"):
        person = make.make_employee(cast.section, cast.office, f"Si {kind}", cast.citra, kind=kind)
        Employee.objects.filter(pk=person.pk).update(nip=None if kind != "pppk" else "199912312023211001")


@pytest.mark.parametrize("form", ["xlsx", "csv"])
@pytest.mark.parametrize("kind", ["units", "sites", "people"])
def test_an_export_brought_back_changes_nothing(cast, kind, form):
    enrich(cast)
    content = export(cast, kind, form)
    job = brought_back(cast, kind, content)
    rows = len(cells(content, form))
    assert (job.state, job.report["changed"], job.report["faults"]) == ("checked", [], [])
    assert job.report["counts"] == {"new": 0, "changed": 0, "unchanged": rows, "faults": 0}
    assert rows == {"units": 3, "sites": 2, "people": 11}[kind]


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_a_rota_brought_back_is_a_draft_that_says_the_same(cast, form):
    content = export(cast, "rotas", form)
    job = brought_back(cast, "rotas", content)
    assert job.report["counts"] == {"new": 0, "changed": 0, "unchanged": 10, "faults": 0}


@pytest.mark.parametrize("form", ["xlsx", "csv"])
@pytest.mark.parametrize("text", DANGEROUS)
def test_no_text_is_ever_a_formula_and_comes_back_as_it_was(cast, form, text):
    Employee.objects.filter(pk=cast.ani.pk).update(name=text)
    content = export(cast, "people", form)
    found = [row["Nama"] for row in cells(content, form) if row["NRK"] == cast.ani.nrk]
    if form == "csv":
        assert not found[0].startswith(("=", "+", "-", "@", "\t", "\r"))
    else:
        sheet = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in sheet and not re.search(r't="(str|n|b|e)"', sheet)
    assert brought_back(cast, "people", content).report["counts"]["changed"] == 0
    columns = list(jobs.BATCHES["people"].fields.values())
    table = read(content, columns)
    place = table.headers.index("Nama")
    names = [columns[0].widget.clean(row[place]) for row in table.rows]
    assert text in names


def test_numbers_of_people_are_text_and_coordinates_figures(cast):
    page = load_workbook(io.BytesIO(export(cast, "people"))).worksheets[0]
    kinds = {cell.value: page.cell(2, cell.column).data_type for cell in page[1]}
    assert kinds["NIP"] == kinds["NRK"] == kinds["Mulai"] == "s"
    page = load_workbook(io.BytesIO(export(cast, "sites"))).worksheets[0]
    assert [page.cell(2, n).data_type for n in (4, 5, 6)] == ["n"] * 3


def test_offices_go_out_as_geojson_and_come_back_unchanged(cast):
    enrich(cast)
    content = exports.geojson(cast.dki, scope_of(cast.eko.user, NOW)).encode()
    assert [f["properties"]["nama"] for f in json.loads(content)["features"]] == ["Balai Kota", "Gedung B"]
    assert brought_back(cast, "sites", content).report["counts"]["unchanged"] == 2


def test_a_fence_that_no_cell_holds_is_left_to_geojson(cast, monkeypatch):
    monkeypatch.setattr(exports, "LONGEST_CELL", 40)
    enrich(cast)
    (polygon,) = [row for row in cells(export(cast, "sites"), "xlsx") if row["Nama"] == "Gedung B"]
    assert polygon["GeoJSON"] == exports.TOO_LONG
    assert brought_back(cast, "sites", export(cast, "sites")).state == "refused"


# Who takes away what


def names(cast, kind: str, by, column: str) -> set[str]:
    return {row[column] for row in cells(export(cast, kind, by=by), "xlsx")}


def test_everybody_exports_what_he_sees(cast):
    assert names(cast, "people", cast.eko, "Nama") >= {"Ani", "Citra", "Eko", "Indra"}
    assert names(cast, "people", cast.dewi, "Nama") == {"Ani", "Bayu", "Citra", "Dewi"}
    assert names(cast, "units", cast.dewi, "Nama") == {"Seksi Tata Laksana"}
    assert names(cast, "rotas", cast.dewi, "NRK/NIP") == {cast.ani.nrk, cast.bayu.nrk}
    assert names(cast, "rotas", cast.indra, "NRK/NIP") == set()
    assert names(cast, "people", cast.hasan, "Nama") == set()  # of an agency that he does not see


def test_a_nip_is_for_hr_alone(cast):
    assert {row["NIP"] for row in cells(export(cast, "people"), "xlsx")} >= {cast.ani.nip, cast.citra.nip}
    Employee.objects.filter(pk__in=[cast.citra.pk, cast.ani.pk]).update(nrk=None)
    for other in (cast.fajar, cast.dewi):
        content = (
            export(cast, "people", "csv", by=other).decode() + export(cast, "rotas", "csv", by=other).decode()
        )
        assert cast.ani.nip not in content and cast.citra.nip not in content and "1985********" in content


def test_no_export_tells_where_anybody_lives(cast):
    home = Domicile.objects.get(employee=cast.ani)
    assert home.location and set(exports.KINDS) == {"units", "sites", "people", "rotas"}
    everything = b"".join(export(cast, kind, "csv") for kind in exports.KINDS).decode()
    assert "106.79" not in everything and "6.40" not in everything


def test_people_without_a_posting_today_and_those_who_left_are_not_exported(cast):
    cast.ani.postings.update(ends=date(2023, 8, 20))
    Employee.objects.filter(pk=cast.bayu.pk).update(is_active=False)
    assert names(cast, "people", cast.eko, "Nama").isdisjoint({"Ani", "Bayu"})


def test_only_the_plan_in_force_of_the_days_asked_for_is_exported(cast):
    RosterEntry.objects.filter(employee=cast.ani, date=MONDAY).update(in_force=False)
    rows = cells(export(cast, "rotas"), "xlsx")
    assert len(rows) == 9 and {row["Tanggal"] for row in rows} == {
        str(MONDAY.replace(day=21 + n)) for n in range(5)
    }


def test_an_export_of_more_rows_than_a_sheet_holds_is_refused(cast, monkeypatch):
    monkeypatch.setattr(exports, "MOST_ROWS", 9)
    with pytest.raises(exports.DomainError, match="at most 9"):
        export(cast, "rotas")


# Templates


@pytest.mark.parametrize("kind", list(jobs.BATCHES))
def test_a_template_has_every_column_explains_them_and_is_read_back(cast, kind):
    found = io.BytesIO()
    exports.write_template(kind, found)
    columns = list(jobs.BATCHES[kind].fields.values())
    book = load_workbook(found)
    assert [cell.value.rstrip("*") for cell in book["Data"][1]] == [column.heading for column in columns]
    assert {cell.value.rstrip("*") for cell in book["Data"][1] if cell.value.endswith("*")} == {
        c.heading for c in columns if c.needed
    }
    assert [row[0] for row in book["Petunjuk"].iter_rows(min_row=2, values_only=True)] == [
        c.heading for c in columns
    ]
    assert all(column.about for column in columns)
    table = read(found.getvalue(), columns)
    assert table.numbers == [2] and len(table.headers) == len(columns)
    for column, cell in zip(columns, table.rows[0], strict=True):
        column.clean({column.heading: cell})  # the example is one that a file may hold
