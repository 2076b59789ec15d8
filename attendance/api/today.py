"""My day and my inbox: what the app's first screen shows."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response

from attendance import prompts
from attendance.api.checkins import CheckInOutput
from attendance.api.prompts import PromptOutput
from attendance.models import CheckIn, Message, Prompt
from policy import roster
from policy.api.base import HadirView, IsEmployee, NewestFirst
from policy.calendar import ZONES, on_earth
from policy.rules import Expectation


class FencedPlace(serializers.Serializer):
    kind = serializers.ChoiceField(choices=["domicile", "site"])
    name = serializers.CharField()
    fence = serializers.JSONField(allow_null=True, help_text="GeoJSON; a circle is a Point with radius_m")


class Window(serializers.Serializer):
    opens = serializers.DateTimeField()
    closes = serializers.DateTimeField()


class Punches(serializers.Serializer):
    check_in = Window()
    check_out = Window()


class HoursOutput(serializers.Serializer):
    name = serializers.CharField()
    begins = serializers.TimeField(format="%H:%M")
    finishes = serializers.TimeField(format="%H:%M")
    flex_minutes = serializers.IntegerField()


class TodayOutput(serializers.Serializer):
    date = serializers.DateField()
    zone = serializers.CharField()
    mode = serializers.ChoiceField(choices=["wfh", "wfo", "leave", "travel", "off"])
    why = serializers.CharField()
    why_detail = serializers.CharField()
    legal_basis = serializers.CharField()
    windows = Punches(allow_null=True)
    places = FencedPlace(many=True)
    dress = serializers.CharField()
    uniform_photo_required = serializers.BooleanField()
    slots = serializers.ListField(child=serializers.TimeField(format="%H:%M"))
    recalled = serializers.BooleanField()
    halves = serializers.ListField(
        child=serializers.ChoiceField(choices=["wfh", "wfo"]),
        help_text="The modes before and after noon on a day that changes between them, else empty",
    )
    hours = HoursOutput(allow_null=True)
    check_ins = CheckInOutput(many=True)
    prompts = PromptOutput(many=True)


class TodayView(HadirView):
    permission_classes = [IsAuthenticated, IsEmployee]

    @extend_schema(responses=TodayOutput, operation_id="today")
    def get(self, request) -> Response:
        """What is expected of me today, why, where, and what I have done; marks open prompts as delivered."""
        day, expected = roster.current(self.employee.pk, self.now)
        plan = _plan(expected.expectation) if expected else _NO_POSTING | {"date": day}
        prompts.delivered(self.employee, self.now)
        mine = CheckIn.objects.filter(employee=self.employee, work_date=day).with_effective_status()
        open_prompts = Prompt.objects.filter(employee=self.employee, state=Prompt.State.OPEN)
        plan["check_ins"] = mine.order_by("received_at")
        plan["prompts"] = open_prompts.select_related("draw", "agency").order_by("expires_at")
        return Response(TodayOutput(plan).data)


_NO_POSTING = {
    "zone": "",
    "mode": "off",
    "why": "not_employed",
    "why_detail": "",
    "legal_basis": "",
    "windows": None,
    "places": [],
    "dress": "",
    "uniform_photo_required": False,
    "slots": [],
    "recalled": False,
    "halves": [],
    "hours": None,
}


def _plan(expected: Expectation) -> dict:
    places = [
        {"kind": p.kind, "name": p.name, "fence": p.fence and p.fence.to_geojson()} for p in expected.places
    ]
    working = expected.mode in ("wfh", "wfo", "travel")
    return {
        "date": expected.date,
        "zone": ZONES[expected.zone],
        "mode": expected.mode,
        "why": expected.why,
        "why_detail": expected.why_detail,
        "legal_basis": expected.legal_basis,
        "windows": _windows(expected) if working else None,
        "places": places,
        "dress": expected.dress,
        "uniform_photo_required": expected.uniform_photo,
        "slots": expected.slots,
        "recalled": expected.is_recalled,
        "halves": expected.halves,
        "hours": expected.hours if working else None,
    }


def _windows(expected: Expectation) -> dict:
    def window(kind) -> dict:
        opens, closes = (on_earth(at, expected.zone) for at in expected.windows.of(kind, expected.date))
        return {"opens": opens, "closes": closes}

    return {"check_in": window("in"), "check_out": window("out")}


class MessageOutput(serializers.Serializer):
    id = serializers.IntegerField()
    subject = serializers.CharField()
    body = serializers.CharField()
    sent_at = serializers.DateTimeField()


class ByDispatch(NewestFirst):
    ordering = ("-sent_at", "-pk")


class InboxView(HadirView, ListAPIView):
    permission_classes = [IsAuthenticated, IsEmployee]
    pagination_class = ByDispatch
    serializer_class = MessageOutput

    def get_queryset(self):
        return Message.objects.filter(recipient=self.employee)

    @extend_schema(operation_id="inbox")
    def get(self, request, *args, **kwargs) -> Response:
        """What I was told, newest first; asking marks open prompts as delivered."""
        prompts.delivered(self.employee, self.now)
        return super().get(request, *args, **kwargs)
