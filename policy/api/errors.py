"""Every error of the API as RFC 9457 application/problem+json with a stable `code`."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from django.db import InterfaceError, InternalError, OperationalError
from django.http import Http404, HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.defaults import bad_request as html_bad_request
from django.views.defaults import page_not_found, server_error
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler

from policy.errors import DomainError
from policy.refusals import sentence

MEDIA_TYPE = "application/problem+json"
RETRY_SECONDS = "5"
# A domain error answers 409 unless its code stands here.
DOMAIN_STATUS = {"idempotency_key_reused": 422}

log = logging.getLogger("hadir.api")


class Unavailable(APIException):
    """The database is away or overloaded; the same request may go through later."""

    status_code = 503
    default_code = "unavailable"
    default_detail = "Layanan sedang tidak tersedia. Silakan coba kembali beberapa saat lagi."


def problem(exc: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler. Returns None for what nobody foresaw, which becomes a logged 500."""
    if isinstance(exc, DomainError):
        status = DOMAIN_STATUS.get(exc.code, 409)
        return Response(_body(status, exc.code, sentence(exc)), status=status, content_type=MEDIA_TYPE)
    if isinstance(exc, (OperationalError, InterfaceError, InternalError)):
        log.error("database: %s", exc)
        exc = Unavailable()
    response = exception_handler(exc, context)
    if response is None:
        return None
    response.data = _describe(exc, response.status_code)
    response.content_type = MEDIA_TYPE
    if response.status_code == 503:
        response["Retry-After"] = RETRY_SECONDS
    return response


def answer(status: int, code: str, detail: str) -> JsonResponse:
    """A problem answered outside of any view."""
    return JsonResponse(_body(status, code, detail), status=status, content_type=MEDIA_TYPE)


def _describe(exc: Exception, status: int) -> dict[str, Any]:
    if isinstance(exc, ValidationError):
        errors = list(_flat(exc.detail))
        detail = "Permintaan tidak sah: " + "; ".join(f"{e['field'] or 'isi'}: {e['detail']}" for e in errors)
        return _body(status, "invalid", detail) | {"errors": errors}
    if isinstance(exc, Http404):
        return _body(status, "not_found", "Tidak ditemukan.")
    if isinstance(exc, APIException):
        return _body(status, _code(exc), _sentence(exc))
    return _body(status, "permission_denied", "Anda tidak berwenang melakukan tindakan ini.")


def _code(exc: APIException) -> str:
    codes = exc.get_codes()
    return (
        codes if isinstance(codes, str) else str(codes.get("code") or codes.get("detail") or exc.default_code)
    )


def _sentence(exc: APIException) -> str:
    return str(exc.detail.get("detail", "") if isinstance(exc.detail, dict) else exc.detail)


def _body(status: int, code: str, detail: str) -> dict[str, Any]:
    return {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
    }


def _flat(detail: Any, field: str = "") -> Iterator[dict[str, str]]:
    """The leaves of DRF's nested details, each with the dotted name of its field."""
    if isinstance(detail, dict):
        for name, below in detail.items():
            inner = "" if name == "non_field_errors" else str(name)
            yield from _flat(below, ".".join(part for part in (field, inner) if part))
    elif isinstance(detail, list):
        for below in detail:
            yield from _flat(below, field)
    else:
        yield {"field": field, "code": getattr(detail, "code", "invalid"), "detail": str(detail)}


@csrf_exempt  # an unknown path of the API answers 404 to a POST too, not a page about cookies
def not_found(request: HttpRequest, exception: Exception | None = None, anything: str = ""):
    """Django's 404: a problem below /api/, a page elsewhere."""
    if request.path.startswith("/api/"):
        return answer(404, "not_found", "Tidak ditemukan.")
    return page_not_found(request, exception)


def bad_request(request: HttpRequest, exception: Exception):
    """Django's 400 (an unknown host, too many fields): a problem below /api/, a page elsewhere."""
    if request.path.startswith("/api/"):
        return answer(400, "bad_request", "Permintaan tidak dapat dibaca.")
    return html_bad_request(request, exception)


def server_fault(request: HttpRequest):
    """Django's 500: a problem below /api/, a page elsewhere."""
    if request.path.startswith("/api/"):
        return answer(500, "server_error", "Terjadi kesalahan pada server.")
    return server_error(request)
