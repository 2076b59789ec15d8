"""Schemes as files: what the parser refuses and where, what the shipped files say, and how it is read aloud."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from datetime import date, time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy.calendar import Windows
from policy.quota import Cap, allowed
from policy.rules import SchemeTerms, deciding
from policy.schemes import checks, reader
from policy.schemes.gaps import missing
from policy.schemes.keys import KEYS
from policy.schemes.lines import line_of, lines_of
from policy.schemes.prose import beside, decides, explain
from policy.schemes.values import CapFile, PhaseFile, SchemeFile
from policy.schemes.words import listed, period, weekdays

ROOT = Path(__file__).resolve().parents[2]

GOOD = """\
code = "uji-2023"
name = "SE Uji"
covers = ["pns", "pppk"]
slots = [10:00:00, 14:00:00]

[document]
number = "1/SE/2023"
title = "Uji"
issuer = "Sekretaris Daerah"
issued_on = 2023-08-18

[[phases]]
name = "Satu"
starts = 2023-08-21
ends = 2023-10-21
in_opens = 06:00:00
in_closes = 08:00:00
out_opens = 16:00:00
out_closes = 18:00:00

[[phases.caps]]
measure = "wfh"
bound = "max"
percent = 50

[[phases]]
name = "Dua"
starts = 2023-09-04
ends = 2023-09-07

[[phases.caps]]
measure = "wfh"
bound = "max"
percent = 75

[[exclusions]]
category = "public_service"
reason = "Layanan langsung"

[[exclusions]]
post = "treasurer"
reason = "Di kantor"

[[priorities]]
ground = "pregnant"

[[hours]]
code = "sif-1"
name = "Sif pertama"
starts = 2023-08-21
begins = 07:00:00
finishes = 15:30:00
break_begins = 11:30:00
break_finishes = 12:30:00

