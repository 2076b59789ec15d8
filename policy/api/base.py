"""The base of every view: a view parses, makes one call and renders."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError as BadValue
from rest_framework.exceptions import NotFound, PermissionDenied
from rest_framework.pagination import CursorPagination
from rest_framework.permissions import BasePermission
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from policy.models import Employee
from policy.scope import Scope, scope_of


class IsEmployee(BasePermission):
    """Somebody with an employee of their own: technical accounts have no attendance."""

    code = "not_an_employee"
    message = "Akun ini tidak terhubung dengan data pegawai."

    def has_permission(self, request, view) -> bool:
        return bool(request.user and request.user.is_authenticated and request.user.employee_id)


class HadirView(APIView):
    """An APIView that knows the time of receipt and the scope of its user."""

    @cached_property
    def now(self):
        """The time of receipt (UTC), read once by the middleware."""
        return self.request.now

    @cached_property
    def scope(self) -> Scope:
        """Whom the user sees."""
        return scope_of(self.request.user, self.now)

    @property
    def employee(self) -> Employee:
        """The user's own employee."""
        return self.request.user.employee

    def forbid(self, code: str, detail: str):
        """403 for what is visible but not the user's to change."""
        raise PermissionDenied(detail, code=code)


def parsed(form: Serializer, data: Any) -> dict[str, Any]:
    """The validated fields of a request; raises ValidationError.

    `form` is an instance made once: building the fields of a serializer anew costs more than using them.
    """
    return form.run_validation(data)


def rendered(output: Serializer, value: Any) -> dict[str, Any]:
    """The JSON of a value through an instance made once."""
    return output.to_representation(value)


class NewestFirst(CursorPagination):
    """Cursor pages, newest first, fifty a page."""

    page_size = 50
    max_page_size = 200
    page_size_query_param = "page_size"

    def paginate_queryset(self, queryset, request, view=None):
        """A cursor whose position is no value of the column is unknown, not a server error."""
        try:
            return super().paginate_queryset(queryset, request, view)
        except (BadValue, ValueError):
            raise NotFound(self.invalid_cursor_message) from None

    def get_paginated_response_schema(self, schema):
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["results"],
            "properties": {"next": link, "previous": link, "results": schema},
        }
