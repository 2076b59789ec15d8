"""The only code that tells people something. One interface, channels by setting; the inbox is the first.

A message has a key that says what it is about: telling twice is the same as telling once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from attendance.models import Message


@dataclass(frozen=True, slots=True)
class Notice:
    """What to tell whom. `recipient` is an employee id."""

    recipient: int
    key: str
    subject: str
    body: str


class Channel(Protocol):
    """A way to reach people."""

    def deliver(self, notice: Notice, now: datetime) -> None:
        """Delivers a notice; must be safe to repeat."""


class InboxChannel:
    """Writes to the in-app inbox; the unique key makes a repetition harmless."""

    def deliver(self, notice: Notice, now: datetime) -> None:
        Message.objects.bulk_create(
            [
                Message(
                    recipient_id=notice.recipient,
                    key=notice.key,
                    subject=notice.subject,
                    body=notice.body,
                    sent_at=now,
                )
            ],
            ignore_conflicts=True,
        )


def send(notice: Notice, now: datetime) -> None:
    """Tells somebody something through every channel."""
    for channel in _channels():
        channel.deliver(notice, now)


@cache
def _channels() -> list[Channel]:
    return [import_string(path)() for path in settings.HADIR_PUSH_CHANNELS]