[[dress]]
dress = "PDH"
starts = 2023-08-21
"""


def problems(text: str) -> list[tuple[str, str]]:
    return [(one.code, one.where) for one in reader.parse(text).problems]


def changed(old: str, new: str) -> str:
    assert GOOD.count(old) == 1, old
    return GOOD.replace(old, new)


def test_a_sound_file_has_no_problem():
    parsed = reader.parse(GOOD)
    assert parsed.problems == ()
    assert parsed.file.phases[0].windows == Windows(time(6), time(8), time(16), time(18))
    assert parsed.file.phases[1].caps == (CapFile("wfh", "max", 75),)
    assert parsed.file.slots == (time(10), time(14))


BAD = [
    ("percent = 75", "percent = 175", "out_of_range", "phases[1].caps[0].percent, baris 34"),
    ("percent = 75", "percent = true", "wrong_type", "phases[1].caps[0].percent, baris 34"),
    ("percent = 75", "percent = 75.0", "wrong_type", "phases[1].caps[0].percent, baris 34"),
    ("percent = 75", 'percent = "75"', "wrong_type", "phases[1].caps[0].percent, baris 34"),
    ("percent = 75", "percentage = 75", "unknown_key", "phases[1].caps[0].percentage, baris 34"),
    ("percent = 75", "percentage = 75", "missing_key", "phases[1].caps[0].percent, baris 31"),
    ("[[dress]]", "[[dresses]]", "unknown_key", "dresses, baris 56"),
    ('name = "Satu"', 'nama = "Satu"', "unknown_key", "phases[0].nama, baris 13"),
    ('code = "uji-2023"', 'code = "Uji 2023"', "bad_shape", "code, baris 1"),
    ('code = "uji-2023"', "code = 34", "wrong_type", "code, baris 1"),
    ('code = "uji-2023"\n', "", "missing_key", "code"),
    ('name = "SE Uji"', 'name = " "', "empty", "name, baris 2"),
    ('name = "SE Uji"', f'name = "{"x" * 201}"', "too_long", "name, baris 2"),
    ('covers = ["pns", "pppk"]', 'covers = ["pns", "tni"]', "unknown_word", "covers[1], baris 3"),
    ('covers = ["pns", "pppk"]', 'covers = ["pns", "pns"]', "written_twice", "covers[1], baris 3"),
    ('covers = ["pns", "pppk"]', 'covers = "pns"', "wrong_type", "covers, baris 3"),
    ('covers = ["pns", "pppk"]', "covers = []", "empty", "covers, baris 3"),
    ('covers = ["pns", "pppk"]', "covers = [1]", "wrong_type", "covers[0], baris 3"),
    ('covers = ["pns", "pppk"]', "uniform_photo = 1", "wrong_type", "uniform_photo, baris 3"),
    ('covers = ["pns", "pppk"]', "closing_second = 60", "out_of_range", "closing_second, baris 3"),
    ('covers = ["pns", "pppk"]', "draw_percent = 0", "out_of_range", "draw_percent, baris 3"),
    ("10:00:00, 14:00:00", '"10:00", "14:00"', "wrong_type", "slots[0], baris 4"),
    ("10:00:00, 14:00:00", "14:00:00, 10:00:00", "slots_out_of_order", "slots, baris 4"),
    ("10:00:00, 14:00:00", "10:00:30", "not_a_whole_minute", "slots[0], baris 4"),
    ("issued_on = 2023-08-18", 'issued_on = "18-08-2023"', "wrong_type", "document.issued_on, baris 10"),
    (
        "issued_on = 2023-08-18",
        "issued_on = 2023-08-18T10:00:00Z",
        "wrong_type",
        "document.issued_on, baris 10",
    ),
    ("ends = 2023-10-21", "ends = 2023-08-20", "period_out_of_order", "phases[0].ends, baris 15"),
    ("in_closes = 08:00:00", "in_closes = 05:00:00", "windows_out_of_order", "phases[0].in_opens, baris 16"),
    ("out_opens = 16:00:00", "out_opens = 19:00:00", "windows_out_of_order", "phases[0].in_opens, baris 16"),
    ("in_closes = 08:00:00", "in_closes = 19:00:00", "windows_out_of_order", "phases[0].in_opens, baris 16"),
    ("in_closes = 08:00:00\n", "", "windows_incomplete", "phases[0], baris 12"),
    ("ends = 2023-09-07", "ends = 2023-10-22", "overlapping_phase", "phases[1], baris 26"),
    (
        "starts = 2023-09-04\nends = 2023-09-07",
        "starts = 2023-08-21\nends = 2023-10-21",
        "overlapping_phase",
        "phases[1], baris 26",
    ),
    (
        '[[phases.caps]]\nmeasure = "wfh"\nbound = "max"\npercent = 75\n',
        "",
        "phase_without_cap",
        "phases[1], baris 26",
    ),
    (
        "percent = 75\n",
        'percent = 75\n[[phases.caps]]\nmeasure = "wfo"\nbound = "max"\npercent = 20\n',
        "contradictory_caps",
        "phases[1].caps, baris 31",
    ),
    (
        "percent = 75\n",
        'percent = 75\n[[phases.caps]]\nmeasure = "wfh"\nbound = "max"\npercent = 60\n',
        "cap_given_twice",
        "phases[1].caps[1], baris 35",
    ),
    ('post = "treasurer"', 'post = "treasurer"\nunit = "BKD"', "names_one_thing", "exclusions[1], baris 40"),
    ('post = "treasurer"\n', "", "names_one_thing", "exclusions[1], baris 40"),
    ('post = "treasurer"', 'category = "public_service"', "excluded_twice", "exclusions[1], baris 40"),
    ('post = "treasurer"', 'post = "Bendahara!"', "bad_shape", "exclusions[1].post, baris 41"),
    (
        'ground = "pregnant"',
        'ground = "pregnant"\ndomicile = ["31"]',
        "names_one_thing",
        "priorities[0], baris 44",
    ),
    ('ground = "pregnant"', 'domicile = ["3174"]', "bad_shape", "priorities[0].domicile[0], baris 45"),
    ("break_finishes = 12:30:00\n", "", "break_incomplete", "hours[0].break_begins, baris 53"),
    ("finishes = 15:30:00", "finishes = 06:30:00", "hours_out_of_order", "hours[0].begins, baris 51"),
    (
        "break_finishes = 12:30:00",
        "break_finishes = 16:30:00",
        "hours_out_of_order",
        "hours[0].begins, baris 51",
    ),
    ('dress = "PDH"', 'dress = "PDH"\nweekdays = [0, 1]', "out_of_range", "dress[0].weekdays[0], baris 58"),
    ('dress = "PDH"', 'dress = "PDH"\nends = 2023-01-01', "period_out_of_order", "dress[0].ends, baris 58"),
    ('covers = ["pns", "pppk"]', "national = true", "national_names_units", "hours, baris 47"),
    (
        '[document]\nnumber = "1/SE/2023"',
        'document = "1/SE/2023"\n[x]\ny = 1',
        "wrong_type",
        "document, baris 6",
    ),
    ("[[exclusions]]\ncategory", "[exclusions]\ncategory", "not_toml", "baris 40"),
    ("slots = [10:00:00, 14:00:00]", "slots = [10:00:00, 14:00:00", "not_toml", "baris 6"),
    ("percent = 75", "percent = 75\npercent = 80", "not_toml", "baris 35"),
]


@pytest.mark.parametrize(("old", "new", "code", "where"), BAD)
def test_a_bad_file_is_told_with_its_code_and_place(old, new, code, where):
    assert (code, where) in problems(changed(old, new))


def test_all_problems_are_told_at_once_in_the_order_of_the_lines():
    text = changed('covers = ["pns", "pppk"]', 'covers = ["tni"]').replace("percent = 75", "percent = 175")
    text = text.replace("10:00:00, 14:00:00", "14:00:00, 10:00:00")
    parsed = reader.parse(text)
    assert [one.code for one in parsed.problems] == ["unknown_word", "slots_out_of_order", "out_of_range"]
    assert parsed.file is None


def test_a_part_that_cannot_be_read_causes_no_further_complaint():
    assert problems(GOOD.replace('measure = "wfh"', 'measure = "wfx"')) == [
        ("unknown_word", "phases[0].caps[0].measure, baris 22"),
        ("unknown_word", "phases[1].caps[0].measure, baris 32"),
    ]


def test_a_file_without_a_phase_is_told_so():
    assert problems('code = "x"\nname = "X"') == [("phase_missing", "phases")]
    assert problems('code = "x"\nname = "X"\nphases = []') == [("phase_missing", "phases, baris 3")]


@pytest.mark.parametrize("value", ['"x"', "[1]", "{ }"])
def test_what_should_be_tables_and_is_not_is_told(value):
    found = problems(f'code = "x"\nname = "X"\nphases = {value}')
    assert found[0][0] == "wrong_type" and found[0][1].startswith("phases") and "baris 3" in found[0][1]


def test_a_typing_error_comes_with_what_was_probably_meant():
    details = {one.code: one.detail for one in reader.parse(changed("percent = 75", "percnt = 75")).problems}
    assert details["unknown_key"] == "Kunci ini tidak dikenal. Mungkin maksudnya percent."
    far = reader.parse(changed("percent = 75", "percent = 75\nzzz = 1")).problems
    assert far[0].detail.endswith("Yang dikenal: measure, bound, percent, denominator, category.")


def test_text_that_is_no_utf8_is_told(tmp_path):
    path = tmp_path / "latin.toml"
    path.write_bytes(b'name = "\xe9"')
    assert [one.code for one in reader.read(path).problems] == ["not_toml"]


def test_phases_that_name_different_places_may_overlap_freely():
    local = changed("starts = 2023-09-04\nends = 2023-09-07", 'starts = 2023-09-04\nregions = ["31.74"]')
    assert problems(local) == []


def test_a_bare_name_means_a_shipped_file_and_a_path_is_a_path(tmp_path):
    assert reader.find("tangsel-2023") == reader.SHIPPED / "tangsel-2023.toml"
    assert reader.find("some/where.toml") == Path("some/where.toml")
    bare = tmp_path / "scheme"
    bare.write_text(GOOD)
    assert reader.find(str(bare)) == bare


class TestLines:
    def test_every_way_of_writing_a_key_has_its_line(self):
        text = 'a = 1\nb.c = 2\n"d e" = [\n 1,\n 2,\n]\n[t]\nx = {y = 1, z = [3]}\n[[r]]\n[[r.s]]\nk = """\n[no]\n"""\n'
        text += "[[r]]\n[[r.s]]\n[[r.s]]\nk = 1\n"
        found = lines_of(text)
        wanted = {
            "a": 1,
            "b.c": 2,
            "d e": 3,
            "d e[1]": 3,
            "t": 7,
            "t.x.y": 8,
            "t.x.z[0]": 8,
            "r[0].s[0].k": 11,
        }
        assert {path: found[path] for path in wanted} == wanted
        assert (found["r[1].s[0]"], found["r[1].s[1].k"]) == (15, 17)
        assert "no" not in found

    def test_windows_line_ends_change_nothing(self):
        assert lines_of(GOOD.replace("\n", "\r\n")) == lines_of(GOOD)

    def test_what_is_not_there_stands_where_its_table_stands(self):
        found = lines_of(GOOD)
        assert line_of(found, "phases[1].caps[0].category") == 31
        assert line_of(found, "nothing") is None


caps = st.lists(
    st.builds(
        CapFile,
        measure=st.sampled_from(["wfh", "wfo"]),
        bound=st.sampled_from(["max", "min", "target"]),
        percent=st.integers(0, 100),
        denominator=st.sampled_from([None, "unit", "agency_unit"]),
        category=st.sampled_from([None, "admin", "public_service"]),
    ),
    min_size=1,
    max_size=4,
)


@settings(deadline=None, max_examples=50)
@given(caps)
def test_a_contradiction_is_found_for_a_hundred_exactly_if_there_is_one_for_a_thousand(stated):
    def clashes(headcount: int) -> bool:
        for denominator in ("unit", "agency_unit"):
            for category in (None, "admin", "public_service"):
                here = [
                    Cap(one.measure, one.bound, one.percent)
                    for one in stated
                    if (one.denominator or "unit") == denominator and one.category in (None, category)
                ]
                share = allowed(headcount, here) if here else None
                if share and share.least > share.most:
                    return True
        return False

    first = next((headcount for headcount in range(1, 1001) if clashes(headcount)), None)
    assert (checks.contradiction(stated) is None) == (first is None)


days = st.dates(date(2023, 8, 1), date(2023, 10, 31))


@st.composite
def some_phase(draw, name: str) -> PhaseFile:
    first, last = sorted(draw(st.tuples(days, days)))
    everywhere = draw(st.booleans())
    return PhaseFile(name, first, draw(st.sampled_from([last, None])), regions=() if everywhere else ("31",))


@given(some_phase("satu"), some_phase("dua"))
def test_the_phase_that_is_read_aloud_as_deciding_is_the_one_that_decides(one, other):
    both = checks.overlap(one, other)
    found = decides(one, other)
    if not both or found is None:
        return
    terms = [
        SchemeTerms(n, 1, "", phase.name, "", phase.starts, phase.ends, None, (), regions=phase.regions)
        for n, phase in enumerate((one, other))
    ]
    assert deciding(terms, both[0], region="31.74").phase == found[0].name


@given(some_phase("satu"), some_phase("dua"))
def test_two_phases_are_refused_exactly_if_neither_lies_in_the_other(one, other):
    def held(phase):
        last = phase.ends or date(2023, 12, 31)
        return {n for n in range(phase.starts.toordinal(), last.toordinal() + 1)}

    a, b = held(one), held(other)
    ambiguous = one.regions == other.regions and bool(a & b) and not (a < b or b < a)
    with_caps = {n: replace(phase, caps=(CapFile("wfh", "max", 50),)) for n, phase in enumerate((one, other))}
    found = {problem.code for problem in checks.phase_problems(with_caps)}
    assert found == ({"overlapping_phase"} if ambiguous else set())


def test_a_night_shift_is_in_order():
    night = changed("begins = 07:00:00", "begins = 22:00:00").replace(
        "finishes = 15:30:00", "finishes = 07:00:00"
    )
    night = night.replace("11:30:00", "02:00:00").replace("12:30:00", "03:00:00")
    parsed = reader.parse(night)
    assert parsed.problems == ()
    around = checks.windows_around(parsed.file.hours[0])
    assert around == Windows(time(21), time(22), time(7), time(10))


# -- The shipped files --

SHIPPED = reader.shipped()
STRUCTURE = {"code", "name", "reason", "notes"}
MARK = re.compile(r"#.*(\[src:[\w-]+\]|\[seed 00\d\]|\[derived\]|\[own knowledge, unverified\])")
IDS = [path.stem for path in SHIPPED]


def test_every_scheme_of_the_list_is_there():
    assert len(SHIPPED) == 14
    assert {"dki-2023-se-34", "menpanrb-2023-se-17", "inmendagri-2023-2", "tangsel-2023"} <= set(IDS)


@pytest.mark.parametrize("path", SHIPPED, ids=IDS)
def test_a_shipped_file_has_no_problem_and_the_name_of_its_code(path):
    parsed = reader.read(path)
    assert parsed.problems == ()
    assert parsed.file.code == path.stem


@pytest.mark.parametrize("path", SHIPPED, ids=IDS)
def test_every_fact_of_a_shipped_file_names_its_source(path):
    lines = path.read_text().split("\n")
    facts = [
        line
        for line in lines
        if re.match(r"\w+ =", line) and line.split()[0] not in STRUCTURE and not line.startswith("notes")
    ]
    assert facts and [line for line in facts if not MARK.search(line)] == []


@pytest.mark.parametrize("path", SHIPPED, ids=IDS)
def test_every_source_of_a_shipped_file_is_listed(path):
    listed_keys = set(re.findall(r"^\| `([\w-]+)` \|", (ROOT / "docs/sources.md").read_text(), re.MULTILINE))
    assert set(re.findall(r"\[src:([\w-]+)\]", path.read_text())) - listed_keys == set()


@pytest.mark.parametrize("path", SHIPPED, ids=IDS)
def test_a_shipped_file_names_offices_and_no_person(path):
    issuer = reader.read(path).file.document.issuer
    assert re.match(r"(Sekretaris Daerah|Menteri|Wali Kota|Gubernur|Kepala Badan) ?", issuer)


@pytest.mark.parametrize("path", SHIPPED, ids=IDS)
def test_a_shipped_file_can_be_read_aloud(path):
    file = reader.read(path).file
    told = explain(file) + " ".join(missing(file))
    assert "None" not in told and "_" not in told and "  " not in told and ".." not in told


def phases_of(name: str) -> tuple[PhaseFile, ...]:
    return reader.read(reader.find(name)).file.phases


def test_the_caps_of_the_shipped_files_are_those_of_the_documents():
    def shares(name: str, headcount: int) -> list[tuple[int, int]]:
        found = [
            allowed(headcount, [Cap(cap.measure, cap.bound, cap.percent) for cap in phase.caps])
            for phase in phases_of(name)
        ]
        return [(one.least, one.most) for one in found]

    assert shares("dki-2023-se-34", 33) == [(0, 16), (0, 24)]
    assert shares("depok-2023", 90) == [(0, 63)]
    assert shares("banten-2023", 5) == [(0, 2)]
    assert shares("dki-2020-se-38", 10) == [(5, 10)]  # at most half at the office
    assert shares("dki-2020-se-62", 10) == [(0, 5)]  # at least half at the office
    assert shares("dki-2020-se-48", 10) == [(8, 10)]  # at most a quarter at the office
    assert shares("dki-2026-se-2", 10) == [(0, 10)]  # as many as are cut off


def test_a_target_binds_nobody_and_has_an_open_end():
    (phase,) = phases_of("inmendagri-2023-2")
    assert {cap.bound for cap in phase.caps} == {"target"} and phase.ends is None


def test_tangsel_has_no_document_number_so_it_can_only_be_a_draft():
    file = reader.read(reader.find("tangsel-2023")).file
    assert file.document.number is None and not file.document.is_complete
    assert missing(file)[0] == "Nomor, judul, dan tanggal dokumen: tanpa itu skema tidak dapat diberlakukan."
    assert {one.post for one in file.exclusions} == {
        "treasurer",
        "supervisor_official",
        "activity_lead",
        None,
    }


# -- Read aloud --

SE_34 = """\
“SE Sekda 34/SE/2023” adalah skema kerja hibrida yang bersifat uji coba bagi pegawai ASN di lingkungan Pemerintah \
Provinsi DKI Jakarta. Dasar hukumnya dokumen nomor 34/SE/2023 tentang Pelaksanaan Tugas Kedinasan Dari Rumah, \
ditetapkan oleh Sekretaris Daerah Provinsi DKI Jakarta pada 18 Agustus 2023.

