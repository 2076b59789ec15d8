"""JSON bodies: capped before they are read, strict, and free of what a database cannot store."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from rest_framework.exceptions import ParseError, ValidationError
from rest_framework.parsers import JSONParser

from policy.api.errors import PayloadTooLarge


class CappedJSONParser(JSONParser):
    """A JSONParser that answers 413 to a large body and 400 to everything that is not clean JSON."""

    def parse(self, stream, media_type=None, parser_context=None):
        _refuse_large(parser_context["request"].META)
        try:
            value = super().parse(stream, media_type, parser_context)
        except RecursionError:
            raise ParseError("JSON bersarang terlalu dalam.") from None
        _refuse_unstorable(value)
        return value


def _refuse_large(headers) -> None:
    length = headers.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > settings.HADIR_MAX_BODY_BYTES:
        raise PayloadTooLarge


def _refuse_unstorable(value: Any) -> None:
    """Walks the parsed value without recursion; NUL and lone surrogates are not text."""
    waiting = [("", value)]
    while waiting:
        field, item = waiting.pop()
        if isinstance(item, dict):
            waiting += [(name, name) for name in item]
            waiting += [(f"{field}.{name}".lstrip("."), below) for name, below in item.items()]
        elif isinstance(item, list):
            waiting += [(f"{field}.{index}".lstrip("."), below) for index, below in enumerate(item)]
        elif isinstance(item, str) and not _is_text(item):
            name = field.encode("ascii", "backslashreplace").decode().replace("\x00", "\\x00")
            raise ValidationError({name or "non_field_errors": "Teks memuat karakter yang tidak sah."})


def _is_text(text: str) -> bool:
    return "\x00" not in text and not any("\ud800" <= char <= "\udfff" for char in text)
