"""Reads a scheme out of a TOML file, and says everything that is wrong with it and where. PURE.

What each key means stands in docs/schemes.md. A key that is not known is a problem: a typing error must not
silently be no rule.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

from policy.calendar import Windows
from policy.schemes import checks
from policy.schemes.keys import KEYS, WINDOWS
from policy.schemes.lines import join, line_of, lines_of
from policy.schemes.values import (
    CapFile,
    DocumentFile,
    DressFile,
    ExclusionFile,
    HoursFile,
    PhaseFile,
    PoolingFile,
    PriorityFile,
    Problem,
    SchemeFile,
)

SHIPPED = Path(__file__).parent


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a text came to: the scheme, unless a part of it could not be read, and all problems."""

    file: SchemeFile | None
    problems: tuple[Problem, ...]


def find(name: str) -> Path:
    """The path of a scheme file: a path, or the bare name of one in policy/schemes/."""
    path = Path(name)
    return path if path.suffix or path.exists() else SHIPPED / f"{name}.toml"


def shipped() -> list[Path]:
    """The scheme files that come with the project."""
    return sorted(SHIPPED.glob("*.toml"))


def read(path: Path) -> Parsed:
    """The scheme in a file."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return Parsed(None, (Problem("not_toml", "berkas", "Berkas ini bukan teks UTF-8."),))
    return parse(text)


def parse(text: str) -> Parsed:
    """The scheme in a TOML text, with all problems in the order of the lines."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return Parsed(None, (Problem("not_toml", _where_of(error), f"Bukan TOML yang sah: {error}."),))
    reading = _Reading(lines_of(text))
    file = _scheme(reading, data)
    return Parsed(file, reading.told())


def _where_of(error: tomllib.TOMLDecodeError) -> str:
    found = re.search(r"at line (\d+)", str(error))
    return f"baris {found[1]}" if found else "akhir berkas"


@dataclass(slots=True)
class _Reading:
    """The lines of a text, and what was found wrong so far."""

    lines: dict[str, int]
    problems: list[Problem] = field(default_factory=list)

    def tell(self, where: str, code: str, detail: str) -> None:
        self.problems.append(Problem(code, where, detail))

    def told(self) -> tuple[Problem, ...]:
        """The problems by line, each with its line."""
        found = [(line_of(self.lines, one.where), one) for one in self.problems]
        found.sort(key=lambda pair: pair[0] or 0)
        return tuple(Problem(one.code, _place(one.where, line), one.detail) for line, one in found)


def _place(where: str, line: int | None) -> str:
    return f"{where}, baris {line}" if line else where


def _scheme(reading: _Reading, data: Mapping[str, Any]) -> SchemeFile | None:
    """The scheme; None where a part of it could not be read. What could be read is checked all the same."""
    values = _values(reading, data, "")
    document = DocumentFile(**_table(reading, data, "document"))
    phases = _rows(reading, data, "phases", _phase)
    exclusions = _rows(reading, data, "exclusions", _as(ExclusionFile))
    poolings = _rows(reading, data, "poolings", _as(PoolingFile))
    priorities = _rows(reading, data, "priorities", _as(PriorityFile))
    hours = _rows(reading, data, "hours", _hours)
    dress = _rows(reading, data, "dress", _as(DressFile))
    is_whole = not reading.problems
    if phases or not data.get("phases"):
        reading.problems += checks.phase_problems(phases)
    reading.problems += checks.slot_problems(values.get("slots", ()))
    reading.problems += checks.choice_problems(exclusions, priorities)
    reading.problems += checks.pattern_problems(hours, dress)
    if not is_whole:
        return None
    file = SchemeFile(
        **values,
        document=document,
        phases=tuple(phases.values()),
        exclusions=tuple(exclusions.values()),
        poolings=tuple(poolings.values()),
        priorities=tuple(priorities.values()),
        hours=tuple(hours.values()),
        dress=tuple(dress.values()),
    )
    reading.problems += checks.national_problems(file)
    return file


Row = Mapping[str, Any]
Build = Callable[["_Reading", Row, str], "T | None"]


