"""Serializer fields that take exactly what they say: no strings for numbers, no naive times."""

from __future__ import annotations

import math
from datetime import UTC, datetime

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers


class NumberField(serializers.FloatField):
    """A finite JSON number; a string, a boolean, NaN and infinity are refused."""

    default_error_messages = {
        "invalid": _("Harus berupa bilangan."),
        "not_finite": _("Harus berupa bilangan berhingga."),
    }

    def to_internal_value(self, data) -> float:
        if isinstance(data, bool) or not isinstance(data, (int, float)):
            self.fail("invalid")
        try:
            value = float(data)
        except OverflowError:
            self.fail("not_finite")
        if not math.isfinite(value):
            self.fail("not_finite")
        return value


class WholeNumberField(serializers.IntegerField):
    """A JSON integer; a string, a boolean and a fraction are refused."""

    def to_internal_value(self, data) -> int:
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        return data


class SwitchField(serializers.BooleanField):
    """A JSON true or false (or null where allowed), nothing that merely looks like one."""

    def to_internal_value(self, data) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class IdField(serializers.UUIDField):
    """A UUID in its text form."""

    def to_internal_value(self, data):
        if not isinstance(data, str):
            self.fail("invalid", value=data)
        return super().to_internal_value(data)


class InstantField(serializers.DateTimeField):
    """An RFC 3339 time with its zone, from 2000 to 2100; comes out in UTC."""

    default_error_messages = {
        "invalid": _("Harus berupa waktu RFC 3339 dengan zona waktu, misalnya 2023-08-21T07:10:00+07:00."),
        "out_of_range": _("Tahun harus antara 2000 dan 2100."),
    }

    def to_internal_value(self, value) -> datetime:
        try:
            moment = parse_datetime(value) if isinstance(value, str) else None
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None:
            self.fail("invalid")
        if not 2000 <= moment.year <= 2100:
            self.fail("out_of_range")
        return moment.astimezone(UTC)
