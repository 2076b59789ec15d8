"""The staff who use the pages, on Monday at nine."""

from __future__ import annotations

import pytest


@pytest.fixture
def staff(cast, monday):
    """The cast at nine o'clock, the head with an account for the pages too."""
    cast.head.user.is_staff = True
    cast.head.user.save()
    monday("09:00")
    return cast