Yang boleh dijadwalkan bekerja dari rumah: PNS, PPPK, dan CPNS. Penyebut batas adalah seluruh pegawai ASN, termasuk \
yang sedang cuti; yang tidak dihitung: tenaga kontrak dan pegawai yang dipekerjakan di instansi lain.

Tahap 1, “Masa uji coba”: 21 Agustus 2023 sampai dengan 21 Oktober 2023, di semua unit kerja. Di tiap unit kerja \
terendah, paling banyak 50 persen pegawai ASN bekerja dari rumah. Contohnya, dari 7 pegawai paling banyak 3 orang di \
rumah dan dari 1 pegawai tidak seorang pun di rumah. Presensi masuk pukul 06.00 sampai 08.00, presensi pulang pukul \
16.00 sampai 18.00.

Tahap 2, “KTT ASEAN ke-43”: 4 September 2023 sampai dengan 7 September 2023, di semua unit kerja. Di tiap unit kerja \
terendah, paling banyak 75 persen pegawai ASN bekerja dari rumah. Contohnya, dari 7 pegawai paling banyak 5 orang di \
rumah dan dari 1 pegawai tidak seorang pun di rumah. Presensi masuk pukul 06.00 sampai 08.00, presensi pulang pukul \
16.00 sampai 18.00.

