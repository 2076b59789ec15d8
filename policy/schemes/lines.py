"""Where a key of a TOML file stands: the standard library reads the values and forgets the lines. PURE."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import Any

_NUMBER = re.compile(r"\[\d+\]$")
_LAST = re.compile(r"\[\d+\]$|\.?[^.\[\]]+$")


def lines_of(text: str) -> dict[str, int]:
    """The line of every table and key by its path, such as phases[1].caps[0].percent; `text` is valid TOML."""
    found: dict[str, int] = {}
    counts: dict[str, int] = {}
    table = ""
    for line, statement, value in _statements(text):
        if statement.lstrip().startswith("["):
            table = _table(value, statement.lstrip().startswith("[["), counts)
            found.setdefault(table, line)
            found.setdefault(_NUMBER.sub("", table), line)
        else:
            _note(found, table, value, line)
    return found


def line_of(found: dict[str, int], path: str) -> int | None:
    """The line of a path; of what is not there, that of the nearest table around it."""
    while path and path not in found:
        path = _LAST.sub("", path)
    return found.get(path)


def _statements(text: str) -> Iterator[tuple[int, str, dict[str, Any]]]:
    """Each statement with its first line; one that goes on over several lines is read as soon as it is whole."""
    held: list[str] = []
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), 1):
        held.append(line)
        try:
            value = tomllib.loads("\n".join(held))
        except tomllib.TOMLDecodeError:
            continue
        yield number - len(held) + 1, "\n".join(held), value
        held = []


def _table(value: Any, is_array: bool, counts: dict[str, int]) -> str:
    """The path of a header; [[phases]] opens the next of its tables, and below it counting starts anew."""
    path = ""
    while value:
        (key, inner), *_ = value.items()
        path = join(path, key)
        value = inner[0] if isinstance(inner, list) else inner
        if is_array and not value:
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = f"{path}[{counts[path]}]"
    return path


def _note(found: dict[str, int], path: str, value: Any, line: int) -> None:
    """Everything inside a statement stands on its first line."""
    if path:
        found.setdefault(path, line)
    if isinstance(value, dict):
        for key, inner in value.items():
            _note(found, join(path, key), inner, line)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            _note(found, f"{path}[{number}]", inner, line)


def join(path: str, key: str) -> str:
    """A key below a path."""
    return f"{path}.{key}" if path else key
