"""Unit kerja: the tree of an agency, matched by code."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from policy.imports import cells
from policy.imports.batch import WRITTEN_AT_ONCE, Batch, Change, Line, upsert
from policy.imports.cells import Fault
from policy.imports.columns import Column
from policy.imports.directory import Sites, Units, cycle, listed, once
from policy.models import Unit
from policy.models.organisation import LevelKind, ServiceCategory


def label_of(choices) -> Any:
    """Writes a choice as pages show it."""
    return lambda value: str(dict(choices).get(value, value or ""))


class UnitBatch(Batch):
    """Every row is a unit; a parent may stand further down in the file."""

    kind = "units"
    unsettles = True
    code = Column(
        "code",
        "Kode unit",
        cells.code(40),
        needed=True,
        about="Kode unit kerja, unik di instansi",
        example="BKD-01",
    )
    name = Column(
        "name", "Nama", cells.text(), needed=True, about="Nama unit kerja", example="Subbagian Kepegawaian"
    )
    level = Column(
        "level_kind", "Tingkat", cells.choice(LevelKind.choices), needed=True, write=label_of(LevelKind.choices),
        about="Tingkat unit kerja", example="Subbidang/Subbagian",
    )  # fmt: skip
    parent = Column(
        "parent", "Kode unit induk", cells.code(40), about="Kosong untuk perangkat daerah", example="BKD"
    )
    category = Column(
        "service_category", "Kategori layanan", cells.choice(ServiceCategory.choices),
        write=label_of(ServiceCategory.choices), about="Kosong: mengikuti unit induk", example="Administrasi pemerintahan",
    )  # fmt: skip
    site = Column(
        "site",
        "Kantor",
        cells.text(),
        about="Nama kantor; kosong: mengikuti unit induk",
        example="Balai Kota",
    )
    min_office = Column(
        "min_office",
        "Paling sedikit di kantor",
        cells.count,
        about="Jumlah pegawai yang harus berada di kantor",
        example="0",
    )

    def load(self) -> None:
        self.units, self.sites = Units(self.agency), Sites(self.agency)
        self.rows: dict[str, int] = {}
        self.planned: dict[str, Line] = {}

    def find(self, row) -> Line | None:
        unit = self.units.by_code.get(cells.code(40)(row.get("Kode unit")))
        return Line(stored=unit) if unit else None

    def check(self, line: Line) -> Iterator[Fault]:
        line.label = f"{line.name} ({line.code})"
        try:
            once(self.rows, line.code, line.row)
            name = line.get("site")
            line.site_pk = self.sites.named(name, "Kantor") if name else None
        except Fault as fault:
            yield fault

    def plan(self, line: Line) -> list[Change]:
        self.planned[line.code] = line
        return self.changes(line, self.values(line.stored) if line.stored else {})

    def values(self, unit: Unit) -> dict[str, Any]:
        """A stored unit by column."""
        above = self.units.by_pk.get(unit.parent_id)
        return {
            "code": unit.code,
            "name": unit.name,
            "level_kind": unit.level_kind,
            "parent": above.code if above else "",
            "service_category": unit.service_category,
            "site": self.sites.names.get(unit.site_id, ""),
            "min_office": unit.min_office,
        }

    def check_whole(self) -> Iterator[tuple[int | None, Fault]]:
        """Every parent is there, and nobody hangs below himself."""
        known = self.planned.keys() | self.units.by_code.keys()
        told: set[str] = set()
        for code, line in self.planned.items():
            parent = line.get("parent")
            if parent and parent not in known:
                yield line.row, Fault("unknown_unit", "Kode unit induk", value=parent)
            loop = [] if code in told else cycle(code, self._parent)
            if loop:
                told.update(loop)
                rows = listed(self.rows.get(one) for one in loop)
                yield (
                    line.row,
                    Fault("unit_cycle", "Kode unit induk", chain=" → ".join([*loop, code]), rows=rows),
                )

    def _parent(self, code: str) -> str | None:
        """The code above, as the file leaves it."""
        line, unit = self.planned.get(code), self.units.by_code.get(code)
        if line is not None and line.get("parent", None) is not None:
            return line.parent or None
        above = self.units.by_pk.get(unit.parent_id) if unit else None
        return above.code if above else None

    def write(self) -> None:
        self._create([line for line in self.planned.values() if line.stored is None])
        changed = [line for line in self.planned.values() if line.stored and line.changes]
        fields = ["name", "level_kind", "parent", "service_category", "site", "min_office"]
        upsert(Unit, [self._fill(line.stored, line) for line in changed], fields)

    def _create(self, lines: list[Line]) -> None:
        """Level by level: a parent has to be stored before what hangs below it."""
        known, waiting = self.units.by_code, lines
        while waiting:
            ready = [line for line in waiting if not line.get("parent") or line.parent in known]
            if not ready:  # check_whole has refused every loop; never go round in one
                raise RuntimeError("These units hang below each other.")
            units = [self._fill(Unit(agency=self.agency, code=line.code), line) for line in ready]
            Unit.objects.bulk_create(units, batch_size=WRITTEN_AT_ONCE)
            known.update((unit.code, unit) for unit in units)
            waiting = [line for line in waiting if line.code not in known]

    def _fill(self, unit: Unit, line: Line) -> Unit:
        for column in self.given:
            if column.attribute not in ("code", "parent", "site"):
                setattr(unit, column.attribute, getattr(line, column.attribute))
        if line.get("parent", None) is not None:
            unit.parent = self.units.by_code[line.parent] if line.parent else None
        if line.get("site", None) is not None:
            unit.site_id = line.site_pk
        return unit

    def lines(self, units) -> Iterator[Line]:
        """Stored units as rows of a file."""
        self.load()
        for unit in units:
            yield Line(**self.values(unit))
