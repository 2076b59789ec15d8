"""The rows of the home page: people of a day, prompts that wait, check-ins to review."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from attendance import prompts, recaps
from attendance.admin.texts import (
    OUTCOMES,
    PROMPT_STATES,
    STATES,
    located,
    short_reason,
    why,
)
from attendance.models import CheckIn, Prompt
from attendance.recaps import PersonDay
from policy.admin.texts import EMPTY, MODES, at_clock, badge, badge_of, number_of, on_day
from policy.calendar import local_day
from policy.models import Recall
from policy.scope import Scope

MOST_TO_REVIEW = 50


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person's day as the board shows it."""

    name: str
    number: str
    unit: str
    mode: Any
    why: str
    state: Any
    arrived: str
    counted: bool
    left: str
    place: Any
    prompts: list
    link: str | None
    expected: bool
    recalled: str
    recall: str | None


def people(postings: QuerySet, day: date, now: datetime, orders: bool = False) -> list[PersonRow]:
    """The board of `postings`, by name; with `orders` it offers to recall who works from home."""
    board = recaps.board(postings, day, now)
    recalls = Recall.objects.filter(date=day, employee__in=[person.posting.employee_id for person in board])
    begins = dict(recalls.values_list("employee", "at"))
    # A day that runs still, somewhere at least: the use case looks closer.
    orders = orders and day >= local_day(now, settings.TIME_ZONE)
    return [person_row(person, begins.get(person.posting.employee_id), orders) for person in board]


def person_row(person: PersonDay, recalled_at: datetime | None = None, orders: bool = False) -> PersonRow:
    """The row of one person."""
    plan = person.expected.expectation
    seen = person.arrival or next((e for e in reversed(person.events) if e.kind == "in"), None)
    employee, zone = person.posting.employee, person.posting.site.zone
    return PersonRow(
        name=employee.name,
        number=number_of(employee),
        unit=person.posting.unit.name,
        mode=badge_of(plan.mode, MODES),
        why=why(plan.why),
        state=badge_of(person.state, STATES) if person.state in STATES else EMPTY,
        arrived=at_clock(seen.received_at, zone) if seen else EMPTY,
        counted=person.arrival is not None,
        left=at_clock(person.departure.received_at, zone) if person.departure else EMPTY,
        place=located(seen),
        prompts=[prompt_chip(prompt) for prompt in person.prompts],
        link=reverse("admin:attendance_checkin_change", args=[seen.pk]) if seen else None,
        expected=plan.mode in ("wfh", "wfo"),
        recalled=at_clock(recalled_at, zone) if recalled_at else "",
        recall=_recall_form(person) if orders and plan.mode == "wfh" and not recalled_at else None,
    )


def _recall_form(person: PersonDay) -> str:
    said = {"employee": person.posting.employee_id, "date": person.expected.expectation.date}
    return f"{reverse('admin:policy_recall_add')}?{urlencode(said)}"


def prompt_chip(prompt: Prompt) -> dict:
    """A prompt in a cell: its slot, and the outcome of the call or else the state of the answer."""
    calls = list(prompt.calls.all())
    label = badge_of(calls[-1].outcome, OUTCOMES) if calls else badge_of(prompt.state, PROMPT_STATES)
    link = reverse("admin:attendance_prompt_change", args=[prompt.pk])
    return {"slot": f"{prompt.draw.slot:%H.%M}", "label": label, "link": link}


def waiting_calls(scope: Scope, day: date, now: datetime) -> list[dict]:
    """The prompts of a day that the reader still has to call, the most urgent first."""
    mine = Prompt.objects.filter(superior__in=scope.stands_for, draw__date=day, calls=None)
    mine = mine.exclude(employee=scope.employee).select_related("draw", "agency", "unit", "employee")
    rows = sorted(mine, key=lambda prompt: (prompt.expires_at < now, prompt.expires_at))
    return [
        {
            "name": prompt.employee.name,
            "number": number_of(prompt.employee),
            "unit": prompt.unit.name,
            "slot": at_clock(prompt.expires_at, prompt.draw.zone),
            "opened": f"{prompt.draw.slot:%H.%M}",
            "left": time_left(prompt.expires_at, now),
            "state": badge_of(prompt.state, PROMPT_STATES),
            "video": prompts.video_call_url(prompt),
            "form": reverse("admin:attendance_prompt_call", args=[prompt.pk]),
            "link": reverse("admin:attendance_prompt_change", args=[prompt.pk]),
        }
        for prompt in rows
    ]


def time_left(until: datetime, now: datetime):
    """How long a prompt stays open, or for how long it has been over."""
    minutes = int(abs(until - now) / timedelta(minutes=1))
    if until >= now:
        text = ngettext("%(n)d menit lagi", "%(n)d menit lagi", minutes) % {"n": minutes}
        return badge(text if minutes else _("Kurang dari 1 menit"), "amber" if minutes < 5 else "blue")
    return badge(_("Batas menjawab sudah lewat"), "red")


def to_review(scope: Scope, day: date, now: datetime) -> list[CheckIn]:
    """Check-ins up to a day that wait for the reader; only closed sessions without an accepted fix reach him."""
    mine = CheckIn.objects.filter(superior__in=scope.stands_for, work_date__lte=day)
    waiting = mine.exclude(employee=scope.employee).waiting_for_review(now).select_related("employee", "unit")
    return list(waiting.order_by("work_date", "received_at")[:MOST_TO_REVIEW])


def review_rows(events: list[CheckIn]) -> list[dict]:
    """The rows of what is to review."""
    return [
        {
            "name": event.employee.name,
            "number": number_of(event.employee),
            "unit": event.unit.name if event.unit else EMPTY,
            "kind": event.get_kind_display(),
            "when": f"{on_day(event.work_date)} {at_clock(event.received_at)}",
            "reason": short_reason(event),
            "place": located(event),
            "link": reverse("admin:attendance_checkin_change", args=[event.pk]),
        }
        for event in events
    ]
