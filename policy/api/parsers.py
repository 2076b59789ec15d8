"""JSON bodies: strict, and free of what a database cannot store."""

from __future__ import annotations

from typing import Any

from rest_framework.exceptions import ParseError, ValidationError
from rest_framework.parsers import JSONParser


class CleanJSONParser(JSONParser):
    """A JSONParser that answers 400 to everything that is not clean JSON; the middleware has capped the body."""

    def parse(self, stream, media_type=None, parser_context=None):
        try:
            value = super().parse(stream, media_type, parser_context)
        except RecursionError:
            raise ParseError("JSON bersarang terlalu dalam.") from None
        _refuse_unstorable(value)
        return value


def _refuse_unstorable(value: Any) -> None:
    """Walks the parsed value without recursion; NUL and lone surrogates are not text.

    The way to an item is kept as a chain, and written out for the offender alone: a body can be small and its
    names, repeated in every path, large.
    """
    waiting: list[tuple[Any, Any]] = [(None, value)]
    while waiting:
        way, item = waiting.pop()
        if isinstance(item, dict):
            waiting += [((way, name), below) for name, below in item.items()]
            waiting += [((way, name), name) for name in item]
        elif isinstance(item, list):
            waiting += [((way, index), below) for index, below in enumerate(item)]
        elif isinstance(item, str) and not _is_text(item):
            raise ValidationError({_written(way): "Teks memuat karakter yang tidak sah."})


def _written(way: Any) -> str:
    """The dotted name of an item, fit to be printed."""
    names: list[str] = []
    while way is not None:
        way, name = way
        names.insert(0, str(name))
    text = ".".join(names)[:200].encode("ascii", "backslashreplace").decode()
    return text.replace("\x00", "\\x00") or "non_field_errors"


def _is_text(text: str) -> bool:
    return "\x00" not in text and not any("\ud800" <= char <= "\udfff" for char in text)
