"""The one exception a use case raises when a request cannot be carried out now (HTTP 409)."""

from __future__ import annotations


class DomainError(Exception):
    """A correct request that the present state does not permit.

    `code` is for programs and stable; it stands in docs/api.md. `detail` is a sentence for people.
    A "no" of policy is never an exception but a row with a reason (docs/api.md).
    """

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
