"""Reads what the rule of a day needs, for any number of people in one statement.

The statement is written out because a check-in waits for it: built anew by the ORM it would cost more than everything
else in the request together (bench/checkin.py).
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from django.db import connection

from policy import domiciles
from policy.calendar import Windows
from policy.fences import Fence, FenceError
from policy.rules import AgencyDay, DayFacts, Place, SchemeTerms

log = logging.getLogger("hadir.facts")


@dataclass(frozen=True, slots=True)
class Posted:
    """A posting that holds on the day, and the facts of that day."""

    employee_id: int
    unit_id: int
    superior_id: int | None
    facts: DayFacts


_TERMS = """
    SELECT phase.id, phase.name, scheme.name, basis.number, phase.in_opens, phase.in_closes, phase.out_opens,
           phase.out_closes, scheme.slots, scheme.uniform_photo, scheme.closing_second
      FROM policy_phase phase
      JOIN policy_scheme scheme ON scheme.id = phase.scheme_id AND scheme.status = 'active'
      JOIN policy_legalbasis basis ON basis.id = scheme.legal_basis_id
     WHERE scheme.agency_id = {agency} AND phase.starts <= %(day)s
       AND (phase.ends IS NULL OR phase.ends >= %(day)s)
     ORDER BY phase.ends - phase.starts NULLS LAST, phase.starts DESC, phase.id
     LIMIT 1
"""

# The tables once more in words: the posting of the day with its office; the agency's holiday and regular hours;
# approved absence; the plan in force; the shortest active phase of the agency's own scheme; the domicile in force.
_FACTS = f"""
    SELECT posting.employee_id, posting.unit_id, posting.superior_id, employee.is_active,
           site.id, site.name, site.geojson::text, site.zone,
           (SELECT name FROM policy_calendarday holiday
             WHERE holiday.agency_id = unit.agency_id AND holiday.date = %(day)s),
           (SELECT kind FROM policy_absence absence
             WHERE absence.employee_id = posting.employee_id AND absence.status = 'approved'
               AND absence.starts <= %(day)s AND (absence.ends IS NULL OR absence.ends >= %(day)s)
             ORDER BY absence.id LIMIT 1),
           (SELECT mode FROM policy_rosterentry entry
             WHERE entry.employee_id = posting.employee_id AND entry.date = %(day)s AND entry.in_force
             ORDER BY entry.segment LIMIT 1),
           domicile.id, domicile.name, location.key_id, location.sealed,
           hours.in_opens, hours.in_closes, hours.out_opens, hours.out_closes, hours.dress,
           terms.*
      FROM policy_posting posting
      JOIN policy_employee employee ON employee.id = posting.employee_id
      JOIN policy_unit unit ON unit.id = posting.unit_id
      JOIN policy_site site ON site.id = posting.site_id
      LEFT JOIN policy_domicile domicile
             ON domicile.employee_id = posting.employee_id AND domicile.status = 'approved'
            AND domicile.in_force_from <= %(at)s
            AND (domicile.in_force_until IS NULL OR domicile.in_force_until > %(at)s)
      LEFT JOIN policy_domicilelocation location ON location.domicile_id = domicile.id
      LEFT JOIN LATERAL (
           SELECT in_opens, in_closes, out_opens, out_closes, dress FROM policy_workinghours
            WHERE agency_id = unit.agency_id AND starts <= %(day)s AND (ends IS NULL OR ends >= %(day)s)
            ORDER BY starts DESC LIMIT 1) hours ON true
      LEFT JOIN LATERAL ({_TERMS.format(agency="unit.agency_id")}) terms ON true
     WHERE posting.employee_id = ANY(%(employees)s) AND posting.starts <= %(day)s
       AND (posting.ends IS NULL OR posting.ends >= %(day)s)
     ORDER BY posting.starts, posting.id
"""  # noqa: S608 - put together from constants only


def posted(employees: Sequence[int], day: date, at: datetime) -> Iterator[Posted]:
    """The facts of `day` of everybody in `employees` (ids) who has a posting then; one query.

    `at` (UTC) says which domicile is in force.
    """
    with connection.cursor() as cursor:
        cursor.execute(_FACTS, {"employees": list(employees), "day": day, "at": at})
        rows = cursor.fetchall()
    return (_posted(row, day) for row in rows)


def terms_on(agency_id: int, day: date) -> SchemeTerms | None:
    """The phase of the agency's own active scheme on `day`; the shortest, most specific phase decides."""
    with connection.cursor() as cursor:
        cursor.execute(_TERMS.format(agency="%(agency)s"), {"agency": agency_id, "day": day})
        row = cursor.fetchone()
    return _terms(row) if row else None


def _posted(row: tuple[Any, ...], day: date) -> Posted:
    employee, unit, superior, is_active, site, site_name, geojson, zone, holiday, absence, planned = row[:11]
    facts = DayFacts(
        date=day,
        zone=zone,
        employed=is_active,
        office=Place("site", site, site_name, _fence(geojson)),
        domicile=_home(*row[11:15]) if planned == "wfh" else None,
        planned=planned,
        absence=absence,
        agency_day=_agency_day(row[15:20], holiday, day),
        terms=_terms(row[20:]) if row[20] is not None else None,
    )
    return Posted(employee, unit, superior, facts)


@lru_cache(maxsize=1024)
def _fence(geojson: str) -> Fence | None:
    try:
        return Fence.from_geojson(json.loads(geojson))
    except FenceError as error:
        log.error("the fence of an office cannot be read: %s at %s", error.code, error.where)
        return None


def _home(pk: int | None, name: str, key_id: int, sealed: bytes) -> Place | None:
    """The domicile; one that cannot be opened is a fault of ours, and no reason to call anybody homeless."""
    if pk is None:
        return None
    try:
        return domiciles.place(pk, name, key_id, sealed)
    except (InvalidTag, KeyError, FenceError) as error:
        log.error("domicile %s cannot be opened: %r", pk, error)
        return Place("domicile", pk, name, None)


# For an agency that has not entered hours of its own yet: Perpres 21/2023 starts the day at 07:30, the rest is ours.
_NATIONAL = (time(6), time(7, 30), time(16), time(18), "[]")


def _agency_day(hours: tuple[Any, ...], holiday: str | None, day: date) -> AgencyDay:
    *windows, dress = hours if hours[0] is not None else _NATIONAL
    names = _json(dress)
    return AgencyDay(Windows(*windows), names[day.weekday()] if day.weekday() < len(names) else "", holiday)


def _terms(row: tuple[Any, ...]) -> SchemeTerms:
    pk, phase, scheme, document, *windows, slots, uniform_photo, closing_second = row
    times = tuple(time.fromisoformat(text) for text in _json(slots))
    return SchemeTerms(pk, scheme, phase, document, Windows(*windows), times, uniform_photo, closing_second)


def _json(value: Any) -> list[str]:
    """A JSON column: text where the driver leaves it to us, a list where it does not."""
    return json.loads(value) if isinstance(value, str) else value