Tahap “Masa uji coba” dan “KTT ASEAN ke-43” sama-sama berlaku 4 September 2023 sampai dengan 7 September 2023. Yang \
menentukan adalah “KTT ASEAN ke-43”, karena masa berlakunya lebih pendek.

Bagi yang bekerja dari rumah, keterlambatan tidak dihitung di dalam jendela presensi, dan setiap hari kerja efektif \
diberi kredit 8 jam 30 menit. Presensi masih diterima sampai detik ke-59 dari menit penutupan. Yang bekerja dari rumah \
diminta menyertakan foto berpakaian dinas. Presensi tanpa tanda tangan perangkat tetap diterima dan diberi tanda bagi \
peninjau. Presensi dengan lokasi tiruan ditinjau atasan langsung.

Atasan langsung memverifikasi pegawai yang terundi pada pukul 10.00, 14.00, dan 16.00. Setiap kali diundi 10 persen \
dari yang bekerja dari rumah, paling banyak 2 kali per orang per hari; yang belum terundi selama 10 hari WFH \
didahulukan. Pegawai menjawab paling lama dalam 20 menit; satu panggilan video diperkirakan 5 menit.

Dikecualikan dari bekerja dari rumah: kategori layanan publik langsung (layanan langsung atau dukungan operasional \
yang tidak dapat dilakukan secara digital).

