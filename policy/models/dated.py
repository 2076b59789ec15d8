"""Rows that hold from a date to a date, both inclusive; an open end is null."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class DatedQuerySet(models.QuerySet):
    """Queries of rows with `starts` and `ends`."""

    def on(self, day: date) -> DatedQuerySet:
        """The rows that hold on `day`."""
        return self.filter(Q(ends__isnull=True) | Q(ends__gte=day), starts__lte=day)


class Dated(models.Model):
    """A row with an inclusive period."""

    starts = models.DateField(_("mulai"))
    ends = models.DateField(_("sampai"), null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        abstract = True


def period_in_order(name: str) -> models.CheckConstraint:
    """The constraint that a period does not end before it starts."""
    return models.CheckConstraint(
        condition=Q(ends__isnull=True) | Q(ends__gte=F("starts")),
        name=name,
        violation_error_message=_("Tanggal akhir lebih awal daripada tanggal mulai."),
    )
