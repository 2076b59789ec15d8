"""The wire form of what a phone reports, shared by check-ins and prompt answers."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from attendance.reports import Report
from policy.api.fields import IdField, InstantField, NumberField, SwitchField, WholeNumberField
from policy.geofence import Fix, FixError

FIX_MESSAGES = {
    "not_a_number": _("Harus berupa bilangan berhingga."),
    "out_of_range": _("Di luar rentang derajat WGS84."),
    "null_island": _("Titik (0, 0) bukan lokasi yang sah."),
    "negative": _("Tidak boleh negatif."),
}


class LocationInput(serializers.Serializer):
    """WGS84 degrees, a 68 % radius in metres, the phone's mock flag, and the age of the fix if it knows it."""

    latitude = NumberField(min_value=-90, max_value=90)
    longitude = NumberField(min_value=-180, max_value=180)
    accuracy_m = NumberField(min_value=0, help_text="68 % radius in metres")
    is_mock = SwitchField(allow_null=True, help_text="null where the phone cannot tell")
    age_ms = WholeNumberField(
        min_value=0, max_value=10**12, required=False, allow_null=True, help_text="from the monotonic clock"
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        try:
            attrs["fix"] = Fix(attrs["latitude"], attrs["longitude"], attrs["accuracy_m"])
        except FixError as error:
            raise serializers.ValidationError(
                {error.field: FIX_MESSAGES[error.code]}, code=error.code
            ) from None
        return attrs


class ReportInput(serializers.Serializer):
    """One report of a phone under an id of its own making."""

    id = IdField()
    captured_at = InstantField()
    location = LocationInput()
    uniform_photo = SwitchField()


def report_of(data: dict[str, Any]) -> Report:
    """A validated report as a value."""
    location = data["location"]
    return Report(
        id=data["id"],
        captured_at=data["captured_at"],
        fix=location["fix"],
        is_mock=location["is_mock"],
        age_ms=location.get("age_ms"),
        uniform_photo=data["uniform_photo"],
    )


class PlaceOutput(serializers.Serializer):
    kind = serializers.ChoiceField(choices=["domicile", "site"])
    name = serializers.CharField()


class JudgedOutput(serializers.Serializer):
    """What the server made of a report."""

    id = serializers.UUIDField(source="client_id")
    received_at = serializers.DateTimeField()
    status = serializers.ChoiceField(choices=["accepted", "review", "refused"])
    reason = serializers.CharField()
    verdict = serializers.ChoiceField(choices=["inside", "uncertain", "outside"], allow_null=True)
    confidence = serializers.FloatField(allow_null=True)
    distance_m = serializers.FloatField(allow_null=True)
    place = serializers.SerializerMethodField()

    @extend_schema_field(PlaceOutput(allow_null=True))
    def get_place(self, event) -> dict | None:
        return {"kind": event.place_kind, "name": event.place_name} if event.place_kind else None
