"""What awkward cells say: numbers that a spreadsheet has spoiled, dates of three kinds, formulas."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.imports import cells
from policy.imports.cells import Fault, quoted, safe

NIP = "198508172010011001"


def code_of(read, value) -> str:
    with pytest.raises(Fault) as caught:
        read(value)
    return caught.value.code


@pytest.mark.parametrize(
    "value",
    [
        1.98508172010011e17,
        198508172010011000,
        "1.98508172010011E+17",
        "1,98508E+17",
        123456,
        12345.0,
        date(2023, 1, 2),
    ],
)
def test_a_number_of_a_person_that_a_spreadsheet_made_a_number_is_refused(value):
    assert (
        code_of(cells.nip, value)
        == code_of(cells.nrk, value)
        == code_of(cells.number, value)
        == "number_cell"
    )


@pytest.mark.parametrize(
    "value", ["198508172010011001", "19850817 201001 1 001", " 19850817.201001.1.001 ", "\ufeff" + NIP]
)
def test_a_nip_is_18_digits_however_it_is_written(value):
    assert cells.nip(value) == NIP


@pytest.mark.parametrize(
    "value", ["198013302010012005", "19850817201013200", "198508172010011000", "abc", "'", "1e5"]
)
def test_what_is_no_nip_is_refused(value):
    assert code_of(cells.nip, value) == "bad_nip"


@pytest.mark.parametrize("value", [None, "", "  ", "\u00a0"])
def test_a_blank_cell_is_nothing(value):
    assert cells.nip(value) == cells.nrk(value) == cells.text()(value) == cells.region(value) == ""
    assert cells.day(value) is cells.decimal(value) is None and cells.count(value) == 0


def test_a_leading_zero_stays_in_text():
    assert cells.nrk("012345") == "012345" and cells.code()(" 01.02 ") == "01.02"


@pytest.mark.parametrize("value", ["1E5", "01e+", "E+5", "U1E+2x"])
def test_a_code_that_only_looks_scientific_is_a_code(value):
    assert cells.code()(value) == value


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("2023-08-21", date(2023, 8, 21)),
        ("2023-8-1", date(2023, 8, 1)),
        ("21/08/2023", date(2023, 8, 21)),
        (" 1/8/2023 ", date(2023, 8, 1)),
        ("2023-08-21 00:00:00", date(2023, 8, 21)),
        ("2023-08-21T00:00", date(2023, 8, 21)),
        (date(2023, 8, 21), date(2023, 8, 21)),
        (datetime(2023, 8, 21), date(2023, 8, 21)),  # noqa: DTZ001 - a spreadsheet knows no zone
    ],
)
def test_a_date_of_a_spreadsheet_an_iso_date_and_a_local_one_are_dates(value, found):
    assert cells.day(value) == found


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("31/02/2023", "bad_date"),
        ("8/21/2023", "bad_date"),
        ("21/08/23", "bad_date"),
        ("21 Agustus 2023", "bad_date"),
        ("2023-08-21 07:10", "bad_date"),
        (datetime(2023, 8, 21, 7, 10), "bad_date"),  # noqa: DTZ001
        (45159, "bad_date"),
        (True, "bad_date"),
        ("21/08/0023", "date_out_of_range"),
        ("2203-08-21", "date_out_of_range"),
        ("1900-01-00", "bad_date"),
    ],
)
def test_what_is_no_date_is_refused(value, code):
    assert code_of(cells.day, value) == code


@pytest.mark.parametrize(
    ("value", "found"),
    [("-6,1818", -6.1818), ("-6.1818", -6.1818), (150, 150.0), ("+7", 7.0), ("'-6.5", -6.5)],
)
def test_a_number_is_written_with_a_point_or_a_comma(value, found):
    assert cells.decimal(value) == found


@pytest.mark.parametrize(
    "value", ["1.234,5", "6°10'", "1e400", "nan", float("nan"), float("inf"), True, date(2023, 1, 1), "#N/A"]
)
def test_what_is_no_number_is_refused(value):
    assert code_of(cells.decimal, value) in ("not_a_number", "not_worked_out")


@pytest.mark.parametrize("value", [-1, 1.5, 40000, "-1"])
def test_a_count_is_whole_and_not_negative(value):
    assert code_of(cells.count, value) == "not_a_count"


@pytest.mark.parametrize(
    ("value", "code"),
    [("a\x00b", "bad_character"), ("\ud800", "bad_character"), (date(2023, 1, 2), "not_text"), (True, "not_text"),
     ("#REF!", "not_worked_out"), ("x" * 201, "too_long")],
)  # fmt: skip
def test_what_is_no_text_is_refused(value, code):
    assert code_of(cells.text(), value) == code


def test_a_whole_number_under_a_word_is_written_out():
    assert cells.text()(12.0) == "12" and cells.text()(7) == "7"


@pytest.mark.parametrize("value", ["wfh", " WFH ", "Dari rumah", "dari-rumah", "DARI_RUMAH"])
def test_a_choice_is_a_label_a_code_or_another_word(value):
    assert cells.choice([("wfh", "WFH"), ("wfo", "WFO")], **{"dari rumah": "wfh"})(value) == "wfh"


def test_of_two_choices_with_one_label_the_label_means_the_first():
    zones = cells.choice([("Asia/Jakarta", "WIB"), ("Asia/Pontianak", "WIB")])
    assert (zones("wib"), zones("Asia/Pontianak")) == ("Asia/Jakarta", "Asia/Pontianak")


def test_an_unknown_choice_names_the_known_ones():
    with pytest.raises(Fault) as caught:
        cells.choice([("wfh", "WFH"), ("wfo", "WFO")])("WFA")
    assert caught.value.about == {"value": "WFA", "choices": "WFH, WFO"}


@pytest.mark.parametrize("value", ["31", "31.74", "31.74.02", "31.74.02.1001"])
def test_a_region_is_a_code_of_the_ministry(value):
    assert cells.region(value) == value
    assert code_of(cells.region, value + ".9") == "bad_region"


@pytest.mark.parametrize("value", ["[" * 5000, "{", "nan{"])
def test_a_geometry_that_is_no_json_is_refused(value):
    assert code_of(cells.geometry, value) == "bad_json"


@pytest.mark.parametrize("text", ["=1+1", "+62812", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "'=1", "''@x"])
def test_no_text_of_a_csv_file_is_a_formula(text):
    assert safe(text)[0] == "'" and safe(text)[1:] == text


DANGEROUS = st.text(alphabet="=+-@\t\r' aZ1\u00e9", max_size=8).map(lambda text: text.strip(" "))


@given(DANGEROUS)
def test_reading_gives_back_what_was_written(text):
    assert cells.text()(safe(text)) == text
    assert cells.text()(quoted(text)) == text


@given(DANGEROUS)
def test_nothing_written_begins_like_a_formula(text):
    assert not safe(text).startswith(("=", "+", "-", "@", "\t", "\r"))


@given(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=40), st.dates(), st.datetimes()
    )
)
def test_any_cell_is_read_or_refused(value):
    for read in (cells.text(), cells.code(), cells.slug(), cells.region, cells.nrk, cells.nip, cells.number, cells.day,
                 cells.decimal, cells.count, cells.geometry, cells.choice([("a", "A")])):  # fmt: skip
        try:
            read(value)
        except Fault as fault:
            assert fault.code
