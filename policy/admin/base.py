"""The bases of every page: scoped by `visible_to`, and read-only unless a page says otherwise.

Not visible is 404, visible but not yours to change is 403. Django's own permissions play no part.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import capfirst
from unfold.admin import ModelAdmin

from policy.admin.seats import EVERY_ROLE, Seat, seat_of
from policy.errors import DomainError
from policy.refusals import sentence


class ScopedAdmin(ModelAdmin):
    """A list of what its reader may see. `audience` names the roles that have the page at all."""

    audience = EVERY_ROLE
    actions = None
    list_per_page = 50
    icon = "description"

    def visible(self, queryset: QuerySet, seat: Seat) -> QuerySet:
        """Narrows to what the seat may see."""
        return queryset.visible_to(seat.scope)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        seat = seat_of(request)
        queryset = super().get_queryset(request)
        return self.visible(queryset, seat) if seat.scope else queryset.none()

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None):
        """The row, or a real 404: Django would redirect with a message."""
        found = super().get_object(request, object_id, from_field)
        if found is None:
            raise Http404
        return found

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Only the declared filters: a query string such as ?distance_m__lt=50 would find out a hidden value."""
        declared = [
            f if isinstance(f, str) else f[0] for f in self.list_filter if isinstance(f, (str, tuple))
        ]
        declared += [f.parameter_name for f in self.list_filter if hasattr(f, "parameter_name")]
        declared += [self.date_hierarchy] if self.date_hierarchy else []
        return any(lookup == name or lookup.startswith(f"{name}__") for name in declared)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return seat_of(request).has(self.audience)

    def has_view_permission(self, request: HttpRequest, obj=None) -> bool:
        return seat_of(request).has(self.audience)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj=None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj=None) -> bool:
        return False

    def url(self, name: str, *args) -> str:
        """The address of one of this model's pages: changelist, change, or one of its own."""
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{name}", args=args)


class ReadOnlyAdmin(ScopedAdmin):
    """A list with a page of facts for each row; nothing here is changed by a form of Django's."""

    detail_template = "admin/hadir/detail.html"

    def cards(self, request: HttpRequest, obj) -> list[dict[str, Any]]:
        """The cards of a page, each made by `facts` or `table`."""
        raise NotImplementedError

    def more(self, request: HttpRequest, obj) -> dict[str, Any]:
        """What else the template of the page needs."""
        return {}

    def heading(self, obj) -> str:
        """The title of a page."""
        return str(obj)

    def change_view(self, request: HttpRequest, object_id: str, form_url="", extra_context=None):
        obj = self.get_object(request, unquote(object_id))
        if request.method not in ("GET", "HEAD") or not self.has_view_permission(request, obj):
            raise PermissionDenied
        return self.page(request, obj)

    def page(self, request: HttpRequest, obj) -> TemplateResponse:
        """The page of one row."""
        context = {
            **self.admin_site.each_context(request),
            "title": capfirst(self.opts.verbose_name_plural),
            "heading": self.heading(obj),
            "back": self.url("changelist"),
            "cards": self.cards(request, obj),
            **self.more(request, obj),
        }
        return TemplateResponse(request, self.detail_template, context)

    def command(self, request: HttpRequest, object_id: str, allowed: str):
        """The row of a command: 404 unseen, 403 where the method `allowed` says no."""
        obj = self.get_object(request, unquote(str(object_id)))
        if not self.has_view_permission(request, obj) or not getattr(self, allowed)(request, obj):
            raise PermissionDenied
        return obj

    def answer(self, request: HttpRequest, to: str, call, done: str) -> HttpResponseRedirect:
        """Calls a use case and says what became of it; a DomainError is a message, not a fault."""
        try:
            call()
        except DomainError as error:
            messages.error(request, sentence(error))
        else:
            messages.success(request, done)
        return HttpResponseRedirect(to)


def facts(title, *rows: tuple[Any, Any], note: Any = "") -> dict[str, Any]:
    """A card of labels and values; rows whose value is None are left out."""
    return {"title": title, "facts": [row for row in rows if row[1] is not None], "note": note}


def table(title, columns: list, rows: list[list], note: Any = "", empty: Any = "") -> dict[str, Any]:
    """A card with a table; a column is its heading, or (heading, "num") for figures."""
    heads = [column if isinstance(column, tuple) else (column, "") for column in columns]
    lines = [[(cell, heads[n][1]) for n, cell in enumerate(row)] for row in rows]
    return {"title": title, "columns": heads, "rows": lines, "note": note, "empty": empty}
