"""How a model says which of its fields is wrong."""

from __future__ import annotations

from django.core.exceptions import ValidationError


def fault(field: str, sentence: object, code: str) -> ValidationError:
    """A ValidationError of one field that keeps its code; Django drops a code given beside a dictionary."""
    return ValidationError({field: ValidationError(sentence, code=code)})
