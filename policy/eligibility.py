"""Who may be planned at home on a date, who is counted, and who goes first: from plain values. PURE.

The reasons are stable codes, each with a sentence in policy.refusals: no_scheme, kind_not_covered, excluded_unit,
excluded_category, exempt_post, no_ground, no_approved_domicile.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol, TypeVar

from policy.quota import Cap
from policy.rules import SchemeTerms, within

CONTRACT = "contract_staff"


class Period(Protocol):
    """Anything that holds from a date to a date, both inclusive; an open end is None."""

    @property
    def starts(self) -> date: ...
    @property
    def ends(self) -> date | None: ...


P = TypeVar("P", bound=Period)


def on(rows: Iterable[P], day: date) -> P | None:
    """The first row that holds on `day`."""
    return next((row for row in rows if row.starts <= day and (row.ends is None or day <= row.ends)), None)


@dataclass(frozen=True, slots=True)
class Held:
    """A posting: the unit, the post that may be exempt, and a service category of its own ("" follows the unit)."""

    unit: int
    post: str
    category: str
    starts: date
    ends: date | None


@dataclass(frozen=True, slots=True)
class Tagged:
    """A dated fact with a code: the kind of an absence, an additional post, a ground, a domicile's region."""

    code: str
    starts: date
    ends: date | None


@dataclass(frozen=True, slots=True)
class Worker:
    """What a plan needs to know of an employee over its period."""

    id: int
    name: str
    kind: str
    postings: tuple[Held, ...]
    absences: tuple[Tagged, ...] = ()
    duties: tuple[Tagged, ...] = ()
    grounds: tuple[Tagged, ...] = ()
    homes: tuple[Tagged, ...] = ()

    def absence(self, day: date) -> str | None:
        """The kind of approved absence on `day`."""
        away = on(self.absences, day) if self.absences else None
        return away.code if away else None


@dataclass(frozen=True, slots=True)
class Document:
    """The legal basis of a scheme."""

    number: str
    title: str
    issuer: str
    issued_on: date


@dataclass(frozen=True, slots=True)
class CapRule:
    """A cap, what it is a percentage of (unit or agency_unit), and the service category it is for ("" is all)."""

    cap: Cap
    denominator: str
    category: str


@dataclass(frozen=True, slots=True)
class Rules:
    """One phase with all that decides who may work from home under it."""

    terms: SchemeTerms
    document: Document
    caps: tuple[CapRule, ...]
    covers: frozenset[str]
    only_grounds: frozenset[str] = frozenset()
    not_counted: frozenset[str] = frozenset()
    exempt_may_rotate: bool = False
    priorities: tuple[Mapping[str, object], ...] = ()
    closed_units: frozenset[int] = frozenset()
    closed_categories: frozenset[str] = frozenset()
    exempt_posts: frozenset[str] = frozenset()
    pooled: frozenset[int] = field(default=frozenset())


def why_not(
    worker: Worker, held: Held, path: Sequence[int], category: str, rules: Rules | None, day: date
) -> str | None:
    """Why the worker may not be planned at home on `day`, or None; first match wins.

    `path` and `category` are those of the unit; a category of the posting's own goes before (edge case 42). Absence
    is no reason here: who is away is not planned anew, and frees no place (edge case 4).
    """
    if rules is None:
        return "no_scheme"
    if worker.kind not in rules.covers:
        return "kind_not_covered"
    if not rules.closed_units.isdisjoint(path):
        return "excluded_unit"
    if (held.category or category) in rules.closed_categories:
        return "excluded_category"
    if not rules.exempt_may_rotate and not rules.exempt_posts.isdisjoint(posts(worker, held, day)):
        return "exempt_post"
    if rules.only_grounds and rules.only_grounds.isdisjoint(grounds(worker, day)):
        return "no_ground"
    return None if on(worker.homes, day) else "no_approved_domicile"


def told(why: str, rules: Rules | None) -> str:
    """A reason as it may be told: under a scheme for certain grounds, who is not eligible is not told for want of what.

    Otherwise a refusal would say who has no ground, and so who has one: health data (edge case 37).
    """
    hides = rules is not None and bool(rules.only_grounds)
    return "not_eligible" if hides and why in ("no_ground", "no_approved_domicile") else why


def posts(worker: Worker, held: Held, day: date) -> set[str]:
    """The codes of the main post and of the additional duties held on `day` (edge case 38)."""
    return {held.post, *_codes(worker.duties, day)} - {""}


def grounds(worker: Worker, day: date) -> set[str]:
    """The grounds of priority that hold on `day`."""
    return _codes(worker.grounds, day)


def is_counted(worker: Worker, rules: Rules, day: date) -> bool:
    """Whether the worker is in the denominator: all ASN of the unit on that date, on leave or in exempt posts too.

    Left out are contract staff and, by default, people seconded out (D-03, edge cases 3 and 41).
    """
    return worker.kind != CONTRACT and worker.absence(day) not in rules.not_counted


def why_not_counted(worker: Worker, day: date) -> str:
    """The reason for `is_counted` being false: contract_staff or the kind of absence."""
    return CONTRACT if worker.kind == CONTRACT else worker.absence(day) or ""


def rank(worker: Worker, office: str, rules: Rules, day: date) -> int:
    """The place of the first priority rule that fits, 0 first; whom none fits comes after all of them.

    `office` is the Kemendagri code of the unit's office.
    """
    fitting = (n for n, rule in enumerate(rules.priorities) if _fits(worker, office, rule, day))
    return next(fitting, len(rules.priorities))


def _fits(worker: Worker, office: str, rule: Mapping[str, object], day: date) -> bool:
    if "ground" in rule:
        return rule["ground"] in grounds(worker, day)
    home = on(worker.homes, day)
    places = {"domicile": home.code if home else "", "office": office}
    return any(_lies_in(place, rule.get(kind)) for kind, place in places.items())


def _lies_in(place: str, regions: object) -> bool:
    return isinstance(regions, list | tuple) and any(within(place, region) for region in regions)


def _codes(rows: tuple[Tagged, ...], day: date) -> set[str]:
    return {row.code for row in rows if row.starts <= day and (row.ends is None or day <= row.ends)}
