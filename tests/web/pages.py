"""What tests of pages ask again and again: who gets which answer, what a page says, how many queries it takes."""

from __future__ import annotations

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.web.test_admin import desk, words

STAFF = ["citra", "head", "dewi", "indra", "eko", "fajar", "hasan", "joni"]


def url(page: str, *args) -> str:
    """The address of an admin page of policy, such as absence_change."""
    return reverse(f"admin:policy_{page}", args=args)


def status_of(client: Client, method: str, address: str, said=None) -> int:
    return getattr(client, method)(address, said or {}).status_code


def matrix(cast, method: str, address: str, said=None) -> dict[str, int]:
    """The status that each of the staff gets."""
    return {name: status_of(desk(getattr(cast, name)), method, address, said) for name in STAFF}


def only(status: int, *names: str) -> dict[str, int]:
    """The matrix in which these get `status` and everybody else 403."""
    return {name: status if name in names else 403 for name in STAFF}


def shown(person, address: str) -> str:
    """The text of a page."""
    return words(desk(person).get(address).content.decode())


def queries(person, address: str) -> int:
    """How many queries a page takes, the second time."""
    client = desk(person)
    client.get(address)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return len(seen)
