"""Reads what the rule of a day needs, for any number of people in one statement.

The statement is written out because a check-in waits for it: built anew by the ORM it would cost more than everything
else in the request together (bench/checkin.py). Only where a phase, hours or a dress hold for certain units is the
tree of units read too.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from django.db import connection

from policy import domiciles, units
from policy.calendar import Hours, Windows, concerning, local, of_the_day
from policy.fences import Fence, FenceError
from policy.rules import NATIONAL, DayFacts, Place, Planned, SchemeTerms, deciding

log = logging.getLogger("hadir.facts")


@dataclass(frozen=True, slots=True)
class Posted:
    """A posting that holds on the day, and the facts of that day.

    `night` is the shift of the day before if it reaches into the day.
    """

    employee_id: int
    unit_id: int
    superior_id: int | None
    facts: DayFacts
    night: Hours | None


_HOURS = """json_build_object('name', hours.name, 'unit', hours.unit_id, 'starts', hours.starts, 'ends', hours.ends,
    'weekdays', hours.weekdays, 'times', json_build_array(hours.begins, hours.finishes, hours.break_begins,
    hours.break_finishes, hours.in_opens, hours.in_closes, hours.out_opens, hours.out_closes),
    'flex', hours.flex_minutes)"""

_TERMS = """
    SELECT json_agg(json_build_object('phase_id', phase.id, 'scheme_id', scheme.id, 'scheme', scheme.name,
               'phase', phase.name, 'legal_basis', basis.number, 'starts', phase.starts, 'ends', phase.ends,
               'windows', json_build_array(phase.in_opens, phase.in_closes, phase.out_opens, phase.out_closes),
               'slots', scheme.slots, 'uniform_photo', scheme.uniform_photo,
               'closing_second', scheme.closing_second, 'window_mode', scheme.window_mode,
               'credit_minutes', scheme.credit_minutes,
               'mock_policy', scheme.mock_policy, 'regions', phase.regions,
               'units', (SELECT coalesce(json_agg(unit_id), '[]') FROM policy_phase_units WHERE phase_id = phase.id)
           ))::text
      FROM policy_phase phase
      JOIN policy_scheme scheme ON scheme.id = phase.scheme_id AND scheme.status <> 'draft'
      JOIN policy_legalbasis basis ON basis.id = scheme.legal_basis_id
     WHERE scheme.agency_id = {agency} AND phase.starts <= %(day)s
       AND (phase.ends IS NULL OR phase.ends >= %(day)s)
       AND (scheme.first_day IS NULL OR scheme.first_day <= %(day)s)
       AND (scheme.last_day IS NULL OR scheme.last_day >= %(day)s)
