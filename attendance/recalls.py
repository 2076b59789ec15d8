"""Recalling somebody who works from home to the office: the order, and the word to the worker, in one transaction."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from attendance import push
from policy import absences
from policy.calendar import ZONES, local
from policy.models import Employee, Posting, Recall, User


@transaction.atomic
def order(employee: Employee, *, at: datetime, reason: str, by: User, now: datetime) -> Recall:
    """Orders `employee` to the office from `at` (UTC) on and tells him; DomainError as policy.absences.recall."""
    recall = absences.recall(employee, at=at, reason=reason, by=by, now=now)
    push.send(_notice(recall), now)
    return recall


def _notice(recall: Recall) -> push.Notice:
    zone = zone_of(recall.employee_id, recall.date)
    when = local(recall.at, zone)
    body = _(
        "Anda diperintahkan hadir di kantor pada %(day)s mulai pukul %(time)s oleh %(by)s. Alasan: %(reason)s"
    )
    said = {
        "day": date_format(when, "l, j F Y"),
        "time": f"{when:%H.%M} {ZONES[zone]}",
        "by": recall.ordered_by,
        "reason": recall.reason,
    }
    return push.Notice(
        recall.employee_id, f"recall:{recall.pk}", str(_("Perintah hadir di kantor")), body % said
    )


def zone_of(employee_id: int, day: date) -> str:
    """The time zone of the workplace on `day`."""
    return Posting.objects.on(day).filter(employee=employee_id).values_list("site__zone", flat=True).get()
