"""Searching for a person, a unit or an office in a form: within what the reader sees, and told apart from namesakes."""

from __future__ import annotations

from django import forms
from django.contrib import admin
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.admin.widgets import AutocompleteSelect
from django.db.models import Field, QuerySet

from policy.admin.texts import number_of
from policy.models import Employee, Unit


def told_apart(row) -> str:
    """A name with what tells it from another of the same name: a person's number, a unit's parent."""
    if isinstance(row, Employee):
        return f"{row.name} ({number_of(row)})"
    if isinstance(row, Unit) and row.parent:
        return f"{row.name} ({row.parent.name})"
    return str(row)


class NamedAutocomplete(AutocompleteJsonView):
    """Django's answers for a search box, with names that tell rows apart. Scoped as the list of the model is."""

    admin_site = admin.site

    def get_queryset(self) -> QuerySet:
        found = super().get_queryset()
        return found.select_related("parent") if found.model is Unit else found

    def serialize_result(self, obj, to_field_name: str) -> dict[str, str]:
        return super().serialize_result(obj, to_field_name) | {"text": told_apart(obj)}


class LookupField(forms.ModelChoiceField):
    """A search box for the rows of a foreign key, on a form that is not made from a model."""

    def __init__(self, source: Field, **options) -> None:
        widget = AutocompleteSelect(source, admin.site, attrs={"data-width": "100%"})
        super().__init__(source.remote_field.model._default_manager.none(), widget=widget, **options)

    def label_from_instance(self, obj) -> str:
        return told_apart(obj)
