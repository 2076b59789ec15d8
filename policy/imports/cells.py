"""What a cell of a file says: text, numbers of people, dates, coordinates. PURE.

A cell arrives as a spreadsheet gives it (text, number, date) or as text from CSV. What cannot be read raises Fault.
Numbers of people and codes must be text: a spreadsheet keeps 15 digits of a NIP and drops a leading zero.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import cache
from typing import Any

from policy.identifiers import clean_nip

Read = Callable[[Any], Any]

# What spreadsheets show instead of a value that they could not work out.
_NOT_WORKED_OUT = {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "########"}
_SCIENTIFIC = re.compile(r"[+-]?\d+([.,]\d+)?[eE][+-]?\d+")
_SLUG = re.compile(r"[-a-zA-Z0-9_]+")
_REGION = re.compile(r"\d\d(\.\d\d(\.\d\d(\.\d{4})?)?)?")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?)?")
_LOCAL = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_DECIMAL = re.compile(r"[+-]?\d+(?:[.,]\d+)?")
_PADDING = " \u00a0\ufeff"  # what people do not see around a word; a tab is kept, an export may have one
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_ESCAPED = re.compile(r"'+[=+\-@\t\r]")
_EVALUATED = re.compile(r"'*[=+\-@\t\r]")
FIRST, LAST = date(1950, 1, 1), date(2100, 12, 31)  # outside lies a slip of the year


class Fault(ValueError):
    """What is wrong: a stable `code` (policy.imports.faults), what its sentence names, and in which column."""

    def __init__(self, code: str, column: str = "", **about: object) -> None:
        super().__init__(code)
        self.code, self.column, self.detail = code, column, ""
        self.about = {name: str(value) for name, value in about.items()}


def safe(text: str) -> str:
    """A text for CSV that no spreadsheet takes for a formula; reading the cell gives the text back."""
    return f"'{text}" if _EVALUATED.match(text) else text


def quoted(text: str) -> str:
    """A text for a cell that is a string anyway; reading the cell gives the text back."""
    return f"'{text}" if _ESCAPED.match(text) else text


def is_blank(value: object) -> bool:
    """Whether there is nothing in a cell."""
    return value is None or (isinstance(value, str) and not value.strip(_PADDING))


def text(most: int = 200) -> Read:
    """Reads a word or a name of at most so many characters; "" for a blank cell."""

    def read(value: Any) -> str:
        found = _text(value)
        if len(found) > most:
            raise Fault("too_long", most=most)
        return found

    return read


def _text(value: Any) -> str:
    """The text of a cell; a whole number is written as one."""
    if value is None:
        return ""
    if isinstance(value, bool | date) or not isinstance(value, str | int | float):
        raise Fault("not_text", value=value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    found = str(value)
    if _UNSTORABLE.search(found):
        raise Fault("bad_character")
    if found.strip(_PADDING) in _NOT_WORKED_OUT:
        raise Fault("not_worked_out", value=found)
    return found[1:] if _ESCAPED.match(found) else found.strip(_PADDING)


def code(most: int = 40) -> Read:
    """Reads a code, which must be text in a spreadsheet: 01.02 is no number."""
    words = text(most)

    def read(value: Any) -> str:
        _refuse_number(value)
        return str(words(value))

    return read


def _refuse_number(value: Any) -> None:
    """A number or a date where digits are a name: something is lost already."""
    if isinstance(value, bool | int | float | date):
        raise Fault("number_cell", value=value)
    if isinstance(value, str) and _SCIENTIFIC.fullmatch(value.strip(_PADDING)) and "E+" in value.upper():
        raise Fault("number_cell", value=value)


def slug(most: int = 40) -> Read:
    """Reads a code of letters, digits, hyphens and underscores."""
    read_code = code(most)

    def read(value: Any) -> str:
        found = str(read_code(value))
        if found and not _SLUG.fullmatch(found):
            raise Fault("bad_code", value=found)
        return found

    return read


def region(value: Any) -> str:
    """A Kemendagri code such as 31.74.02, or "" (domain reference 3.3)."""
    found = str(code(40)(value))
    if found and not _REGION.fullmatch(found):
        raise Fault("bad_region", value=found)
    return found


def nrk(value: Any) -> str:
    """The agency's own number of a person, or ""."""
    return str(code(20)(value)).replace(" ", "")


def nip(value: Any) -> str:
    """The 18 digits of a NIP, or ""."""
    found = str(code(40)(value))
    if not found:
        return ""
    try:
        return clean_nip(found)
    except ValueError:
        raise Fault("bad_nip") from None


def number(value: Any) -> str:
    """An NRK or a NIP, to look somebody up by, or ""."""
    return re.sub(r"[ .]", "", str(code(40)(value)))


def day(value: Any) -> date | None:
    """A date: of the spreadsheet, ISO (2023-08-21) or local (21/08/2023)."""
    if is_blank(value):
        return None
    found = _day(value)
    if found is None:
        raise Fault("bad_date", value=value)
    if not FIRST <= found <= LAST:
        raise Fault("date_out_of_range", value=found)
    return found


def _day(value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.date() if (value.hour, value.minute, value.second) == (0, 0, 0) else None
    if isinstance(value, date):
        return value
    if not isinstance(value, str):
        return None
    iso, local = _ISO.fullmatch(value.strip(_PADDING)), _LOCAL.fullmatch(value.strip(_PADDING))
    parts = iso.groups() if iso else local.groups()[::-1] if local else None
    try:
        return date(*map(int, parts)) if parts else None
    except ValueError:
        return None


def decimal(value: Any) -> float | None:
    """A finite number, written with a point or a comma."""
    if is_blank(value):
        return None
    if isinstance(value, str):
        written = _text(value)
        if not _DECIMAL.fullmatch(written):
            raise Fault("not_a_number", value=written)
        return float(written.replace(",", "."))
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise Fault("not_a_number", value=value)
    return float(value)


def count(value: Any) -> int:
    """A whole number from 0 to 32767; a blank cell is 0."""
    found = decimal(value) or 0.0
    if not found.is_integer() or not 0 <= found <= 32767:
        raise Fault("not_a_count", value=value)
    return int(found)


def choice(choices: Iterable[tuple[str, Any]], **others: str) -> Read:
    """Reads one of several words: a label as pages show it, its code, or another word; "" for a blank cell."""

    @cache  # labels are translated, which is possible only once the installation has started
    def known() -> dict[str, str]:
        words = [(word, key) for key, label in choices for word in (key, str(label))]
        # Of two with one label (WIB), the first.
        return {_folded(word): key for word, key in reversed([*words, *others.items()])}

    def read(value: Any) -> str:
        found = _text(value)
        if found and _folded(found) not in known():
            raise Fault("unknown_choice", value=found, choices=", ".join(str(label) for _, label in choices))
        return known().get(_folded(found), "")

    return read


def _folded(word: str) -> str:
    return re.sub(r"[\s\-_]+", " ", word).strip().casefold()


def heading(value: Any) -> str:
    """A heading as it is compared: without case, doubled spaces, or the star of a needed column."""
    return re.sub(r"\s+", " ", str(value or "").replace("*", " ")).strip(" \u00a0\ufeff").casefold()


def geometry(value: Any) -> Any:
    """The JSON of a cell, or None."""
    if is_blank(value) or isinstance(value, dict):
        return value or None
    try:
        return json.loads(_text(value))
    except (ValueError, RecursionError):
        raise Fault("bad_json") from None
