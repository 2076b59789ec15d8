"""A WFH cap as its reader may see it: in words, with names of the units he sees, and nothing about anybody's health."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from policy import planning
from policy.allowances import Allowance, explain
from policy.eligibility import CapRule, Rules, Worker, on
from policy.models import Absence, Employee, Unit
from policy.refusals import BECAUSE
from policy.scope import Scope

# Where a scheme is for people with certain grounds, whoever is told one of these has none, or has one: health data.
TELLING = frozenset({"no_ground", "no_approved_domicile"})

CLOSED = frozenset({"excluded_unit", "excluded_category"})


@dataclass(frozen=True, slots=True)
class Named:
    """A person in an explanation. `why` is a code of policy.refusals.BECAUSE or, for keepers of files, a kind of absence."""

    name: str
    nrk: str | None
    why: str = ""
    away: bool = False


@dataclass(frozen=True, slots=True)
class Explanation:
    """An allowance with the people whom its reader sees; `unnamed` counts those of the denominator whom he does not."""

    found: Allowance
    caps: tuple[CapRule, ...]
    counted: tuple[Named, ...]
    not_counted: tuple[Named, ...]
    at_office: tuple[Named, ...]
    unnamed: int


def explanation(unit: Unit, day: date, scope: Scope) -> Explanation | None:
    """The cap of a unit on `day` for the reader of `scope`; None without a scheme in force. Bounded queries."""
    read = planning.read(unit.agency, day, day, [unit.pk])
    found = explain(read, unit, day, planning.in_force(read))
    if found is None:
        return None
    category = read.nodes[unit.pk].category
    people = _People(found, scope)
    counted = people.seen((worker, "") for worker in found.counted)
    return Explanation(
        found=found,
        caps=tuple(one for one in found.rules.caps if one.category in ("", category)),
        counted=counted,
        not_counted=people.seen(found.not_counted),
        at_office=people.seen((w, why) for w, why in found.at_office if may_tell(why, found.rules)),
        unnamed=len(found.counted) - len(counted),
    )


def may_tell(why: str, rules: Rules | None) -> bool:
    """Whether a reason can be shown without telling who has grounds of his own and who has none."""
    return why not in TELLING or rules is None or not rules.only_grounds


class _People:
    """The people of an allowance whom a reader sees, by name, the kind of an absence only for those who keep files."""

    def __init__(self, found: Allowance, scope: Scope) -> None:
        self.found, self.scope = found, scope
        self.whole = found.unit.agency_id in scope.agency_wide
        self.units = scope.units | set(scope.units_supervised().values_list("unit", flat=True))
        everybody = {*found.counted, *(worker for worker, _why in (*found.not_counted, *found.at_office))}
        rows = Employee.objects.filter(pk__in=[worker.id for worker in everybody])
        self.numbers = dict(rows.values_list("pk", "nrk"))

    def seen(self, people: Iterable[tuple[Worker, str]]) -> tuple[Named, ...]:
        """Those of `people` who are posted in units that the reader sees."""
        named = (self._named(worker, why) for worker, why in people if self._sees(worker))
        return tuple(sorted(named, key=lambda one: (one.name, one.nrk or "")))

    def _unit(self, worker: Worker) -> int | None:
        held = on(worker.postings, self.found.day)
        return held.unit if held else None

    def _sees(self, worker: Worker) -> bool:
        return self.whole or self._unit(worker) in self.units

    def _named(self, worker: Worker, why: str) -> Named:
        keeps = self.whole or self._unit(worker) in self.scope.units
        kind = worker.absence(self.found.day)
        told = "away" if kind and why == kind and not keeps else why
        return Named(worker.name, self.numbers.get(worker.id), told, kind is not None)


def because(why: str) -> str:
    """Why somebody is not counted or not at home, as it goes on after "karena"."""
    kinds = dict(Absence.Kind.choices)
    return str(BECAUSE.get(why) or kinds.get(why, why))


def sentence(found: Allowance) -> str:
    """ "34/SE/2023, tahap Masa uji coba: WFH paling banyak 50 % dari 13 pegawai ASN Seksi A, yaitu ..." """
    return _(
        "%(document)s, tahap %(phase)s: %(percent)s dari %(headcount)d pegawai ASN %(unit)s, yaitu %(limits)s; "
        "direncanakan %(planned)d."
    ) % {
        "document": found.document,
        "phase": found.rules.terms.phase,
        "percent": found.percent or _("tanpa batas yang ditetapkan"),
        "headcount": found.headcount,
        "unit": _whose(found),
        "limits": _limits(found),
        "planned": found.planned,
    }


def _whose(found: Allowance) -> str:
    if not found.counted_with:
        return found.unit.name
    return _("%(unit)s bersama %(n)d unit kerja lain") % {
        "unit": found.unit.name,
        "n": len(found.counted_with),
    }


def _limits(found: Allowance) -> str:
    """ "paling sedikit 2 orang, paling banyak 6 orang, sasaran 4 orang"."""
    if not found.allowed and CLOSED & {why for _worker, why in found.at_office}:
        return _("tidak seorang pun karena unit kerjanya dikecualikan")
    most = _("paling banyak %(n)d orang") if found.allowed else _("tidak seorang pun")
    parts = [most % {"n": found.allowed}]
    if found.least:
        parts.insert(0, _("paling sedikit %(n)d orang") % {"n": found.least})
    if found.target is not None:
        parts.append(_("sasaran %(n)d orang") % {"n": found.target})
    return ", ".join(parts)