"""

# In words: the postings of the day; of each of their agencies, once, the calendar, the ordinary hours, the dress and
# the phases in force; then of each person the office, approved absence, plan in force, recall, domicile in force, and
# the shift of yesterday if it ends today.
_FACTS = f"""
    WITH posting AS (
        SELECT posting.*, unit.agency_id
          FROM policy_posting posting JOIN policy_unit unit ON unit.id = posting.unit_id
         WHERE posting.employee_id = ANY(%(employees)s) AND posting.starts <= %(day)s
           AND (posting.ends IS NULL OR posting.ends >= %(day)s)
    ), agency_day AS MATERIALIZED (
        SELECT agency.id,
               (SELECT json_build_array(kind, name) FROM policy_calendarday
                 WHERE agency_id = agency.id AND date = %(day)s)::text AS calendar,
               (SELECT json_agg({_HOURS}) FROM policy_workinghours hours
                 WHERE agency_id = agency.id AND code = '' AND starts <= %(day)s
                   AND (ends IS NULL OR ends >= %(day)s))::text AS hours,
               (SELECT json_agg(json_build_object('unit', unit_id, 'starts', starts, 'ends', ends,
                                                  'weekdays', weekdays, 'dress', dress))
                  FROM policy_dresscode
                 WHERE agency_id = agency.id AND starts <= %(day)s AND (ends IS NULL OR ends >= %(day)s)
               )::text AS dress,
               ({_TERMS.format(agency="agency.id")}) AS terms
          FROM policy_agency agency WHERE agency.id IN (SELECT agency_id FROM posting)
    )
    SELECT posting.employee_id, posting.unit_id, posting.superior_id, posting.agency_id, employee.is_active,
           site.id, site.name, site.geojson::text, site.zone,
           (SELECT kind FROM policy_absence absence
             WHERE absence.employee_id = posting.employee_id AND absence.status = 'approved'
               AND absence.starts <= %(day)s AND (absence.ends IS NULL OR absence.ends >= %(day)s)
             ORDER BY absence.id LIMIT 1),
           (SELECT json_agg(json_build_array(entry.segment, entry.mode,
                                             CASE WHEN hours.id IS NOT NULL THEN {_HOURS} END) ORDER BY entry.segment)
              FROM policy_rosterentry entry LEFT JOIN policy_workinghours hours ON hours.id = entry.hours_id
             WHERE entry.employee_id = posting.employee_id AND entry.date = %(day)s AND entry.in_force)::text,
           (SELECT at FROM policy_recall recall
             WHERE recall.employee_id = posting.employee_id AND recall.date = %(day)s),
           (SELECT {_HOURS} FROM policy_rosterentry entry JOIN policy_workinghours hours ON hours.id = entry.hours_id
             WHERE entry.employee_id = posting.employee_id AND entry.date = %(before)s AND entry.in_force
               AND hours.out_closes < hours.in_opens LIMIT 1)::text,
           domicile.id, domicile.name, location.key_id, location.sealed,
           agency_day.calendar, agency_day.hours, agency_day.dress, agency_day.terms
      FROM posting
      JOIN agency_day ON agency_day.id = posting.agency_id
      JOIN policy_employee employee ON employee.id = posting.employee_id
      JOIN policy_site site ON site.id = posting.site_id
      LEFT JOIN policy_domicile domicile
             ON domicile.employee_id = posting.employee_id AND domicile.status = 'approved'
            AND domicile.in_force_from <= %(at)s
            AND (domicile.in_force_until IS NULL OR domicile.in_force_until > %(at)s)
      LEFT JOIN policy_domicilelocation location ON location.domicile_id = domicile.id
