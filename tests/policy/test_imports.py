"""Files of units, offices, people, domiciles and rotas: what they change, and what is refused with its place."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from policy import domiciles
from policy import fences as fences_module
from policy.imports import jobs
from policy.imports.faults import SENTENCES
from policy.models import (
    Domicile,
    DomicileLocation,
    Employee,
    ImportJob,
    Posting,
    Roster,
    RosterEntry,
    Site,
    Unit,
    WorkingHours,
)
from tests import make
from tests.files import a_csv, a_geojson, an_xlsx
from tests.make import HOME, MONDAY, OFFICE, wib

pytestmark = pytest.mark.django_db

NOW = wib("09:00")
SEPTEMBER = date(2023, 9, 1)
UNITS = ["Kode unit", "Nama", "Tingkat", "Kode unit induk"]
SITES = ["Nama", "Zona waktu", "Lintang", "Bujur", "Radius (m)"]
PEOPLE = [
    "Nama",
    "NIP",
    "NRK",
    "Jenis pegawai",
    "Kode unit",
    "Kantor",
    "Jabatan",
    "NRK/NIP atasan",
    "Mulai",
    "Sampai",
]
HOMES = ["NRK/NIP", "Lintang", "Bujur", "Ketelitian (m)", "Kecamatan", "Kode wilayah"]
ROTAS = ["Kode unit", "NRK/NIP", "Tanggal", "Mode"]
SQUARE = [[106.82, -6.19], [106.83, -6.19], [106.83, -6.18], [106.82, -6.18], [106.82, -6.19]]
HOLE = [[106.824, -6.186], [106.824, -6.184], [106.826, -6.184], [106.826, -6.186], [106.824, -6.186]]


@pytest.fixture
def bring(cast):
    """Hands a file in as HR and has it checked: `bring("units", a_csv(...))`; `by=` somebody else."""

    def checked(kind: str, content: bytes, by=None, now=NOW) -> ImportJob:
        user = (by or cast.eko).user
        job = jobs.upload(cast.dki, kind, "berkas", content, by=user, now=now)
        jobs.run(job, now)
        return job

    return checked


@pytest.fixture
def apply(bring):
    """Brings a file in and carries it out."""

    def applied(kind: str, content: bytes, by=None, now=NOW) -> ImportJob:
        job = bring(kind, content, by, now)
        assert job.state == "checked", job.report
        jobs.confirm(job, by=job.uploaded_by, now=now)
        jobs.run(job, now)
        assert job.state == "done", job.report
        return job

    return applied


def faults(job: ImportJob) -> list[tuple]:
    """The faults of a refused file as (row, column, code)."""
    assert job.state == "refused", job.report
    return [(fault["row"], fault["column"], fault["code"]) for fault in job.report["faults"]]


def counts(job: ImportJob) -> tuple[int, int, int]:
    """New, changed, unchanged."""
    found = job.report["counts"]
    return found["new"], found["changed"], found["unchanged"]


def changes(job: ImportJob, row: int) -> dict[str, tuple[str, str]]:
    """What a row changes by heading."""
    (line,) = [line for line in job.report["new"] + job.report["changed"] if line["row"] == row]
    return {heading: (old, new) for heading, old, new in line["changes"]}


def snapshot() -> list:
    """Everything that a file could touch."""
    models = (Unit, Site, Employee, Posting, Domicile, DomicileLocation, Roster, RosterEntry)
    return [list(model.objects.order_by("pk").values()) for model in models]


# Units


def test_units_come_in_whatever_their_order_and_hang_where_they_belong(cast, apply):
    file = a_csv(
        UNITS,
        ["S-1", "Seksi Satu", "Seksi", "B-1"],
        ["B-1", "Bidang Satu", "Bidang/Bagian", "D-1"],
        ["D-1", "Dinas Satu", "agency_unit", ""],
    )
    assert counts(apply("units", file)) == (3, 0, 0)
    section = Unit.objects.get(code="S-1")
    assert section.parent.code == "B-1" and section.parent.parent.code == "D-1" and section.agency == cast.dki
    assert section.level_kind == "section"


def test_a_changed_unit_says_from_what_to_what_and_the_same_again_changes_nothing(cast, apply, bring):
    head = [*UNITS, "Kategori layanan", "Kantor", "Paling sedikit di kantor"]
    row = [
        cast.section.code,
        "Seksi Baru",
        "Seksi",
        cast.other.code,
        "Layanan publik langsung",
        "Balai Kota",
        2,
    ]
    job = apply("units", an_xlsx(head, row))
    assert changes(job, 2) == {
        "Nama": ("Seksi Tata Laksana", "Seksi Baru"),
        "Kode unit induk": (cast.bureau.code, cast.other.code),
        "Kategori layanan": ("", "Layanan publik langsung"),
        "Kantor": ("", "Balai Kota"),
        "Paling sedikit di kantor": ("0", "2"),
    }
    section = Unit.objects.get(pk=cast.section.pk)
    assert (section.name, section.parent, section.site, section.min_office) == (
        "Seksi Baru",
        cast.other,
        cast.office,
        2,
    )
    assert counts(bring("units", an_xlsx(head, row))) == (0, 0, 1)


def test_columns_that_a_file_lacks_stay_as_they_are(cast, apply):
    Unit.objects.filter(pk=cast.section.pk).update(min_office=3, service_category="admin")
    apply("units", a_csv(UNITS[:3], [cast.section.code, "Seksi Baru", "Seksi"]))
    section = Unit.objects.get(pk=cast.section.pk)
    assert (section.parent, section.min_office, section.service_category) == (cast.bureau, 3, "admin")


def test_a_tree_that_bites_its_tail_is_refused_and_names_the_rows(cast, bring):
    before = snapshot()
    job = bring(
        "units", a_csv(UNITS, ["A", "A", "Seksi", "B"], ["B", "B", "Seksi", "C"], ["C", "C", "Seksi", "A"])
    )
    assert faults(job) == [(2, "Kode unit induk", "unit_cycle")]
    assert job.report["faults"][0]["about"] == {"chain": "A → B → C → A", "rows": "2, 3, 4"}
    assert snapshot() == before


def test_a_loop_through_a_stored_unit_is_refused(cast, bring):
    job = bring("units", a_csv(UNITS, [cast.bureau.code, "Biro", "Perangkat Daerah", cast.section.code]))
    assert faults(job) == [(2, "Kode unit induk", "unit_cycle")]


def test_faults_of_units_name_row_and_column(cast, bring):
    job = bring(
        "units",
        an_xlsx(
            [*UNITS, "Kantor"],
            ["A", "A", "Seksi", "nirgends", None],
            ["A", "Lagi", "Seksi", None, None],
            [12, None, "Sek", None, None],
            ["B", "B", "Seksi", None, "Tidak Ada"],
        ),
    )
    assert faults(job) == [
        (2, "Kode unit induk", "unknown_unit"),
        (3, "", "duplicate_row"),
        (4, "Kode unit", "number_cell"),
        (4, "Nama", "required"),
        (4, "Tingkat", "unknown_choice"),
        (5, "Kantor", "unknown_site"),
    ]


def test_one_fault_refuses_the_whole_file(cast, bring):
    before = snapshot()
    good = [[f"N{n}", f"Unit {n}", "Seksi", ""] for n in range(5)]
    assert faults(bring("units", a_csv(UNITS, *good, ["N9", "", "Seksi", ""]))) == [(7, "Nama", "required")]
    assert snapshot() == before


def test_units_of_another_agency_are_neither_named_nor_touched(cast, bring, apply):
    far = Unit.objects.get(agency=cast.tangsel)
    assert faults(bring("units", a_csv(UNITS, ["A", "A", "Seksi", far.code]))) == [
        (2, "Kode unit induk", "unknown_unit")
    ]
    apply("units", a_csv(UNITS, [far.code, "Milik DKI", "Seksi", ""]))
    assert Unit.objects.get(pk=far.pk).name == "BKPSDM" and Unit.objects.filter(code=far.code).count() == 2


# Offices


def test_an_office_is_a_circle_in_columns(cast, apply, bring):
    file = a_csv(SITES, ["Gedung A", "WITA", "-6,5", "116,8", "120"], separator=";")
    assert counts(apply("sites", file)) == (1, 0, 0)
    site = Site.objects.get(name="Gedung A")
    assert site.geojson == {"type": "Point", "coordinates": [116.8, -6.5], "radius_m": 120.0}
    assert site.zone == "Asia/Makassar" and site.agency == cast.dki
    assert counts(bring("sites", file)) == (0, 0, 1)


def test_holes_several_polygons_and_rings_in_either_direction_come_from_geojson(cast, apply, bring):
    holed = {"type": "Polygon", "coordinates": [SQUARE, HOLE]}
    turned = {"type": "Polygon", "coordinates": [SQUARE[::-1], HOLE[::-1]]}
    several = {"type": "MultiPolygon", "coordinates": [[SQUARE], [[[x + 1, y] for x, y in SQUARE]]]}
    file = a_geojson(({"nama": "A"}, holed), ({"nama": "B"}, turned), ({"nama": "C", "zona": "WIT"}, several))
    assert counts(apply("sites", file)) == (3, 0, 0)
    fences = {site.name: site.fence for site in Site.objects.filter(name__in="ABC")}
    assert (
        len(fences["A"].shapes[0].holes) == len(fences["B"].shapes[0].holes) == 1
        and len(fences["C"].shapes) == 2
    )
    assert (
        Site.objects.get(name="C").zone == "Asia/Jayapura"
        and Site.objects.get(name="A").zone == "Asia/Jakarta"
    )
    assert counts(bring("sites", file)) == (0, 0, 3)


def test_a_new_fence_keeps_the_zone_and_region_of_the_office(cast, apply):
    Site.objects.filter(pk=cast.office.pk).update(zone="Asia/Makassar", region="31.71")
    job = apply("sites", a_geojson(({"name": "Balai Kota"}, {"type": "Polygon", "coordinates": [SQUARE]})))
    assert changes(job, 1) == {"Pagar lokasi": ("-6.1818, 106.8283, radius 150 m", "Polygon, 5 titik")}
    office = Site.objects.get(pk=cast.office.pk)
    assert (office.zone, office.region, office.geojson["type"]) == ("Asia/Makassar", "31.71", "Polygon")


@pytest.mark.parametrize(
    ("geometry", "code", "where"),
    [
        ({"type": "Polygon", "coordinates": [SQUARE[:4]]}, "open_ring", "coordinates[0]"),
        (
            {"type": "Polygon", "coordinates": [[[y, x] for x, y in SQUARE]]},
            "swapped_axes",
            "coordinates[0][0]",
        ),
        ({"type": "Polygon", "coordinates": [HOLE, SQUARE]}, "hole_outside", "coordinates[1]"),
        (
            {"type": "Polygon", "coordinates": [[SQUARE[i] for i in (0, 2, 1, 3, 0)]]},
            "self_intersection",
            "coordinates[0]",
        ),
        (
            {"type": "MultiPolygon", "coordinates": [[SQUARE], [SQUARE[:3]]]},
            "too_few_points",
            "coordinates[1][0]",
        ),
        (
            {"type": "Polygon", "coordinates": [[[701234.5, 9312345.6], *SQUARE]]},
            "out_of_range",
            "coordinates[0][0]",
        ),
        ({"type": "LineString", "coordinates": SQUARE}, "unsupported_type", "type"),
        ({"type": "Point", "coordinates": [106.8, -6.2]}, "not_a_coordinate", "radius_m"),
        (
            {"type": "Polygon", "coordinates": [[["a", "b"], *SQUARE]]},
            "not_a_coordinate",
            "coordinates[0][0]",
        ),
    ],
)
def test_a_wrong_geometry_names_the_feature_and_the_place_in_it(cast, bring, geometry, code, where):
    before = snapshot()
    job = bring(
        "sites",
        a_geojson(({"nama": "A"}, {"type": "Polygon", "coordinates": [SQUARE]}), ({"nama": "B"}, geometry)),
    )
    assert faults(job) == [(2, "GeoJSON", code)] and job.report["faults"][0]["about"]["where"] == where
    assert snapshot() == before


def test_faults_of_offices_name_row_and_column(cast, bring):
    Site.objects.create(agency=cast.dki, name="Kembar", geojson=cast.office.geojson)
    Site.objects.create(agency=cast.dki, name="Kembar", geojson=cast.office.geojson)
    job = bring(
        "sites",
        an_xlsx(
            [*SITES, "GeoJSON"],
            ["A", "WIB", 106.8, -6.2, 100, None],
            ["B", "WIB", -6.2, 106.8, 0, None],
            ["C", "WIB", -6.2, None, 100, None],
            ["D", "WIB", None, None, None, None],
            ["E", "WIBB", -6.2, 106.8, 100, None],
            ["F", None, -6.2, 106.8, 100, '{"type": "Point"}'],
            ["Kembar", None, None, None, None, None],
            ["G", None, None, None, None, "{"],
        ),
    )
    assert faults(job) == [
        (2, "Lintang", "swapped_axes"),
        (3, "Radius (m)", "not_positive"),
        (4, "Bujur", "required"),
        (5, "", "fence_missing"),
        (6, "Zona waktu", "unknown_choice"),
        (7, "", "two_fences"),
        (8, "Nama", "ambiguous_site"),
        (9, "GeoJSON", "bad_json"),
    ]


def test_a_fence_of_thousands_of_points_is_refused(cast, bring):
    ring = [[106 + n / 100_000, -6 - n * n / 10**10] for n in range(6000)]
    job = bring("sites", a_geojson(({"nama": "A"}, {"type": "Polygon", "coordinates": [[*ring, ring[0]]]})))
    assert faults(job) == [(1, "GeoJSON", "too_many_points")]


# People


def someone(cast, name="Wati", nip="199001012015012001", nrk="555001", **changes) -> list:
    row = {
        "Nama": name,
        "NIP": nip,
        "NRK": nrk,
        "Jenis pegawai": "PNS",
        "Kode unit": cast.section.code,
        "Kantor": "Balai Kota",
        "Jabatan": "Arsiparis",
        "NRK/NIP atasan": cast.citra.nrk,
        "Mulai": "2023-09-01",
        "Sampai": None,
    } | {name.replace("_", " "): value for name, value in changes.items()}
    return [row[heading] for heading in PEOPLE]


def as_posted(employee: Employee, **changes) -> list:
    """The row that says what is stored."""
    held = employee.postings.order_by("-starts").first()
    said = {
        "Nama": employee.name,
        "NIP": employee.nip,
        "NRK": employee.nrk,
        "Jenis pegawai": employee.kind,
        "Kode unit": held.unit.code,
        "Kantor": held.site.name,
        "Jabatan": held.position,
        "NRK/NIP atasan": held.superior.nrk if held.superior else None,
        "Mulai": str(held.starts),
        "Sampai": held.ends and str(held.ends),
    } | {name.replace("_", " "): value for name, value in changes.items()}
    return [said[heading] for heading in PEOPLE]


def postings(employee: Employee) -> list[tuple]:
    return list(
        employee.postings.order_by("starts").values_list(
            "starts", "ends", "unit__name", "position", "superior__name"
        )
    )


def test_a_new_person_comes_with_a_posting(cast, apply, bring):
    file = an_xlsx(PEOPLE, someone(cast))
    job = apply("people", file)
    wati = Employee.objects.get(nrk="555001")
    assert (wati.name, wati.nip, wati.kind, wati.agency, wati.is_active) == (
        "Wati",
        "199001012015012001",
        "pns",
        cast.dki,
        True,
    )
    assert postings(wati) == [(SEPTEMBER, None, "Seksi Tata Laksana", "Arsiparis", "Citra")]
    assert changes(job, 2)["NIP"] == ("", "1990********") and changes(job, 2)["Kode unit"] == (
        "",
        cast.section.code,
    )
    assert counts(bring("people", file)) == (0, 0, 1)


def test_somebody_who_is_stored_so_already_is_unchanged(cast, bring):
    job = bring(
        "people", a_csv(PEOPLE, *[as_posted(one) for one in (cast.ani, cast.citra, cast.head, cast.eko)])
    )
    assert counts(job) == (0, 0, 4)


def test_a_later_start_with_a_change_is_a_transfer_and_the_old_posting_ends_the_day_before(cast, apply):
    job = apply("people", a_csv(PEOPLE, as_posted(cast.ani, Kode_unit=cast.other.code, Mulai="01/09/2023")))
    assert postings(cast.ani) == [
        (date(2020, 1, 1), date(2023, 8, 31), "Seksi Tata Laksana", "Analis", "Citra"),
        (SEPTEMBER, None, "Dinas Lingkungan Hidup", "Analis", "Citra"),
    ]
    assert changes(job, 2) == {
        "Kode unit": (cast.section.code, cast.other.code),
        "Mulai": ("2020-01-01", "2023-09-01"),
    }


@pytest.mark.parametrize("column", ["Jabatan", "NRK/NIP atasan", "Kantor"])
def test_a_new_position_superior_or_office_is_a_transfer_too(cast, apply, column):
    make.make_site(cast.dki, at=(-6.3, 106.9))
    Site.objects.order_by("-pk").filter(agency=cast.dki)[:1].get()
    Site.objects.filter(pk=Site.objects.filter(agency=cast.dki).order_by("-pk")[0].pk).update(name="Gedung B")
    new = {"Jabatan": "Kepala Seksi", "NRK/NIP atasan": cast.head.nip, "Kantor": "Gedung B"}[column]
    apply("people", a_csv(PEOPLE, as_posted(cast.ani, **{column: new, "Mulai": "2023-09-01"})))
    assert [row[:2] for row in postings(cast.ani)] == [
        (date(2020, 1, 1), date(2023, 8, 31)),
        (SEPTEMBER, None),
    ]


def test_a_later_start_without_a_change_leaves_the_posting_alone(cast, bring):
    assert counts(bring("people", a_csv(PEOPLE, as_posted(cast.ani, Mulai="2023-09-01")))) == (0, 0, 1)


def test_the_same_start_corrects_the_posting_and_a_named_end_ends_it(cast, apply):
    apply("people", a_csv(PEOPLE, as_posted(cast.ani, Jabatan="Arsiparis", Sampai="31/12/2023")))
    assert postings(cast.ani) == [
        (date(2020, 1, 1), date(2023, 12, 31), "Seksi Tata Laksana", "Arsiparis", "Citra")
    ]


def test_an_old_file_brought_in_again_after_a_transfer_changes_nothing(cast, apply, bring):
    old = a_csv(PEOPLE, as_posted(cast.ani))
    apply("people", a_csv(PEOPLE, as_posted(cast.ani, Kode_unit=cast.other.code, Mulai="2023-09-01")))
    assert counts(bring("people", old)) == (0, 0, 1)


def test_one_file_can_tell_a_whole_career(cast, apply):
    career = [
        someone(cast, Mulai="2020-01-01", Jabatan="Calon"),
        someone(cast, Mulai="2021-01-01", Jabatan="Pelaksana", Sampai="2022-12-31"),
        someone(cast, Mulai="2023-03-01", Jabatan="Kepala"),
    ]
    assert counts(apply("people", a_csv(PEOPLE, *career))) == (1, 2, 0)
    assert [row[:2] for row in postings(Employee.objects.get(nrk="555001"))] == [
        (date(2020, 1, 1), date(2020, 12, 31)),
        (date(2021, 1, 1), date(2022, 12, 31)),
        (date(2023, 3, 1), None),
    ]


def test_postings_that_overlap_name_the_rows_or_the_dates(cast, bring):
    overlapping = [
        someone(cast, Mulai="2021-01-01", Sampai="2022-12-31"),
        someone(cast, Mulai="2022-06-01", Jabatan="Kepala"),
        someone(cast, Mulai="2021-01-01", Jabatan="Kepala"),
        as_posted(cast.ani, Mulai="2019-01-01"),
    ]
    job = bring("people", a_csv(PEOPLE, *overlapping))
    assert faults(job) == [
        (3, "", "posting_overlap_row"),
        (4, "", "duplicate_row"),
        (5, "", "posting_overlap"),
    ]
    assert [fault["about"] for fault in job.report["faults"]] == [
        {"row": "2"},
        {"row": "2"},
        {"period": "2020-01-01 – …"},
    ]


def test_people_are_matched_by_nrk_else_by_nip_and_the_blank_number_erases_nothing(cast, apply):
    apply(
        "people",
        a_csv(
            PEOPLE,
            as_posted(cast.ani, NIP="", Nama="Ani Lestari"),
            as_posted(cast.bayu, NRK="", Nama="Bayu S."),
        ),
    )
    cast.ani.refresh_from_db()
    assert (cast.ani.name, bool(cast.ani.nip)) == ("Ani Lestari", True)
    assert Employee.objects.get(pk=cast.bayu.pk).nrk == cast.bayu.nrk


def test_a_new_nip_for_a_known_nrk_is_a_change_of_the_number(cast, apply):
    job = apply("people", a_csv(PEOPLE, as_posted(cast.ani, NIP="199912312023211001", Jenis_pegawai="PPPK")))
    assert set(changes(job, 2)) == {"NIP", "Jenis pegawai"}
    assert Employee.objects.get(pk=cast.ani.pk).nip == "199912312023211001"


def test_superiors_may_come_with_the_same_file_even_further_down(cast, apply):
    file = a_csv(
        PEOPLE,
        someone(cast, **{"NRK/NIP atasan": "555002"}),
        someone(cast, "Yuni", "199002022015012002", "555002"),
    )
    apply("people", file)
    assert Employee.objects.get(nrk="555001").postings.get().superior.nrk == "555002"


def test_a_missing_office_is_that_of_the_unit_or_of_one_above(cast, apply, bring):
    assert faults(bring("people", a_csv(PEOPLE, someone(cast, Kantor="")))) == [(2, "Kantor", "site_missing")]
    Unit.objects.filter(pk=cast.bureau.pk).update(site=cast.office)
    apply("people", a_csv(PEOPLE, someone(cast, Kantor="")))
    assert Employee.objects.get(nrk="555001").postings.get().site == cast.office


def test_faults_of_people_name_row_and_column(cast, bring):
    gone = make.make_employee(cast.section, cast.office, "Lama")
    Employee.objects.filter(pk=gone.pk).update(is_active=False)
    job = bring(
        "people",
        an_xlsx(
            PEOPLE,
            someone(cast, nip=1.99001012015012e17, nrk=555001),
            someone(cast, nip="199013012015012001"),
            someone(cast, nip=None, nrk=None),
            someone(cast, nip="199003032023212001"),
            someone(cast, nip=cast.ani.nip, nrk=cast.bayu.nrk),
            someone(cast, nip=cast.gita.nip, nrk="555009"),
            someone(cast, nip=gone.nip, nrk="555010"),
            someone(
                cast, nip="199004042015012004", nrk="555011", Kode_unit="X", Kantor="Y", Sampai="2023-08-01"
            ),
            someone(cast, nip="199005052015012005", nrk="555012", **{"NRK/NIP atasan": "999999"}),
            someone(cast, nip="199006062015012006", nrk="555013", **{"NRK/NIP atasan": "555013"}),
            as_posted(cast.ani, **{"NRK/NIP atasan": cast.ani.nrk}),
            someone(cast, nip="199007072015012007", nrk="555014", Mulai="besok", Jenis_pegawai="Honorer"),
        ),
    )
    assert faults(job) == [
        (2, "NIP", "number_cell"),
        (2, "NRK", "number_cell"),
        (3, "NIP", "bad_nip"),
        (4, "", "number_missing"),
        (5, "NIP", "other_kind"),
        (6, "", "numbers_disagree"),
        (7, "NIP", "nip_elsewhere"),
        (8, "", "inactive_person"),
        (9, "Kode unit", "unknown_unit"),
        (10, "NRK/NIP atasan", "unknown_superior"),
        (11, "NRK/NIP atasan", "own_superior"),
        (12, "NRK/NIP atasan", "own_superior"),
        (13, "Jenis pegawai", "unknown_choice"),
        (13, "Mulai", "bad_date"),
    ]


def test_a_refused_file_of_people_saves_nothing_and_shows_no_whole_nip(cast, bring):
    before = snapshot()
    rows = [someone(cast), someone(cast, "Yuni", "19900202 201501 2 002", "555002", Kode_unit="X")]
    rows += [someone(cast, "Zaki", 1.99001012015012e17, "555003", **{"NRK/NIP atasan": "199001012015019999"})]
    job = bring("people", an_xlsx(PEOPLE, *rows))
    assert job.state == "refused" and snapshot() == before
    assert "19900101" not in str(job.report) and "1.99" not in str(job.report)


def test_two_who_would_be_each_others_superior_are_refused(cast, bring):
    """Edge case 30: on the day on which the second posting begins, and by name and row."""
    rows = [
        as_posted(cast.ani, **{"NRK/NIP atasan": cast.bayu.nrk, "Mulai": "2023-09-01"}),
        as_posted(cast.bayu, **{"NRK/NIP atasan": cast.ani.nrk, "Mulai": "2023-10-01"}),
    ]
    job = bring("people", a_csv(PEOPLE, *rows))
    assert faults(job) == [(3, "NRK/NIP atasan", "superior_cycle")]
    assert job.report["faults"][0]["about"] == {"chain": "Bayu → Ani → Bayu", "rows": "2, 3"}


def test_a_loop_through_people_who_are_not_in_the_file_is_refused(cast, bring):
    job = bring(
        "people",
        a_csv(PEOPLE, as_posted(cast.head, **{"NRK/NIP atasan": cast.ani.nrk, "Mulai": "2023-09-01"})),
    )
    assert faults(job) == [(2, "NRK/NIP atasan", "superior_cycle")]


def test_a_corrected_posting_that_closes_a_loop_on_its_own_first_day_is_refused(cast, bring):
    job = bring("people", a_csv(PEOPLE, as_posted(cast.head, **{"NRK/NIP atasan": cast.ani.nrk})))
    assert faults(job) == [(2, "NRK/NIP atasan", "superior_cycle")]


def test_a_loop_that_a_later_stored_posting_closes_is_refused(cast, bring):
    """The changed posting begins in September, the stored one that closes the loop in October."""
    cast.citra.postings.update(ends=date(2023, 9, 30))
    cast.citra.postings.create(
        unit=cast.section, site=cast.office, position="Kepala", superior=cast.ani, starts=date(2023, 10, 1)
    )
    cast.ani.postings.update(superior=cast.head)
    rows = [as_posted(cast.ani, **{"NRK/NIP atasan": cast.bayu.nrk, "Mulai": "2023-09-01"})]
    assert faults(bring("people", a_csv(PEOPLE, *rows))) == [(2, "NRK/NIP atasan", "superior_cycle")]


def test_turns_that_never_meet_are_no_loop(cast, bring):
    rows = [
        as_posted(
            cast.ani, **{"NRK/NIP atasan": cast.bayu.nrk, "Mulai": "2023-09-01", "Sampai": "2023-09-30"}
        ),
        as_posted(cast.bayu, **{"NRK/NIP atasan": cast.ani.nrk, "Mulai": "2023-10-01"}),
    ]
    assert bring("people", a_csv(PEOPLE, *rows)).state == "checked"


def test_closed_days_stay_as_they_are_and_newcomers_may_have_a_past(cast, bring, apply):
    type(cast.dki).objects.filter(pk=cast.dki.pk).update(closed_until=date(2023, 9, 1))
    moved = as_posted(cast.ani, Kode_unit=cast.other.code, Mulai="2023-09-01")
    assert faults(bring("people", a_csv(PEOPLE, moved))) == [(2, "Mulai", "period_closed")]
    assert faults(bring("people", a_csv(PEOPLE, as_posted(cast.ani, Jabatan="X")))) == [
        (2, "Mulai", "period_closed")
    ]
    assert faults(bring("people", a_csv(PEOPLE, as_posted(cast.ani, Sampai="2023-08-31")))) == [
        (2, "Mulai", "period_closed")
    ]
    apply(
        "people",
        a_csv(
            PEOPLE, as_posted(cast.ani, Sampai="2023-09-01", Nama="Ani L."), someone(cast, Mulai="2019-01-01")
        ),
    )


def test_nobody_corrects_or_transfers_himself_by_a_file(cast, bring, apply):
    for change in ({"Jabatan": "Kepala"}, {"Nama": "Eko S."}, {"Jenis_pegawai": "CPNS"}):
        job = bring("people", a_csv(PEOPLE, as_posted(cast.eko, **change)))
        assert faults(job) == [(2, "", "own_record")]
    assert counts(apply("people", a_csv(PEOPLE, as_posted(cast.eko)))) == (0, 0, 1)


def test_a_superior_who_has_left_stays_until_somebody_names_another(cast, bring, apply):
    Employee.objects.filter(pk=cast.citra.pk).update(is_active=False)
    assert counts(bring("people", a_csv(PEOPLE, as_posted(cast.ani), as_posted(cast.bayu)))) == (0, 0, 2)
    apply("people", a_csv(PEOPLE, as_posted(cast.ani, Sampai="2023-12-31")))
    assert cast.ani.postings.get().superior == cast.citra
    job = bring("people", a_csv(PEOPLE, someone(cast)))
    assert faults(job) == [(2, "NRK/NIP atasan", "unknown_superior")]


def test_two_rows_of_a_person_say_the_same_of_him(cast, bring):
    rows = [as_posted(cast.ani), as_posted(cast.ani, Nama="Ani L.", Mulai="2023-09-01", Jabatan="Kepala")]
    job = bring("people", a_csv(PEOPLE, *rows))
    assert faults(job) == [(3, "", "person_disagrees")] and job.report["faults"][0]["about"] == {"row": "2"}


def test_a_transfer_that_breaks_a_published_rota_leaves_a_warning_on_it(cast, apply):
    make.make_rota(cast.section, {cast.ani: "wfh"}, day=SEPTEMBER)
    apply("people", a_csv(PEOPLE, as_posted(cast.ani, Kode_unit=cast.other.code, Mulai="2023-09-01")))
    assert [warning["code"] for warning in Roster.objects.get(starts=SEPTEMBER).warnings] == [
        "not_of_this_unit"
    ]


def test_a_unit_that_needs_more_people_at_the_office_leaves_a_warning_on_its_rota(cast, apply):
    make.make_rota(cast.section, {cast.ani: "wfh"}, day=SEPTEMBER)
    head = [*UNITS[:3], "Paling sedikit di kantor"]
    apply("units", a_csv(head, [cast.section.code, "Seksi Tata Laksana", "Seksi", 4]))
    assert [warning["code"] for warning in Roster.objects.get(starts=SEPTEMBER).warnings] == [
        "too_few_at_office"
    ]


# Domiciles


def test_a_domicile_is_a_sealed_proposal_that_waits_for_somebody_else(cast, apply, bring):
    file = a_csv(
        HOMES, [cast.bayu.nrk, "-6,4025", "106,7942", "12", "Beji, Kota Depok", "32.76.06"], separator=";"
    )
    job = apply("domiciles", file)
    home = Domicile.objects.get(employee=cast.bayu)
    assert (home.status, home.district, home.region, home.decided_by) == (
        "proposed",
        "Beji, Kota Depok",
        "32.76.06",
        None,
    )
    assert (
        domiciles.opened(home)["fence"]["coordinates"] == [106.7942, -6.4025]
        and domiciles.opened(home)["error_m"] == 12
    )
    assert "6.40" not in str(job.report) and "106.79" not in str(job.report)
    assert counts(bring("domiciles", file)) == (0, 0, 1)


def test_the_home_that_is_in_force_is_not_proposed_again(cast, bring):
    assert counts(bring("domiciles", a_csv(HOMES, [cast.ani.nrk, *HOME, 0, "", ""]))) == (0, 0, 1)
    assert counts(bring("domiciles", a_csv(HOMES, [cast.ani.nrk, *OFFICE, 0, "", ""]))) == (1, 0, 0)


def test_an_officer_proposes_for_his_own_people_alone(cast, bring, apply):
    apply("domiciles", a_csv(HOMES, [cast.bayu.nrk, *HOME, "", "", ""]), by=cast.dewi)
    for stranger, code in [(cast.eko, "outside_your_scope"), (cast.gita, "unknown_person")]:
        job = bring("domiciles", a_csv(HOMES, [stranger.nrk, *HOME, "", "", ""]), by=cast.dewi)
        assert faults(job) == [(2, "NRK/NIP", code)]
    assert set(Domicile.objects.filter(status="proposed").values_list("employee", flat=True)) == {
        cast.bayu.pk
    }


def test_faults_of_domiciles_name_row_and_column_and_no_place(cast, bring):
    job = bring(
        "domiciles",
        a_csv(
            HOMES,
            [cast.ani.nrk, "106.79", "-6.40", "", "", ""],
            [cast.bayu.nrk, "-6.4x25", "106.79", "", "", ""],
            [cast.citra.nrk, "-6.40", "106.79", "-5", "", ""],
            [cast.dewi.nrk, "", "106.79", "", "", ""],
            ["999999", "-6.40", "106.79", "", "", ""],
            [cast.eko.nrk, "-6.40", "106.79", "", "", "3276"],
            [cast.fajar.nrk, "-6.40", "106.79", "", "", ""],
            [cast.fajar.nrk, "-6.41", "106.79", "", "", ""],
            [cast.indra.nrk, "0", "0", "", "", ""],
        ),
    )
    assert faults(job) == [
        (2, "Lintang", "swapped_axes"),
        (3, "Lintang", "not_a_number"),
        (4, "Ketelitian (m)", "negative_error"),
        (5, "Lintang", "required"),
        (6, "NRK/NIP", "unknown_person"),
        (7, "Kode wilayah", "bad_region"),
        (9, "", "duplicate_row"),
        (10, "Lintang", "null_island"),
    ]
    assert "6.4" not in str(job.report)


# Rotas


def test_a_rota_becomes_one_draft_a_unit_and_publishes_nothing(cast, apply):
    before = list(RosterEntry.objects.filter(in_force=True).values_list("pk", flat=True).order_by("pk"))
    rows = [
        [cast.section.code, cast.ani.nrk, "2023-09-04", "WFH"],
        [cast.section.code, cast.bayu.nip, "04/09/2023", "wfo"],
        [cast.other.code, cast.eko.nrk, "2023-09-08", "WFO"],
    ]
    apply("rotas", a_csv(ROTAS, *rows))
    drafts = Roster.objects.filter(status="draft").order_by("unit__code")
    assert [(plan.unit, plan.starts, plan.ends, plan.version, plan.entries.count()) for plan in drafts] == [
        # Each for its own dates: published, one takes nothing out of force that the file does not name.
        (cast.section, date(2023, 9, 4), date(2023, 9, 4), 2, 2),
        (cast.other, date(2023, 9, 8), date(2023, 9, 8), 1, 1),
    ]
    assert before == list(
        RosterEntry.objects.filter(in_force=True).values_list("pk", flat=True).order_by("pk")
    )


def test_a_rota_says_what_differs_from_the_plan_in_force(cast, bring):
    cast.scheme.phases.get().caps.update(percent=100)
    make.make_domicile(cast.bayu, by=cast.eko.user)
    job = bring(
        "rotas",
        a_csv(
            ROTAS,
            [cast.section.code, cast.ani.nrk, "2023-08-22", "WFH"],
            [cast.section.code, cast.bayu.nrk, "2023-08-22", "WFH"],
            [cast.section.code, cast.dewi.nrk, "2023-08-22", "WFO"],
        ),
    )
    assert counts(job) == (1, 1, 1) and changes(job, 3) == {"Mode": ("WFO", "WFH")}


def test_a_rota_above_the_cap_is_refused_with_row_date_and_numbers(cast, bring):
    for person in (cast.bayu, cast.citra):
        make.make_domicile(person, by=cast.eko.user)
    before = snapshot()
    rows = [[cast.section.code, one.nrk, "2023-08-22", "WFH"] for one in (cast.ani, cast.bayu, cast.citra)]
    job = bring("rotas", a_csv(ROTAS, *rows))
    assert faults(job) == [(2, "Tanggal", "cap_exceeded")]
    assert job.report["faults"][0]["about"] == {"planned": "3", "allowed": "2"}
    assert snapshot() == before


def test_an_excluded_unit_and_somebody_elses_people_are_refused(cast, bring):
    cast.scheme.exclusions.create(unit=cast.bureau, reason="Layanan langsung")
    rows = [
        [cast.section.code, cast.ani.nrk, "2023-08-22", "WFH"],
        [cast.section.code, cast.eko.nrk, "2023-08-23", "WFO"],
    ]
    assert faults(bring("rotas", a_csv(ROTAS, *rows))) == [
        (2, "NRK/NIP", "excluded_unit"),
        (3, "NRK/NIP", "not_of_this_unit"),
    ]


def test_halves_of_a_day_and_shifts_are_planned(cast, apply):
    night = WorkingHours.objects.create(
        agency=cast.dki, code="malam", starts=date(2023, 1, 1), weekdays=[1, 2, 3, 4, 5, 6, 7], begins="22:00",
        finishes="07:00", in_opens="21:00", in_closes="22:00", out_opens="07:00", out_closes="10:00",
    )  # fmt: skip
    rows = [
        [cast.section.code, cast.ani.nrk, "2023-09-04", "WFH", "pagi", ""],
        [cast.section.code, cast.ani.nrk, "2023-09-04", "WFO", "siang", ""],
        [cast.section.code, cast.bayu.nrk, "2023-09-04", "WFO", "", "malam"],
    ]
    apply("rotas", a_csv([*ROTAS, "Bagian hari", "Kode sif"], *rows))
    entries = RosterEntry.objects.filter(roster__status="draft").order_by("pk")
    assert [(e.segment, e.mode, e.hours) for e in entries] == [
        ("am", "wfh", None),
        ("pm", "wfo", None),
        ("day", "wfo", night),
    ]


def test_faults_of_rotas_name_row_and_column(cast, bring):
    type(cast.dki).objects.filter(pk=cast.dki.pk).update(closed_until=date(2023, 8, 21))
    head = [*ROTAS, "Bagian hari", "Kode sif"]
    unit = cast.section.code
    job = bring(
        "rotas",
        a_csv(
            head,
            ["X", cast.ani.nrk, "2023-08-22", "WFH", "", ""],
            [unit, "999999", "2023-08-22", "WFH", "", ""],
            [unit, cast.ani.nrk, "2023-08-21", "WFH", "", ""],
            [unit, cast.ani.nrk, "2023-08-22", "WFA", "", ""],
            [unit, cast.bayu.nrk, "2023-08-22", "WFO", "", "sore"],
            [unit, cast.citra.nrk, "2023-08-22", "WFO", "", ""],
            [unit, cast.citra.nrk, "2023-08-22", "WFH", "pagi", ""],
            [unit, cast.dewi.nrk, "2025-08-22", "WFO", "", ""],
        ),
    )
    assert faults(job) == [
        (None, "Tanggal", "too_long_period"),
        (2, "Kode unit", "unknown_unit"),
        (3, "NRK/NIP", "unknown_person"),
        (4, "Tanggal", "period_closed"),
        (5, "Mode", "unknown_choice"),
        (6, "Kode sif", "unknown_shift"),
        (8, "Tanggal", "segments_overlap"),
    ]


def test_an_officer_learns_nothing_of_people_who_are_not_his(cast, bring):
    job = bring("rotas", a_csv(ROTAS, [cast.section.code, cast.eko.nrk, "2023-09-04", "WFO"]), by=cast.dewi)
    assert faults(job) == [(2, "NRK/NIP", "outside_your_scope")]
    assert cast.eko.name not in str(job.report)


def test_an_officer_plans_the_units_of_his_subtree_alone(cast, bring, apply):
    apply("rotas", a_csv(ROTAS, [cast.section.code, cast.ani.nrk, "2023-09-04", "WFH"]), by=cast.dewi)
    for unit, person in [(cast.other, cast.eko), (cast.bureau, cast.head)]:
        job = bring("rotas", a_csv(ROTAS, [unit.code, person.nrk, "2023-09-04", "WFO"]), by=cast.dewi)
        assert faults(job) == [(2, "Kode unit", "outside_your_scope")]
    assert Roster.objects.filter(status="draft").count() == 1


def test_two_files_at_the_same_period_make_two_versions(cast, apply):
    for _ in range(2):
        apply("rotas", a_csv(ROTAS, [cast.section.code, cast.ani.nrk, "2023-09-04", "WFH"]))
    assert list(
        Roster.objects.filter(status="draft").values_list("version", flat=True).order_by("version")
    ) == [2, 3]


def test_a_period_spans_the_whole_file(cast, apply):
    days = [MONDAY + timedelta(days=n) for n in (14, 15, 16)]
    apply("rotas", a_csv(ROTAS, *[[cast.section.code, cast.bayu.nrk, str(day), "WFO"] for day in days]))
    plan = Roster.objects.get(status="draft")
    assert (plan.starts, plan.ends, plan.origin) == (days[0], days[-1], {"pattern": "imported"})


# The documentation

DOC = (Path(__file__).resolve().parents[2] / "docs/imports.md").read_text()


@pytest.mark.parametrize("kind", list(jobs.BATCHES))
def test_the_documentation_names_every_column_in_order(kind):
    listed = DOC.split(f"**{kind}**:")[1].split(".\n")[0]
    columns = jobs.BATCHES[kind].fields.values()
    assert re.findall(r"`([^`]+)`(\*?)", listed) == [(c.heading, "*" if c.needed else "") for c in columns]


def test_the_documentation_names_every_fault_and_no_other():
    table = DOC.split("## Faults")[1].split("##")[0]
    named = {
        code
        for line in table.splitlines()
        for code in re.findall(r"`(\w+)`", line.split("|")[1] if "|" in line else "")
    }
    assert named == set(SENTENCES)


def test_every_fault_that_the_code_raises_has_a_sentence():
    folder = Path(jobs.__file__).parent
    text = "\n".join(path.read_text() for path in folder.glob("*.py"))
    raised = set(re.findall(r'Fault\(\s*"(\w+)"', text)) | {
        "not_a_coordinate",
        "own_superior",
        "unknown_superior",
        "ambiguous_site",
    }
    fences = set(re.findall(r'FenceError\("(\w+)"', Path(fences_module.__file__).read_text())) - {
        "not_a_number"
    }
    assert raised | fences <= set(SENTENCES)
    assert set(SENTENCES) - raised - fences == {"unknown_site", "import_not_yours"}
