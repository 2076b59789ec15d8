"""Recalls to the office over HTTP, and the people whom a superior may recall."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response

from attendance import recalls
from policy import absences, roster
from policy.api.base import HadirView, IsEmployee, NewestFirst, parsed
from policy.api.fields import InstantField, WholeNumberField
from policy.models import Employee
from policy.scope import scope_of

BIGGEST = 2**63 - 1


class RecallInput(serializers.Serializer):
    employee = WholeNumberField(min_value=1, max_value=BIGGEST)
    at = InstantField()
    reason = serializers.CharField(max_length=300)


class SupervisedPerson(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()
    nrk = serializers.CharField(allow_null=True)


class RecallOutput(serializers.Serializer):
    id = serializers.IntegerField()
    employee = SupervisedPerson()
    date = serializers.DateField()
    at = serializers.DateTimeField()
    reason = serializers.CharField()
    ordered_by = serializers.CharField()
    ordered_at = serializers.DateTimeField()


class PersonTodayOutput(SupervisedPerson):
    date = serializers.DateField()
    mode = serializers.ChoiceField(choices=["wfh", "wfo", "leave", "travel", "off"])
    why = serializers.CharField()


RECALL = RecallInput()


class Latest(NewestFirst):
    ordering = ("-ordered_at", "-pk")


class RecallsView(HadirView, ListAPIView):
    permission_classes = [IsAuthenticated, IsEmployee]
    pagination_class = Latest
    serializer_class = RecallOutput

    def get_queryset(self):
        return absences.recalls_seen(self.scope).select_related("employee", "ordered_by__employee")

    @extend_schema(operation_id="recalls")
    def get(self, request, *args, **kwargs) -> Response:
        """The recalls of the people I see, and those that I ordered, newest first."""
        return super().get(request, *args, **kwargs)

    @extend_schema(request=RecallInput, responses={201: RecallOutput}, operation_id="order_recall")
    def post(self, request) -> Response:
        """Orders somebody who works from home to the office, from a minute on."""
        said = parsed(RECALL, request.data)
        employee = get_object_or_404(Employee.objects.visible_to(self.scope), pk=said["employee"])
        own = employee.pk == self.scope.employee
        if not own and not absences.may_recall(scope_of(request.user, said["at"]), employee):
            self.forbid(
                "not_the_superior",
                "Hanya atasan langsung pada tanggal itu, penggantinya, atau BKD/BKPSDM yang dapat memerintahkan.",
            )
        recall = recalls.order(employee, at=said["at"], reason=said["reason"], by=request.user, now=self.now)
        return Response(RecallOutput(recall).data, status=201)


class PeopleView(HadirView):
    permission_classes = [IsAuthenticated, IsEmployee]

    @extend_schema(responses=PersonTodayOutput(many=True), operation_id="supervised_people")
    def get(self, request) -> Response:
        """The people I supervise today, or stand in for their superior, with what is expected of them now."""
        mine = Employee.objects.filter(pk__in=self.scope.people_supervised()).exclude(pk=self.scope.employee)
        people = {person.pk: person for person in mine.order_by("name", "pk")}
        expected = roster.expectations(list(people), self.scope.day, self.now)
        return Response([_today(person, expected[pk]) for pk, person in people.items()])


def _today(person: Employee, expected: roster.Expected) -> dict:
    plan = expected.expectation
    said = {"id": person.pk, "name": person.name, "nrk": person.nrk}
    return PersonTodayOutput(said | {"date": plan.date, "mode": plan.mode, "why": plan.why}).data