def _as(made: Callable[..., T]) -> Build[T]:
    """Builds a row out of nothing but its own keys."""

    def build(reading: _Reading, row: Row, where: str) -> T | None:
        values = _values(reading, row, where)
        return made(**values) if _is_complete(values, where) else None

    return build


def _phase(reading: _Reading, row: Row, where: str) -> PhaseFile | None:
    values = _values(reading, row, where)
    caps = _rows(reading, row, f"{where}.caps", _as(CapFile))
    windows = _windows(reading, values, where)
    if not _is_complete(values, where):
        return None
    return PhaseFile(**values, windows=windows, caps=tuple(caps.values()))


def _hours(reading: _Reading, row: Row, where: str) -> HoursFile | None:
    values = _values(reading, row, where)
    windows = _windows(reading, values, where)
    return HoursFile(**values, windows=windows) if _is_complete(values, where) else None


def _is_complete(values: Row, path: str) -> bool:
    """Whether every required key of a table could be read."""
    return all(name in values for name, key in KEYS[_of(path)].items() if key.required)


def _windows(reading: _Reading, values: dict[str, Any], where: str) -> Windows | None:
    """The four window times out of the values of a row: all of them or none."""
    times = [values.pop(name, None) for name in WINDOWS]
    if None not in times:
        return Windows(*times)
    if any(times):
        missing = ", ".join(name for name, at in zip(WINDOWS, times, strict=True) if at is None)
        reading.tell(
            where, "windows_incomplete", f"Jendela presensi belum lengkap. Yang belum ada: {missing}."
        )
    return None


def _rows(reading: _Reading, data: Row, path: str, build: Build[T]) -> dict[int, T]:
    """The tables of an array by their number, those that could not be read left out."""
    rows = data.get(path.rpartition(".")[2], [])
    if not isinstance(rows, list):
        reading.tell(path, "wrong_type", f"Setiap bagian ini diawali baris [[{_of(path)}]].")
        return {}
    made = {}
    for number, row in enumerate(rows):
        before = len(reading.problems)
        where = f"{path}[{number}]"
        if not isinstance(row, dict):
            reading.tell(where, "wrong_type", f"Setiap bagian ini diawali baris [[{_of(path)}]].")
            continue
        one = build(reading, row, where)
        if one is not None and len(reading.problems) == before:
            made[number] = one
    return made


def _table(reading: _Reading, data: Row, path: str) -> dict[str, Any]:
    row = data.get(path, {})
    if isinstance(row, dict):
        return _values(reading, row, path)
    reading.tell(path, "wrong_type", f"Bagian ini diawali baris [{path}].")
    return {}


def _values(reading: _Reading, row: Row, path: str) -> dict[str, Any]:
    """The values of one table that are right, lists as tuples; the rest is told."""
    table = _of(path)
    known = KEYS[table]
    below = [one.rpartition(".")[2] for one in KEYS if one and one.rpartition(".")[0] == table]
    for name in row:
        if name not in (*known, *below):
            hint = _nearest(name, [*known, *below])
            reading.tell(join(path, name), "unknown_key", f"Kunci ini tidak dikenal. {hint}")
    right = {}
    for name, key in known.items():
        where = join(path, name)
        if name not in row:
            if key.required:
                reading.tell(where, "missing_key", "Kunci ini wajib ada.")
            continue
        faults = list(key.check(row[name]))
        for fault in faults:
            reading.tell(f"{where}{fault.inside}", fault.code, fault.detail)
        if not faults:
            right[name] = tuple(row[name]) if isinstance(row[name], list) else row[name]
    return right


def _nearest(name: str, known: list[str]) -> str:
    """A hint at what was probably meant."""
    close = get_close_matches(name, known, 1)
    return f"Mungkin maksudnya {close[0]}." if close else f"Yang dikenal: {', '.join(known)}."


def _of(path: str) -> str:
    """The table of a path: phases.caps of phases[1].caps[0]."""
    return re.sub(r"\[\d+\]", "", path)
