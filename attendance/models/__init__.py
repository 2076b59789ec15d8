"""The nouns of attendance, one file a noun. What is evidence is only ever inserted."""

from attendance.models.checkins import CheckIn, CheckInLocation
from attendance.models.draws import DaySecret, Draw
from attendance.models.inbox import Message
from attendance.models.prompts import Call, Prompt, PromptAnswer, PromptAnswerLocation
from attendance.models.reviews import Review

__all__ = [
    "Call",
    "CheckIn",
    "CheckInLocation",
    "DaySecret",
    "Draw",
    "Message",
    "Prompt",
    "PromptAnswer",
    "PromptAnswerLocation",
    "Review",
]
