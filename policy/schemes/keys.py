"""Every key that a scheme file may have, and what its value has to be. PURE."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from typing import Any, NamedTuple

from policy.schemes.values import (
    ABSENCES,
    CATEGORIES,
    DENOMINATORS,
    KINDS,
    MOCK_POLICIES,
    SIGNATURES,
    WINDOW_MODES,
)


class Fault(NamedTuple):
    """What is wrong with a value: where inside of it, a code, a sentence."""

    inside: str
    code: str
    detail: str


Check = Callable[[Any], Iterator[Fault]]


class Key(NamedTuple):
    """A key of a table: what its value has to be, and whether it has to be there."""

    check: Check
    required: bool = False


def _text(most: int, shape: str = "", example: str = "") -> Check:
    def check(value: Any) -> Iterator[Fault]:
        if not isinstance(value, str):
            yield Fault("", "wrong_type", "Isinya harus teks di antara tanda kutip.")
        elif not value.strip():
            yield Fault("", "empty", "Teks ini kosong. Hapus barisnya bila isinya tidak diketahui.")
        elif len(value) > most:
            yield Fault("", "too_long", f"Teks paling panjang {most} huruf.")
        elif shape and not re.fullmatch(shape, value):
            yield Fault("", "bad_shape", f"Tulisannya tidak sesuai. Contoh: {example}.")

    return check


def _number(low: int, high: int) -> Check:
    def check(value: Any) -> Iterator[Fault]:
        if not isinstance(value, int) or isinstance(value, bool):
            yield Fault("", "wrong_type", "Isinya harus bilangan bulat tanpa tanda kutip.")
        elif not low <= value <= high:
            yield Fault("", "out_of_range", f"Nilainya harus {low} sampai {high}.")

    return check


def _flag(value: Any) -> Iterator[Fault]:
    if not isinstance(value, bool):
        yield Fault("", "wrong_type", "Isinya harus true atau false.")


def _day(value: Any) -> Iterator[Fault]:
    if not isinstance(value, date) or isinstance(value, datetime):
        yield Fault("", "wrong_type", "Isinya harus tanggal tanpa tanda kutip, misalnya 2023-08-21.")


def _clock(value: Any) -> Iterator[Fault]:
    if not isinstance(value, time):
        yield Fault("", "wrong_type", "Isinya harus jam tanpa tanda kutip, misalnya 06:00:00.")
    elif value.second or value.microsecond:
        yield Fault("", "not_a_whole_minute", "Jam ditulis sampai menit, misalnya 06:00:00.")


def _word(*words: str) -> Check:
    def check(value: Any) -> Iterator[Fault]:
        if not isinstance(value, str):
            yield Fault("", "wrong_type", "Isinya harus teks di antara tanda kutip.")
        elif value not in words:
            yield Fault("", "unknown_word", f"Pilihannya: {', '.join(words)}.")

    return check


def _list(of: Check, *, filled: bool = False) -> Check:
    def check(value: Any) -> Iterator[Fault]:
        if not isinstance(value, list):
            yield Fault("", "wrong_type", "Isinya harus daftar di antara tanda [ dan ].")
            return
        if filled and not value:
            yield Fault("", "empty", "Daftar ini kosong. Hapus barisnya bila isinya tidak diketahui.")
        for number, one in enumerate(value):
            yield from (Fault(f"[{number}]{fault.inside}", *fault[1:]) for fault in of(one))
            if one in value[:number]:
                yield Fault(f"[{number}]", "written_twice", "Isi ini sudah disebut sebelumnya.")

    return check


_CODE = _text(40, r"[a-z0-9][a-z0-9_-]*", "treasurer")
_UNIT = _text(40)
_REGION = _text(13, r"\d\d(\.\d\d(\.\d\d(\.\d{4})?)?)?", "31.74 atau 31.74.02")
_WEEKDAYS = _list(_number(1, 7), filled=True)

# Every key that a file may have, by its table.
KEYS: dict[str, dict[str, Key]] = {
    "": {
        "code": Key(_text(60, r"[a-z0-9][a-z0-9-]*", "dki-2023-se-34"), True),
        "name": Key(_text(200), True),
        "national": Key(_flag),
        "addressed_to": Key(_text(300)),
        "is_trial": Key(_flag),
        "covers": Key(_list(_word(*KINDS), filled=True)),
        "only_grounds": Key(_list(_CODE)),
        "not_counted": Key(_list(_word(*ABSENCES))),
        "exempt_positions_may_rotate": Key(_flag),
        "window_mode": Key(_word(*WINDOW_MODES)),
        "credit_minutes": Key(_number(0, 1440)),
        "closing_second": Key(_number(0, 59)),
        "uniform_photo": Key(_flag),
        "signatures": Key(_word(*SIGNATURES)),
        "mock_policy": Key(_word(*MOCK_POLICIES)),
        "slots": Key(_list(_clock)),
        "draw_percent": Key(_number(1, 100)),
        "daily_cap": Key(_number(0, 100)),
        "overdue_days": Key(_number(0, 1000)),
        "answer_minutes": Key(_number(1, 1440)),
        "call_minutes": Key(_number(1, 1440)),
        "notes": Key(_list(_text(500))),
    },
    "document": {
        "number": Key(_text(80)),
        "title": Key(_text(300)),
        "issuer": Key(_text(120)),
        "issued_on": Key(_day),
    },
    "phases": {
        "name": Key(_text(120), True),
        "starts": Key(_day, True),
        "ends": Key(_day),
        "in_opens": Key(_clock),
        "in_closes": Key(_clock),
        "out_opens": Key(_clock),
        "out_closes": Key(_clock),
        "units": Key(_list(_UNIT, filled=True)),
        "regions": Key(_list(_REGION, filled=True)),
    },
    "phases.caps": {
        "measure": Key(_word("wfh", "wfo"), True),
        "bound": Key(_word("max", "min", "target"), True),
        "percent": Key(_number(0, 100), True),
        "denominator": Key(_word(*DENOMINATORS)),
        "category": Key(_word(*CATEGORIES)),
    },
    "exclusions": {
        "reason": Key(_text(200), True),
        "unit": Key(_UNIT),
        "category": Key(_word(*CATEGORIES)),
        "post": Key(_CODE),
    },
    "poolings": {"unit": Key(_UNIT, True), "reason": Key(_text(200), True)},
    "priorities": {
        "ground": Key(_CODE),
        "domicile": Key(_list(_REGION, filled=True)),
        "office": Key(_list(_REGION, filled=True)),
    },
    "hours": {
        "name": Key(_text(120), True),
        "code": Key(_CODE),
        "starts": Key(_day, True),
        "ends": Key(_day),
        "unit": Key(_UNIT),
        "weekdays": Key(_WEEKDAYS),
        "begins": Key(_clock, True),
        "finishes": Key(_clock, True),
        "break_begins": Key(_clock),
        "break_finishes": Key(_clock),
        "flex_minutes": Key(_number(0, 720)),
        "in_opens": Key(_clock),
        "in_closes": Key(_clock),
        "out_opens": Key(_clock),
        "out_closes": Key(_clock),
    },
    "dress": {
        "dress": Key(_text(120), True),
        "starts": Key(_day, True),
        "ends": Key(_day),
        "unit": Key(_UNIT),
        "weekdays": Key(_WEEKDAYS),
    },
}
WINDOWS = ("in_opens", "in_closes", "out_opens", "out_closes")
