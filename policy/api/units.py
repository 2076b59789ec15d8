"""How many of a unit may work from home on a date, and why."""

from __future__ import annotations

from datetime import date

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from policy import explanations
from policy.api.base import HadirView, parsed
from policy.calendars import EARLIEST, LATEST
from policy.explanations import Explanation
from policy.models import Unit


class DayField(serializers.DateField):
    """A date from 2000 to 2100."""

    default_error_messages = {"out_of_range": _("Tahun harus antara 2000 dan 2100.")}

    def to_internal_value(self, value) -> date:
        day = super().to_internal_value(value)
        if not EARLIEST <= day <= LATEST:
            self.fail("out_of_range")
        return day


class DateQuery(serializers.Serializer):
    date = DayField(required=False, help_text="Bawaan: hari ini.")


class NamedUnit(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    name = serializers.CharField()


class DocumentOutput(serializers.Serializer):
    number = serializers.CharField()
    title = serializers.CharField()
    issuer = serializers.CharField()
    date = serializers.DateField(source="issued_on")


class PhaseOutput(serializers.Serializer):
    name = serializers.CharField(source="phase")
    starts = serializers.DateField()
    ends = serializers.DateField(allow_null=True)


class CapOutput(serializers.Serializer):
    measure = serializers.ChoiceField(choices=["wfh", "wfo"], source="cap.measure")
    bound = serializers.ChoiceField(choices=["max", "min", "target"], source="cap.bound")
    percent = serializers.IntegerField(source="cap.percent")
    denominator = serializers.ChoiceField(choices=["unit", "agency_unit"])


class CountedOutput(serializers.Serializer):
    name = serializers.CharField()
    nrk = serializers.CharField(allow_null=True)
    away = serializers.BooleanField()


class ReasonOutput(serializers.Serializer):
    name = serializers.CharField()
    nrk = serializers.CharField(allow_null=True)
    reason = serializers.CharField(source="why")


class AllowanceOutput(serializers.Serializer):
    unit = NamedUnit()
    date = serializers.DateField()
    scheme = serializers.CharField(allow_null=True)
    document = DocumentOutput(allow_null=True)
    phase = PhaseOutput(allow_null=True)
    caps = CapOutput(many=True)
    headcount = serializers.IntegerField(allow_null=True)
    allowed = serializers.IntegerField()
    least = serializers.IntegerField()
    target = serializers.IntegerField(allow_null=True)
    planned = serializers.IntegerField(allow_null=True)
    counted = CountedOutput(many=True)
    counted_unnamed = serializers.IntegerField()
    not_counted = ReasonOutput(many=True)
    at_office = ReasonOutput(many=True)
    counted_with = serializers.ListField(child=serializers.CharField())
    warnings = serializers.ListField(child=serializers.CharField())
    explanation = serializers.CharField(allow_null=True)


QUERY, OUTPUT = DateQuery(), AllowanceOutput()


class UnitAllowanceView(HadirView):
    @extend_schema(parameters=[DateQuery], responses=AllowanceOutput, operation_id="unit_allowance")
    def get(self, request, id: int) -> Response:
        """The WFH cap of a unit on a date: document, phase, numbers, and the people who make them."""
        day = parsed(QUERY, request.query_params.dict()).get("date", self.scope.day)
        seen = Unit.objects.with_plans_for(self.scope).select_related("agency")
        unit = get_object_or_404(seen, pk=id)
        found = explanations.explanation(unit, day, self.scope)
        return Response(OUTPUT.to_representation(_filled(unit, day, found)))


def _filled(unit: Unit, day: date, seen: Explanation | None) -> dict:
    if seen is None:
        return {"unit": unit, "date": day, **_NO_SCHEME}
    found, rules = seen.found, seen.found.rules
    return {
        "unit": unit,
        "date": day,
        "scheme": rules.terms.scheme,
        "document": rules.document,
        "phase": rules.terms,
        "caps": seen.caps,
        "headcount": found.headcount,
        "allowed": found.allowed,
        "least": found.least,
        "target": found.target,
        "planned": found.planned,
        "counted": seen.counted,
        "counted_unnamed": seen.unnamed,
        "not_counted": seen.not_counted,
        "at_office": seen.at_office,
        "counted_with": found.counted_with,
        "warnings": found.warnings,
        "explanation": explanations.sentence(found),
    }


_NONE: tuple[()] = ()
# Where no scheme is in force nobody works from home, and there is nothing to count.
_NO_SCHEME = {
    "scheme": None,
    "document": None,
    "phase": None,
    "caps": _NONE,
    "headcount": None,
    "allowed": 0,
    "least": 0,
    "target": None,
    "planned": None,
    "counted": _NONE,
    "counted_unnamed": 0,
    "not_counted": _NONE,
    "at_office": _NONE,
    "counted_with": _NONE,
    "warnings": _NONE,
    "explanation": None,
}
