"""Who I am, what time it is, and whether the server is well."""

from __future__ import annotations

from django.db import DatabaseError, connection
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from policy.api.auth import PublicView
from policy.api.base import HadirView
from policy.api.errors import Unavailable
from policy.models import Posting, RoleGrant
from policy.scope import Scope


class TimeOutput(serializers.Serializer):
    now = serializers.DateTimeField()


class HealthOutput(serializers.Serializer):
    status = serializers.CharField()


class Person(serializers.Serializer):
    name = serializers.CharField()
    position = serializers.CharField(allow_null=True)


class MeOutput(serializers.Serializer):
    username = serializers.CharField()
    name = serializers.CharField()
    nip = serializers.CharField(allow_null=True)
    nrk = serializers.CharField(allow_null=True)
    kind = serializers.CharField(allow_null=True)
    agency = serializers.CharField(allow_null=True)
    unit = serializers.CharField(allow_null=True)
    position = serializers.CharField(allow_null=True)
    superior = Person(allow_null=True)
    roles = serializers.ListField(child=serializers.CharField())


class TimeView(PublicView):
    @extend_schema(responses=TimeOutput, operation_id="time")
    def get(self, request) -> Response:
        """The server's present: in a rehearsal it is not the phone's."""
        return Response(TimeOutput({"now": self.now}).data)


class LiveView(PublicView):
    @extend_schema(responses=HealthOutput, operation_id="health_live")
    def get(self, request) -> Response:
        """The process answers."""
        return Response({"status": "ok"})


class ReadyView(PublicView):
    @extend_schema(responses=HealthOutput, operation_id="health_ready")
    def get(self, request) -> Response:
        """The process can reach its database."""
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
        except DatabaseError:
            raise Unavailable from None
        return Response({"status": "ok"})


class MeView(HadirView):
    @extend_schema(responses=MeOutput, operation_id="me")
    def get(self, request) -> Response:
        """Who I am, my unit, my superior and my roles today."""
        return Response(MeOutput(_me(request.user, self.scope)).data)


def _me(user, scope: Scope) -> dict:
    employee = user.employee
    posting = (
        Posting.objects.on(scope.day).filter(employee=employee).select_related("unit", "superior").first()
        if employee
        else None
    )
    return {
        "username": user.username,
        "name": str(user),
        "nip": employee and employee.nip,
        "nrk": employee and employee.nrk,
        "kind": employee and employee.kind,
        "agency": employee and employee.agency.name,
        "unit": posting and posting.unit.name,
        "position": posting and posting.position,
        "superior": _superior(posting, scope),
        "roles": _roles(user, scope),
    }


def _superior(posting: Posting | None, scope: Scope) -> dict | None:
    if posting is None or posting.superior is None:
        return None
    held = Posting.objects.on(scope.day).filter(employee=posting.superior).first()
    return {"name": posting.superior.name, "position": held and held.position}


def _roles(user, scope: Scope) -> list[str]:
    granted = set(RoleGrant.objects.on(scope.day).filter(user=user).values_list("role", flat=True))
    own = {"employee"} if scope.employee else set()
    superior = {"supervisor"} if scope.stands_for and scope.is_superior() else set()
    return sorted(own | superior | granted)
