"""Whom and what a file can name: the people, units and offices of an agency, each read in one query."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from policy.imports.cells import Fault
from policy.imports.columns import numbers
from policy.imports.postings import Held
from policy.models import Agency, Employee, Site, Unit


@dataclass(slots=True, eq=False)
class Person:
    """Somebody of the agency. `pk` is None, and `row` a row of the file, for whom the file brings along."""

    pk: int | None
    name: str
    nip: str
    nrk: str
    kind: str
    row: int | None = None
    held: list[Held] = field(default_factory=list)

    @property
    def numbers(self) -> tuple[str, ...]:
        """What a file may name this person by."""
        return tuple(filter(None, (self.nrk, self.nip)))

    @property
    def number(self) -> str:
        """How a file names this person."""
        return self.nrk or self.nip


class People:
    """The people of an agency, those who are active by their numbers, and the numbers of those who have left."""

    def __init__(self, agency: Agency) -> None:
        self.everybody: list[Person] = []
        self.by_nrk: dict[str, Person] = {}
        self.by_nip: dict[str, Person] = {}
        self.left_nrk: set[str] = set()
        self.left_nip: set[str] = set()
        rows = Employee.objects.filter(agency=agency).order_by()
        for pk, name, nip, nrk, kind, active in rows.values_list(
            "pk", "name", "nip", "nrk", "kind", "is_active"
        ):
            self.everybody.append(Person(pk, name, nip or "", nrk or "", kind))
            if active:
                self.add(self.everybody[-1])
            else:
                self.left_nip.add(nip or "")
                self.left_nrk.add(nrk or "")

    def add(self, person: Person) -> None:
        """Makes somebody known by his numbers."""
        if person.nrk:
            self.by_nrk[person.nrk] = person
        if person.nip:
            self.by_nip[person.nip] = person

    def find(self, number: str) -> Person | None:
        """By NRK, else by NIP."""
        return self.by_nrk.get(number) or self.by_nip.get(number)

    def named(self, number: str, column: str) -> Person:
        """Somebody who is already there. Raises Fault."""
        found = self.find(number)
        if found is None or found.pk is None:
            raise Fault("unknown_person", column, value=numbers(number))
        return found


class Sites:
    """The offices of an agency by name; nothing keeps two from having one name."""

    def __init__(self, agency: Agency) -> None:
        self.by_name: dict[str, list[int]] = defaultdict(list)
        self.names: dict[int, str] = {}
        for pk, name in Site.objects.filter(agency=agency).order_by().values_list("pk", "name"):
            self.by_name[name].append(pk)
            self.names[pk] = name

    def named(self, name: str, column: str) -> int:
        """The one office of a name. Raises Fault."""
        found = self.by_name.get(name, [])
        if len(found) != 1:
            raise Fault("ambiguous_site" if found else "unknown_site", column, value=name)
        return found[0]


class Units:
    """The units of an agency by code, with the way up the tree."""

    def __init__(self, agency: Agency) -> None:
        rows = Unit.objects.without_tree_fields().filter(agency=agency).order_by()
        self.by_code = {unit.code: unit for unit in rows}
        self.by_pk = {unit.pk: unit for unit in self.by_code.values()}

    def named(self, code: str, column: str) -> Unit:
        """The unit of a code. Raises Fault."""
        if code not in self.by_code:
            raise Fault("unknown_unit", column, value=code)
        return self.by_code[code]

    def above(self, unit: Unit) -> list[Unit]:
        """The unit and those above it, nearest first; a broken tree ends where it would repeat."""
        chain: list[Unit] = []
        at: Unit | None = unit
        while at is not None and at not in chain:
            chain.append(at)
            at = self.by_pk.get(at.parent_id)
        return chain

    def seat(self, unit: Unit) -> int | None:
        """The office of a unit, its own or that of the nearest unit above."""
        return next((one.site_id for one in self.above(unit) if one.site_id), None)


def once(seen: dict, key: object, row: int) -> None:
    """Notes a key of a row. Raises Fault for a row that repeats an earlier one."""
    if seen.setdefault(key, row) != row:
        raise Fault("duplicate_row", row=seen[key])


def cycle(start, above) -> list:
    """The loop that leads from `start` upwards back to `start`; empty where there is none."""
    chain: list = []
    at = start
    while at is not None and at not in chain:
        chain.append(at)
        at = above(at)
    return chain if at == start else []


def listed(rows: Iterable[int | None]) -> str:
    """Row numbers as a sentence names them."""
    return ", ".join(str(row) for row in sorted(filter(None, rows)))
