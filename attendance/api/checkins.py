"""Check-ins over HTTP."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response

from attendance.api.reports import JudgedOutput, ReportInput, report_of
from attendance.checkins import Command, check_in
from attendance.models import CheckIn
from attendance.sessions import SESSION_FIXES
from policy.api.base import HadirView, IsEmployee, NewestFirst, parsed, rendered
from policy.api.fields import IdField

HINTS = {
    "outside_fence": _("Mohon pastikan Anda berada di tempat yang ditentukan, lalu kirim ulang."),
    "stale_fix": _("Mohon tunggu titik lokasi yang baru, lalu kirim ulang."),
    "uncertain_location": _(
        "Mohon dekatkan ponsel ke jendela atau keluar ruangan sebentar, lalu kirim ulang."
    ),
}


INSTANT = serializers.DateTimeField()


class CheckInInput(ReportInput):
    kind = serializers.ChoiceField(choices=["in", "out"])
    session = IdField(required=False, allow_null=True)


class RetryOutput(serializers.Serializer):
    until = serializers.DateTimeField()
    remaining = serializers.IntegerField()
    hint = serializers.CharField()


class CheckInOutput(JudgedOutput):
    kind = serializers.ChoiceField(choices=["in", "out"])
    work_date = serializers.DateField()
    planned_mode = serializers.ChoiceField(choices=["wfh", "wfo", "leave", "travel", "off"])
    mode = serializers.ChoiceField(choices=["wfh", "wfo"], allow_null=True)
    effective_status = serializers.SerializerMethodField()
    retry = serializers.SerializerMethodField()

    @extend_schema_field(serializers.ChoiceField(choices=["accepted", "review", "refused"]))
    def get_effective_status(self, event: CheckIn) -> str:
        return getattr(event, "effective", event.status)

    @extend_schema_field(RetryOutput(allow_null=True))
    def get_retry(self, event: CheckIn) -> dict | None:
        """Another fix of the same session may still help."""
        remaining = SESSION_FIXES - event.session_fix
        if event.reason not in HINTS or not remaining:
            return None
        until = INSTANT.to_representation(event.session_until)
        return {"until": until, "remaining": remaining, "hint": str(HINTS[event.reason])}


INPUT, OUTPUT = CheckInInput(), CheckInOutput()


class CheckInsView(HadirView, ListAPIView):
    permission_classes = [IsAuthenticated, IsEmployee]
    pagination_class = type("ByReceipt", (NewestFirst,), {"ordering": ("-received_at", "-pk")})
    serializer_class = CheckInOutput

    def get_queryset(self):
        return CheckIn.objects.filter(employee=self.employee).with_effective_status()

    @extend_schema(operation_id="check_ins")
    def get(self, request, *args, **kwargs) -> Response:
        """My check-ins, newest first."""
        return super().get(request, *args, **kwargs)

    @extend_schema(
        request=CheckInInput, responses={201: CheckInOutput, 200: CheckInOutput}, operation_id="check_in"
    )
    def post(self, request) -> Response:
        """Records a check-in: 201 whatever the verdict, 200 with the first answer for a replay."""
        data = parsed(INPUT, request.data)
        command = Command(data["kind"], report_of(data), data.get("session"))
        event, replayed = check_in(self.employee, command, now=self.now)
        return answered(rendered(OUTPUT, event), replayed)


class CheckInView(HadirView):
    permission_classes = [IsAuthenticated, IsEmployee]

    @extend_schema(responses=CheckInOutput, operation_id="check_in_by_id")
    def get(self, request, client_id) -> Response:
        """One of my check-ins by the id that my app gave it."""
        mine = CheckIn.objects.filter(employee=self.employee).with_effective_status()
        return Response(rendered(OUTPUT, get_object_or_404(mine, client_id=client_id)))


def answered(data: dict, replayed: bool) -> Response:
    """201 for a new event, 200 with Idempotent-Replayed for the same request again."""
    if replayed:
        return Response(data, status=200, headers={"Idempotent-Replayed": "true"})
    return Response(data, status=201)