"""  # noqa: S608 - put together from constants only


def posted(employees: Sequence[int], day: date, at: datetime) -> Iterator[Posted]:
    """The facts of `day` of everybody in `employees` (ids) who has a posting then; one query, or two.

    `at` (UTC) is the moment asked about: it says which domicile is in force, and which half of a split day it is.
    """
    values = {"employees": list(employees), "day": day, "at": at, "before": day - timedelta(days=1)}
    with connection.cursor() as cursor:
        cursor.execute(_FACTS, values)
        rows = cursor.fetchall()
    trees: dict[int, dict[int, units.Node]] = {}
    for row in rows:
        agency = row[3]
        if agency not in trees:
            trees[agency] = units.tree(agency) if _is_local(*row[18:]) else {}
        yield _posted(row, day, at, trees[agency].get(row[1]))


def _is_local(hours: str | None, dress: str | None, terms: str | None) -> bool:
    """Whether anything of the day holds for certain units only."""
    patterns = any(one.unit is not None for one in (*_patterns(hours), *_dresses(dress)))
    return patterns or any(not one.is_everywhere for one in _terms(terms))


def _posted(row: tuple[Any, ...], day: date, at: datetime, node: units.Node | None) -> Posted:
    employee, unit, superior, _agency, is_active, site, site_name, geojson, zone, absence = row[:10]
    planned, recalled_at, night = row[10:13]
    calendar, hours, dress, terms = row[17:]
    path, region = (node.path, node.region) if node else ((unit,), "")
    kind, name = json.loads(calendar) if calendar else (None, None)
    plan = _plan(planned)
    worn = of_the_day(_dresses(dress), day, path)
    facts = DayFacts(
        date=day,
        zone=zone,
        at=local(at, zone).replace(tzinfo=None),
        employed=is_active,
        office=Place("site", site, site_name, _fence(geojson)),
        domicile=_home(*row[13:17]) if any(one.mode == "wfh" for one in plan) else None,
        plan=plan,
        absence=absence,
        holiday=None if kind == "working_day" else name,
        hours=_ordinary(hours, day, path, always=kind == "working_day"),
        dress=worn.dress if worn else "",
        terms=deciding(_terms(terms), day, path, region),
        recalled_at=recalled_at and local(recalled_at, zone).replace(tzinfo=None),
    )
    return Posted(employee, unit, superior, facts, _hours(json.loads(night)) if night else None)


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


@lru_cache(maxsize=256)
def _plan(text: str | None) -> tuple[Planned, ...]:
    rows = json.loads(text) if text else []
    return tuple(Planned(segment, mode, shift and _hours(shift)) for segment, mode, shift in rows)


@dataclass(frozen=True, slots=True)
class Pattern:
    """Hours or dress with the weekdays, period and unit that they are for."""

    unit: int | None
    starts: date
    ends: date | None
    weekdays: tuple[int, ...]
    hours: Hours | None = None
    dress: str = ""


@lru_cache(maxsize=256)
def _patterns(text: str | None) -> tuple[Pattern, ...]:
    return tuple(_pattern(row, hours=_hours(row)) for row in (json.loads(text) if text else []))


@lru_cache(maxsize=256)
def _dresses(text: str | None) -> tuple[Pattern, ...]:
    return tuple(_pattern(row, dress=row["dress"]) for row in (json.loads(text) if text else []))


def _pattern(row: dict[str, Any], **content: Any) -> Pattern:
    starts, ends = date.fromisoformat(row["starts"]), _date(row["ends"])
    return Pattern(row["unit"], starts, ends, tuple(row["weekdays"]), **content)


def _ordinary(text: str | None, day: date, path: Sequence[int], *, always: bool) -> Hours | None:
    """The ordinary hours of a weekday; a replacement working day on a weekend takes those of the Monday before.

    A unit for which none are entered works by the national hours, Monday to Friday.
    """
    rows = concerning(_patterns(text), day, path) or [
        Pattern(None, date.min, None, (1, 2, 3, 4, 5), NATIONAL)
    ]
    found = of_the_day(rows, day, path)
    if found is None and always:
        found = of_the_day(rows, day - timedelta(days=day.weekday()), path)
    return found.hours if found else None


def _hours(row: dict[str, Any]) -> Hours:
    begins, finishes, break_begins, break_finishes, *windows = [_time(text) for text in row["times"]]
    assert begins and finishes and None not in windows
    return Hours(row["name"], begins, finishes, break_begins, break_finishes, row["flex"], Windows(*windows))  # type: ignore[arg-type]


@lru_cache(maxsize=256)
def _terms(text: str | None) -> tuple[SchemeTerms, ...]:
    return tuple(_scheme_terms(row) for row in (json.loads(text) if text else []))


def _scheme_terms(row: dict[str, Any]) -> SchemeTerms:
    times = [_time(text) for text in row["windows"]]
    return SchemeTerms(
        **row
        | {
            "starts": date.fromisoformat(row["starts"]),
            "ends": _date(row["ends"]),
            "windows": Windows(*times) if times[0] else None,  # type: ignore[arg-type]
            "slots": tuple(time.fromisoformat(text) for text in row["slots"]),
            "units": tuple(row["units"]),
            "regions": tuple(row["regions"]),
        }
    )


def _time(text: str | None) -> time | None:
    return time.fromisoformat(text) if text else None


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
