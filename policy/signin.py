"""Signing in by NIP, NRK or user name, for the API and the web admin alike."""

from __future__ import annotations

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.hashers import make_password
from django.db.models import Q

from policy.models import User


class NumberBackend(ModelBackend):
    """Finds the one active user behind a number; an unknown or ambiguous one costs the same time and answer."""

    def authenticate(self, request, username=None, password=None, agency=None, **kwargs) -> User | None:
        if not username or password is None:
            return None
        found = list(_candidates(username, agency)[:2])
        if len(found) != 1:
            make_password(password)  # the same work as for a known name
            return None
        user = found[0]
        return user if user.check_password(password) and self.user_can_authenticate(user) else None


def _candidates(name: str, agency: str | None):
    """Active users whose user name, NIP or NRK is `name`; of `agency` alone where it is given."""
    number = name.replace(" ", "")
    named = Q(username=name) | Q(employee__nip=number) | Q(employee__nrk=number)
    current = Q(employee=None) | Q(employee__is_active=True)
    found = User.objects.filter(named, current, is_active=True)
    return found.filter(employee__agency__code=agency) if agency else found