Jam kerja panduan perilaku WFH (kode wfh, hanya bagi yang dijadwalkan dengannya): Senin sampai Jumat pukul 07.30 \
sampai 16.00, 21 Agustus 2023 sampai dengan 21 Oktober 2023. Presensi masuk pukul 06.00 sampai 08.00, presensi pulang \
pukul 16.00 sampai 18.00.

Pakaian dinas, 21 Agustus 2023 sampai dengan 21 Oktober 2023: Senin dan Selasa: PDH khaki; Rabu: Kemeja putih; \
Kamis: Batik; Jumat: Baju sadariah.

Catatan: Atasan langsung dapat memerintahkan pegawai WFH bekerja di kantor karena alasan penting dan mendesak.

Catatan: Capaian kinerja harian dilaporkan dalam e-TPP setelah presensi pulang.

Catatan: Tanpa jadwal kerja yang diterbitkan, pegawai bekerja di kantor."""


def test_the_scheme_of_dki_is_told_word_for_word():
    assert explain(reader.read(reader.find("dki-2023-se-34")).file) == SE_34


def told(**changes) -> str:
    phase = PhaseFile("Satu", date(2023, 8, 21), caps=(CapFile("wfh", "max", 50),))
    return explain(SchemeFile("uji", "Uji", **({"phases": (phase,)} | changes)))


def test_a_national_scheme_is_told_as_a_warning_without_attendance():
    text = told(national=True)
    assert "tidak mengikat" in text and "Presensi" not in text and "verifikasi" not in text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"window_mode": "clock"}, "Keterlambatan dihitung dalam menit sejak jam mulai bekerja."),
        ({"credit_minutes": 450}, "diberi kredit 7 jam 30 menit."),
        ({"credit_minutes": 480}, "diberi kredit 8 jam."),
        ({"uniform_photo": False}, "Foto berpakaian dinas tidak diminta."),
        ({"signatures": "required"}, "Tanda tangan perangkat wajib ada."),
        ({"mock_policy": "note"}, "Lokasi tiruan hanya dicatat."),
        (
            {"only_grounds": ("pregnant", "night_nurse")},
            "pegawai yang hamil atau night nurse, dan alasannya tercatat.",
        ),
        ({"not_counted": ()}, "yang tidak dihitung: tenaga kontrak."),
    ],
)
def test_each_term_has_its_sentence(changes, sentence):
    assert sentence in told(**changes)


@pytest.mark.parametrize(
    ("caps", "sentence"),
    [
        ([("wfh", "max", 0)], "Di unit kerja terendah, tidak seorang pun bekerja dari rumah."),
        (
            [("wfh", "max", 100)],
            "Di tiap unit kerja terendah, jumlah yang bekerja dari rumah tidak dibatasi.",
        ),
        (
            [("wfo", "max", 25)],
            "dari 7 pegawai paling sedikit 6 orang di rumah dan dari 1 pegawai tepat 1 orang",
        ),
        (
            [("wfh", "target", 50)],
            "Di tiap unit kerja terendah, diupayakan 50 persen pegawai ASN bekerja dari rumah.",
        ),
        ([("wfh", "max", 50, "agency_unit")], "Di tiap perangkat daerah, paling banyak 50 persen"),
        (
            [("wfh", "max", 50, "unit", "admin")],
            "Kategori lain tidak disebut, sehingga tidak seorang pun di sana",
        ),
        ([("wfo", "max", 90), ("wfo", "min", 20)], "dari 7 pegawai 1 sampai 5 orang di rumah"),
    ],
)
def test_each_kind_of_cap_has_its_sentence(caps, sentence):
    phase = PhaseFile("Satu", date(2023, 8, 21), caps=tuple(CapFile(*cap) for cap in caps))
    assert sentence in told(phases=(phase,))


def test_places_exclusions_priorities_and_poolings_are_told():
    text = reader.parse(
        GOOD.replace('name = "Dua"\n', 'name = "Dua"\nunits = ["SETWAN", "BKD"]\nregions = ["31.74", "64"]\n')
        .replace('ground = "pregnant"\n', 'ground = "pregnant"\n[[priorities]]\ndomicile = ["32.76"]\n')
        .replace(
            '[[dress]]\ndress = "PDH"\n',
            '[[poolings]]\nunit = "U1"\nreason = "Nota 7"\n[[dress]]\ndress = "PDH"\n',
        )
        .replace(
            "[[exclusions]]\npost",
            '[[exclusions]]\nunit = "RSUD"\nreason = "Rumah sakit"\n[[exclusions]]\npost',
        )
        .replace("covers", "exempt_positions_may_rotate = true\ncovers")
    ).file
    spoken = explain(text)
    for sentence in (
        "hanya di unit SETWAN dan BKD beserta semua unit di bawahnya dan unit yang berkantor di wilayah "
        "Jakarta Selatan dan berkode 64.",
        "Yang menentukan adalah “Dua”, karena berlaku khusus bagi tempat tertentu.",
        "unit RSUD beserta semua unit di bawahnya (rumah sakit)",
        "jabatan bendahara (di kantor)",
        "Pemegang jabatan yang dikecualikan boleh ikut bergiliran.",
        "menurut urutan ini: yang hamil; yang berdomisili di Kota Depok.",
        "Unit U1 dihitung bersama unit induknya: Nota 7.",
    ):
        assert sentence in spoken


def test_hours_with_flexible_time_and_dress_of_a_unit_are_told():
    file = reader.parse(
        changed("finishes = 15:30:00", "finishes = 15:30:00\nflex_minutes = 60\nunit = 'DLH'").replace(
            'dress = "PDH"\n', 'dress = "PDH"\nunit = "DLH"\nends = 2023-12-31\n'
        )
    ).file
    spoken = explain(file)
    assert "Sif pertama (kode sif-1, hanya bagi yang dijadwalkan dengannya) bagi unit DLH" in spoken
    assert "Boleh masuk paling lama 60 menit lebih akhir" in spoken
    assert (
        "Presensi masuk pukul 06.00 sampai 08.00" in spoken
    )  # an hour before until the flexible time is over
    assert (
        "Pakaian dinas, 21 Agustus 2023 sampai dengan 31 Desember 2023: Senin sampai Jumat bagi unit DLH: PDH."
        in spoken
    )
    two = replace(
        file, dress=(*file.dress, replace(file.dress[0], dress="PDL", starts=date(2024, 1, 1), ends=None))
    )
    assert "; Senin sampai Jumat bagi unit DLH: PDL, mulai 1 Januari 2024 sampai" in explain(two)


def test_phases_apart_from_each_other_do_not_overlap():
    one = PhaseFile("Satu", date(2023, 8, 21), date(2023, 8, 25), caps=(CapFile("wfh", "max", 50),))
    other = replace(one, name="Dua", starts=date(2023, 8, 28), ends=None)
    assert "sama-sama berlaku" not in told(phases=(one, other))


def test_a_phase_of_another_scheme_is_told_with_who_decides():
    file = reader.parse(GOOD).file
    other = PhaseFile("Lain", date(2023, 10, 1), date(2023, 10, 3))
    (sentence,) = beside(file, "SE Lain", other, national=False)
    assert sentence == (
        "“Satu” dan “SE Lain, Lain” sama-sama berlaku 1 Oktober 2023 sampai dengan 3 Oktober 2023. "
        "Yang menentukan adalah “SE Lain, Lain”, karena masa berlakunya lebih pendek."
    )
    (warning,) = beside(file, "SE Pusat", other, national=True)
    assert warning.endswith("“SE Pusat, Lain” bersifat nasional dan hanya memberi peringatan.")
    same = replace(file.phases[0], name="Kembar")
    assert any("tidak jelas mana yang menentukan" in line for line in beside(file, "X", same, national=False))
    later = replace(other, ends=None), replace(other, starts=date(2023, 10, 2), ends=None)
    (told_later, *_) = beside(replace(file, phases=later[:1]), "X", later[1], national=False)
    assert "karena mulai berlaku lebih akhir" in told_later


def test_words_are_joined_as_indonesian_does():
    assert (
        listed(["a"]) == "a" and listed(["a", "b"]) == "a dan b" and listed("abc", "atau") == "a, b, atau c"
    )
    assert weekdays([1, 2, 3, 4, 5]) == "Senin sampai Jumat" and weekdays([5, 1]) == "Senin dan Jumat"
    assert period(date(2025, 8, 29), date(2025, 8, 29)) == "hanya Jumat, 29 Agustus 2025"


def test_what_a_bare_scheme_leaves_open_is_listed():
    phase = PhaseFile("Satu", date(2023, 8, 21), caps=(CapFile("wfh", "max", 50),))
    told_missing = missing(SchemeFile("uji", "Uji", phases=(phase,)))
    assert [line.split(":")[0] for line in told_missing] == [
        "Nomor, judul, penerbit, dan tanggal dokumen",
        "Tanggal akhir tahap 1",
        "Penyebut batas tahap 1",
        "Jendela presensi tahap 1",
        "Jenis pegawai",
        "Cara menghitung jendela presensi",
        "Jadwal verifikasi",
        "Ketentuan foto berpakaian dinas",
        "Kredit jam kerja per hari",
        "Pengecualian",
        "Jam kerja",
        "Pakaian dinas",
    ]
    assert [line.split(":")[0] for line in missing(reader.parse(GOOD).file)][
        -1
    ] == "Jendela presensi “Sif pertama”"


# -- The docs --


def test_every_key_is_documented_and_every_documented_key_exists():
    page = (ROOT / "docs/schemes.md").read_text()
    documented = set(re.findall(r"^\| `([\w.]+)` \|", page, re.MULTILINE))
    known = {f"{table}.{key}".lstrip(".") for table, keys in KEYS.items() for key in keys}
    assert documented == known


def test_the_worked_example_of_the_docs_is_sound():
    page = (ROOT / "docs/schemes.md").read_text()
    (example,) = re.findall(r"^```toml\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    assert reader.parse(example).problems == ()


def test_every_field_of_a_file_has_a_key():
    """A field that no key fills could never be said."""
    tables = {"phases", "exclusions", "poolings", "priorities", "hours", "dress", "document"}
    assert {field.name for field in fields(SchemeFile)} == set(KEYS[""]) | tables
