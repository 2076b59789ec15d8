"""Rows that hold from a date to a date, both inclusive; an open end is null."""

from __future__ import annotations

from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
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


def one_at_a_time(name: str, sentence, condition: Q | None = None) -> ExclusionConstraint:
    """The constraint that two rows of one employee do not share a day.

    Ranges can be compared for overlap in an index without any extension, so the employee is a range of one number
    (docs/decisions/0007).
    """
    just_him = Func(F("employee"), F("employee"), Value("[]"), function="int8range")
    period = Func(F("starts"), F("ends"), Value("[]"), function="daterange", output_field=DateRangeField())
    return ExclusionConstraint(
        name=name,
        expressions=[(just_him, RangeOperators.OVERLAPS), (period, RangeOperators.OVERLAPS)],
        condition=condition,
        violation_error_message=sentence,
    )
