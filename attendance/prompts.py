"""Verification prompts from the draw to their end: notify, deliver, answer, call, expire."""

from __future__ import annotations

import logging
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from attendance import evidence, push
from attendance.models import Call, Prompt, PromptAnswer, PromptAnswerLocation
from attendance.reports import Report, judged, same_request, sealed_location
from policy import roster
from policy.errors import DomainError
from policy.models import Delegation, Employee, User

log = logging.getLogger("hadir.prompts")


def notify_pending(now: datetime) -> int:
    """Tells workers and superiors of prompts not yet sent; returns how many.

    Each row is claimed by a conditional UPDATE in the transaction that writes the messages: no matter how many
    tickers run or die, nothing is sent twice and nothing is lost. A row that fails is logged and tried again.
    """
    waiting = Prompt.objects.filter(notified_at=None, state=Prompt.State.OPEN, expires_at__gte=now)
    told = 0
    for prompt in waiting.order_by("opened_at").select_related("employee", "draw"):
        try:
            told += _notify(prompt, now)
        except Exception:
            log.exception("notice failed: prompt %s", prompt.pk)
    return told


@transaction.atomic
def _notify(prompt: Prompt, now: datetime) -> bool:
    claimed = Prompt.objects.filter(pk=prompt.pk, notified_at=None).update(notified_at=now)
    if claimed:
        for notice in _notices(prompt):
            push.send(notice, now)
    return bool(claimed)


def _notices(prompt: Prompt) -> list[push.Notice]:
    notices = [
        push.Notice(
            prompt.employee_id,
            f"prompt:{prompt.pk}",
            _("Verifikasi kehadiran"),
            _("Mohon kirimkan lokasi dan foto pakaian dinas Anda sebelum batas waktu menjawab."),
        )
    ]
    body = _("Mohon lakukan panggilan video kepada %(name)s dan catat hasilnya.")
    return notices + [
        push.Notice(
            caller, f"prompt:{prompt.pk}:call", _("Panggilan video"), body % {"name": prompt.employee.name}
        )
        for caller in _callers(prompt)
    ]


def _callers(prompt: Prompt) -> list[int]:
    """The superior, and who stands in for the superior on that date (Plt/Plh)."""
    if prompt.superior_id is None:
        return []
    deputies = Delegation.objects.on(prompt.draw.date).filter(superior=prompt.superior_id)
    others = deputies.exclude(deputy=prompt.employee_id).values_list("deputy", flat=True)
    return [prompt.superior_id, *others]


def video_call_url(prompt: Prompt) -> str | None:
    """The link of a prompt's own video room, only ever a web address; None without a video service."""
    link = prompt.agency.video_call_url.replace("{room}", prompt.room)
    return link if link.startswith(("https://", "http://")) else None


def delivered(employee: Employee, now: datetime) -> None:
    """Marks the open prompts of an employee as seen by the phone that just asked for them."""
    mine = Prompt.objects.filter(employee=employee, state=Prompt.State.OPEN, delivered_at=None)
    mine.filter(expires_at__gte=now).update(delivered_at=now)


def expire_overdue(now: datetime) -> int:
    """Closes prompts whose time to answer is over; one that never reached a phone is no omission."""
    over = Prompt.objects.filter(state=Prompt.State.OPEN, expires_at__lt=now)
    for prompt in over.filter(notified_at=None):
        log.error("prompt expired before anybody was told: %s", prompt.pk)
    unseen = over.filter(delivered_at=None).update(state=Prompt.State.UNDELIVERED)
    return unseen + over.filter(delivered_at__isnull=False).update(state=Prompt.State.MISSED)


def answer(prompt: Prompt, report: Report, *, now: datetime) -> tuple[PromptAnswer, bool]:
    """Records the worker's answer received at `now` (UTC), also a late one; returns it and whether it is a replay.

    Raises idempotency_key_reused.
    """
    fingerprint = report.fingerprint(prompt=prompt.pk)
    first = PromptAnswer.objects.filter(employee=prompt.employee_id, client_id=report.id).first()
    if first is None:
        try:
            with transaction.atomic():
                return _record_answer(prompt, report, fingerprint, now), False
        except IntegrityError:
            first = PromptAnswer.objects.filter(employee=prompt.employee_id, client_id=report.id).first()
            if first is None:
                raise
    return same_request(first, fingerprint), True  # type: ignore[return-value]


def _record_answer(prompt: Prompt, report: Report, fingerprint: bytes, now: datetime) -> PromptAnswer:
    day = prompt.draw.date
    expected = roster.expectation(prompt.employee_id, day, now)
    found = judged(report, expected.expectation if expected else None, now=now, timing=None)
    in_time = now <= prompt.expires_at
    fields = found.fields | {"prompt_id": prompt.pk, "employee_id": prompt.employee_id, "in_time": in_time}
    salt = evidence.new_salt()
    leaf = evidence.leaf({**fields, "fix": asdict(report.fix)}, salt)
    recorded = PromptAnswer.objects.create(**fields, fingerprint=fingerprint, leaf=leaf)
    PromptAnswerLocation.objects.create(answer=recorded, **sealed_location(report, recorded, salt))
    if in_time:
        # Whatever a sweep made of it meanwhile: the answer arrived in time.
        Prompt.objects.filter(pk=prompt.pk).update(
            state=Prompt.State.ANSWERED, delivered_at=prompt.delivered_at or now
        )
    return recorded


@dataclass(frozen=True, slots=True)
class CallRecord:
    """What a superior says of a video call."""

    id: UUID
    outcome: str
    stated_place: str
    at_home: bool | None
    in_uniform: bool | None
    note: str


def record_call(prompt: Prompt, call: CallRecord, *, by: User, now: datetime) -> tuple[Call, bool]:
    """Records a video call; returns it and whether it is a replay.

    Raises own_prompt for one's own prompt, idempotency_key_reused for a used id.
    """
    if by.employee_id == prompt.employee_id:
        raise DomainError("own_prompt", "Nobody verifies himself.")
    fields = {
        "prompt_id": prompt.pk,
        "client_id": call.id,
        "outcome": call.outcome,
        "stated_place": call.stated_place,
        "at_home": call.at_home,
        "in_uniform": call.in_uniform,
        "note": call.note,
    }
    fingerprint = evidence.fingerprint(fields)
    first = Call.objects.filter(recorded_by=by, client_id=call.id).first()
    if first is None:
        try:
            with transaction.atomic():
                return Call.objects.create(
                    **fields, recorded_by=by, recorded_at=now, fingerprint=fingerprint
                ), False
        except IntegrityError:
            first = Call.objects.get(recorded_by=by, client_id=call.id)
    return same_request(first, fingerprint), True  # type: ignore[return-value]
