"""The reference of the benchmarks: the barest DRF view with Hadir's token, one SELECT and one INSERT."""

from __future__ import annotations

from django.urls import path
from rest_framework.response import Response
from rest_framework.views import APIView

from attendance.models import Message
from config.urls import urlpatterns as hadir
from policy.models import Employee


class BareView(APIView):
    """Reads one row, writes one row, answers JSON of a check-in's size."""

    def post(self, request) -> Response:
        employee = Employee.objects.get(pk=request.user.employee_id)
        key, body = request.data["id"], str(request.data["location"])
        message = Message.objects.create(
            recipient=employee, key=key, subject="bench", body=body, sent_at=request.now
        )
        return Response({"id": key, "name": employee.name, "pk": message.pk, "pad": "x" * 300}, status=201)


urlpatterns = [path("bench/bare/", BareView.as_view()), *hadir]
