"""Verification prompts over HTTP: the worker's side and the superior's."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response

from attendance import prompts
from attendance.api.checkins import answered
from attendance.api.reports import JudgedOutput, ReportInput, report_of
from attendance.models import Call, Prompt
from attendance.reports import distance_band
from policy.api.base import HadirView, IsEmployee, NewestFirst, parsed
from policy.api.fields import IdField, SwitchField


class PromptOutput(serializers.Serializer):
    id = serializers.IntegerField()
    slot = serializers.TimeField(source="draw.slot", format="%H:%M")
    date = serializers.DateField(source="draw.date")
    opened_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    state = serializers.ChoiceField(choices=Prompt.State.values)
    video_call_url = serializers.SerializerMethodField()

    @extend_schema_field(serializers.URLField(allow_null=True))
    def get_video_call_url(self, prompt: Prompt) -> str | None:
        return prompts.video_call_url(prompt)


class CallOutput(serializers.Serializer):
    id = serializers.UUIDField(source="client_id")
    outcome = serializers.ChoiceField(choices=Call.Outcome.values)
    stated_place = serializers.CharField()
    at_home = serializers.BooleanField(allow_null=True)
    in_uniform = serializers.BooleanField(allow_null=True)
    note = serializers.CharField()
    recorded_at = serializers.DateTimeField()


class AnswerSummary(serializers.Serializer):
    """What a superior sees of an answer: a verdict and a distance band, never a map of somebody's home."""

    received_at = serializers.DateTimeField()
    in_time = serializers.BooleanField()
    status = serializers.CharField()
    verdict = serializers.CharField(allow_null=True)
    distance_band = serializers.SerializerMethodField()
    uniform_photo = serializers.BooleanField()

    def get_distance_band(self, answer) -> str | None:
        return distance_band(answer.distance_m)


class SupervisedPromptOutput(PromptOutput):
    employee = serializers.CharField(source="employee.name")
    nrk = serializers.CharField(source="employee.nrk", allow_null=True)
    unit = serializers.CharField(source="unit.name")
    answers = AnswerSummary(many=True)
    calls = CallOutput(many=True)


class AnswerOutput(JudgedOutput):
    prompt = serializers.IntegerField(source="prompt_id")
    in_time = serializers.BooleanField()


class CallInput(serializers.Serializer):
    id = IdField()
    outcome = serializers.ChoiceField(choices=Call.Outcome.values)
    stated_place = serializers.CharField(max_length=200, allow_blank=True)
    at_home = SwitchField(allow_null=True)
    in_uniform = SwitchField(allow_null=True)
    note = serializers.CharField(max_length=500, allow_blank=True, default="")


REPORT, CALL = ReportInput(), CallInput()


class Newest(NewestFirst):
    ordering = ("-opened_at", "-pk")


class PromptsView(HadirView, ListAPIView):
    permission_classes = [IsAuthenticated, IsEmployee]
    pagination_class = Newest
    serializer_class = PromptOutput

    def get_queryset(self):
        return Prompt.objects.filter(employee=self.employee).select_related("draw", "agency")

    @extend_schema(operation_id="prompts")
    def get(self, request, *args, **kwargs) -> Response:
        """My prompts, newest first; asking marks the open ones as delivered."""
        prompts.delivered(self.employee, self.now)
        return super().get(request, *args, **kwargs)


class AnswerView(HadirView):
    permission_classes = [IsAuthenticated, IsEmployee]

    @extend_schema(
        request=ReportInput, responses={201: AnswerOutput, 200: AnswerOutput}, operation_id="answer_prompt"
    )
    def post(self, request, pk: int) -> Response:
        """Answers one of my prompts with a fresh fix; a late answer is kept too."""
        report = report_of(parsed(REPORT, request.data))
        mine = Prompt.objects.filter(employee=self.employee).select_related("draw")
        answer, replayed = prompts.answer(get_object_or_404(mine, pk=pk), report, now=self.now)
        return answered(AnswerOutput(answer).data, replayed)


class SupervisedPromptsView(HadirView, ListAPIView):
    permission_classes = [IsAuthenticated, IsEmployee]
    pagination_class = Newest
    serializer_class = SupervisedPromptOutput

    def get_queryset(self):
        mine = Prompt.objects.filter(superior__in=self.scope.stands_for).exclude(employee=self.employee)
        loaded = mine.select_related("draw", "agency", "unit", "employee")
        return loaded.prefetch_related("answers", "calls")

    @extend_schema(operation_id="supervised_prompts")
    def get(self, request, *args, **kwargs) -> Response:
        """The prompts of the people I supervise, newest first."""
        return super().get(request, *args, **kwargs)


class CallView(HadirView):
    permission_classes = [IsAuthenticated, IsEmployee]

    @extend_schema(
        request=CallInput, responses={201: CallOutput, 200: CallOutput}, operation_id="record_call"
    )
    def post(self, request, pk: int) -> Response:
        """Records what the superior saw and heard in the video call."""
        record = prompts.CallRecord(**parsed(CALL, request.data))
        prompt = get_object_or_404(Prompt.objects.visible_to(self.scope), pk=pk)
        if prompt.superior_id not in self.scope.stands_for or prompt.employee_id == self.scope.employee:
            self.forbid("not_the_superior", "Hanya atasan langsung yang dapat mencatat panggilan video.")
        call, replayed = prompts.record_call(prompt, record, by=request.user, now=self.now)
        return answered(CallOutput(call).data, replayed)
