"""Jadwal kerja: one new draft a unit, from its first to its last date in the file; a file publishes nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from policy import rotas
from policy.imports import cells
from policy.imports.batch import Batch, Change, Line
from policy.imports.cells import Fault
from policy.imports.columns import Column, numbers
from policy.imports.directory import People, Units
from policy.imports.units import label_of
from policy.models import Posting, Roster, RosterEntry, WorkingHours
from policy.refusals import finding_sentence
from policy.rota_check import Finding
from policy.rotas import Cell

MODES = (("wfh", "WFH"), ("wfo", "WFO"))
_HALVES = {"day": ("am", "pm"), "am": ("am",), "pm": ("pm",)}


class RotaBatch(Batch):
    """Every row plans one person on one date, or on half of it."""

    kind = "rotas"
    unit = Column(
        "unit", "Kode unit", cells.code(), needed=True, about="Unit kerja penyusun jadwal", example="BKD-01"
    )
    person = Column(
        "person",
        "NRK/NIP",
        cells.number,
        needed=True,
        hide=numbers,
        about="Pegawai unit kerja itu",
        example="123456",
    )
    date = Column("date", "Tanggal", cells.day, needed=True, about="Tanggal kerja", example="2023-08-21")
    mode = Column(
        "mode",
        "Mode",
        cells.choice(MODES),
        needed=True,
        write=label_of(MODES),
        about="WFH atau WFO",
        example="WFH",
    )
    segment = Column(
        "segment", "Bagian hari", cells.choice(RosterEntry.Segment.choices, pagi="am", siang="pm", penuh="day"),
        write=label_of(RosterEntry.Segment.choices), about="Kosong: sehari penuh; pagi; siang",
    )  # fmt: skip
    shift = Column(
        "shift", "Kode sif", cells.slug(), about="Sif/sesi yang berlaku hari itu; kosong: jam kerja biasa"
    )

    def load(self) -> None:
        self.units, self.people = Units(self.agency), People(self.agency)
        self.shifts: dict[str, list[WorkingHours]] = defaultdict(list)
        for hours in WorkingHours.objects.filter(agency=self.agency).exclude(code=""):
            self.shifts[hours.code].append(hours)
        self.halves: dict[tuple, int] = {}
        self.planned: dict[int, list[Line]] = defaultdict(list)
        self.of_person: dict[tuple, Line] = {}  # by unit, date and employee
        self.at_home: dict[tuple, Line] = {}  # the first that plans a date of a unit at home
        self.in_force, self.mine = self._in_force(), self._mine()

    def _in_force(self) -> dict[tuple, tuple]:
        """The plan that holds for the dates of the file, to say what differs."""
        dates = [found for found in map(_date, self._column("Tanggal")) if found]
        if not dates or (max(dates) - min(dates)).days >= rotas.LONGEST_DAYS:
            return {}  # such a file is refused, and would read years
        rows = RosterEntry.objects.filter(employee__agency=self.agency, in_force=True)
        rows = rows.filter(date__range=(min(dates), max(dates))).order_by()
        fields = rows.values_list("employee", "date", "segment", "mode", "hours__code")
        return {(who, day, segment): (mode, shift or "") for who, day, segment, mode, shift in fields}

    def _column(self, heading: str) -> list:
        place = self.table.headers.index(heading)
        return [row[place] for row in self.table.rows]

    def find(self, row) -> Line | None:
        """A plan that holds already is changed by a row, or stays as it is."""
        person = self.people.find(cells.number(row["NRK/NIP"]))
        segment = self.fields["segment"].widget.clean(row.get("Bagian hari")) or "day"
        key = (person.pk if person else None, cells.day(row["Tanggal"]), segment)
        return Line(stored=self.in_force[key]) if key in self.in_force else None

    def check(self, line: Line) -> Iterator[Fault]:
        line.segment = line.get("segment") or "day"
        line.label = numbers(line.person)
        for step in (self._check_unit, self._check_person):
            try:
                step(line)
            except Fault as fault:
                yield fault

    def _check_unit(self, line: Line) -> None:
        line.of = self.units.named(line.unit, "Kode unit")
        if self.reach.units is not None and line.of.pk not in self.reach.units:
            raise Fault("outside_your_scope", "Kode unit")
        closed = self.agency.closed_until
        if closed and line.date <= closed:
            raise Fault("period_closed", "Tanggal", until=closed)
        line.hours = self._hours(line) if line.get("shift") else None

    def _hours(self, line: Line) -> WorkingHours:
        """The shift of a code that holds for the unit on the date; the nearest unit's goes first."""
        path = [unit.pk for unit in self.units.above(line.of)] + [None]
        holding = [h for h in self.shifts[line.shift] if h.unit_id in path and _holds(h, line.date)]
        if not holding:
            raise Fault("unknown_shift", "Kode sif", value=line.shift)
        return min(holding, key=lambda hours: (path.index(hours.unit_id), -hours.starts.toordinal()))

    def _check_person(self, line: Line) -> None:
        person = self.people.named(line.person, "NRK/NIP")
        if self.reach.units is not None:  # before anything of the person is shown
            if line.get("of") is None or line.of.pk not in self.reach.units:
                return  # the unit's own fault says it
            if not self._is_mine(person.pk, line.date):
                raise Fault("outside_your_scope", "NRK/NIP")
        line.name, line.employee = person.name, person.pk
        line.label = f"{person.name} ({numbers(person.number)}), {line.date}"
        for half in _HALVES[line.segment]:
            row = self.halves.setdefault((person.pk, line.date, half), line.row)
            if row != line.row:
                raise Fault("segments_overlap", "Tanggal", row=row)

    def _mine(self) -> dict[int, list[tuple]]:
        """Who is posted in the units of an officer, and when."""
        found: dict[int, list[tuple]] = defaultdict(list)
        held = Posting.objects.filter(unit__in=self.reach.units or ()).order_by()
        for employee, starts, ends in held.values_list("employee", "starts", "ends"):
            found[employee].append((starts, ends))
        return found

    def _is_mine(self, person: int, day: date) -> bool:
        """Whether somebody is posted on the date in the units of an officer."""
        return any(starts <= day and (not ends or day <= ends) for starts, ends in self.mine.get(person, ()))

    def plan(self, line: Line) -> list[Change]:
        self.planned[line.of.pk].append(line)
        self.of_person.setdefault((line.of.pk, line.date, line.employee), line)
        if line.mode == "wfh":
            self.at_home.setdefault((line.of.pk, line.date), line)
        if line.stored is None:
            return self.changes(line, {"unit": line.unit, "person": line.person, "date": line.date})
        mode, shift = line.stored
        return self.changes(line, {**line.__dict__, "mode": mode, "shift": shift})

    def check_whole(self) -> Iterator[tuple[int | None, Fault]]:
        dates = [line.date for lines in self.planned.values() for line in lines]
        self.first, self.last = min(dates, default=None), max(dates, default=None)
        if dates and (self.last - self.first).days >= rotas.LONGEST_DAYS:
            yield None, Fault("too_long_period", "Tanggal", most=rotas.LONGEST_DAYS)

    def write(self) -> None:
        self.drafts: list[Roster] = []
        for n, (unit, lines) in enumerate(self.planned.items()):
            cells_ = [Cell(line.employee, line.date, line.mode, line.segment, line.hours) for line in lines]
            # The dates of this unit alone: publishing replaces what is planned in a rota's whole period.
            first, last = min(line.date for line in lines), max(line.date for line in lines)
            plan = rotas.draft(self.units.by_pk[unit], first, last, cells_, origin={"pattern": "imported"})
            self.drafts.append(plan)
            self.progress("writing", n, len(self.planned))

    def check_written(self) -> Iterator[tuple[int | None, Fault]]:
        """What would keep a draft from being published: exclusions, caps, minimum at the office, ..."""
        for plan in self.drafts:
            for finding in rotas.check(plan):
                yield self._found(plan, finding)

    def _found(self, plan: Roster, finding: Finding) -> tuple[int | None, Fault]:
        """A finding with the row that it is about: the person's, else the first that plans that date at home."""
        own = self.of_person.get((plan.unit_id, finding.day, finding.employee))
        about = own or self.at_home.get((plan.unit_id, finding.day))
        fault = Fault(finding.code, "NRK/NIP" if own else "Tanggal", **finding.numbers)
        said = finding_sentence(finding, {own.employee: own.name} if own else {})
        fault.detail = f"{plan.unit.name}. {said}"
        return about and about.row, fault

    def lines(self, entries) -> Iterator[Line]:
        """Stored plans as rows of a file."""
        fields = (
            "roster__unit__code",
            "employee__nrk",
            "employee__nip",
            "date",
            "mode",
            "segment",
            "hours__code",
        )
        for unit, nrk, nip, day, mode, segment, shift in entries.values_list(*fields).iterator(2000):
            yield Line(unit=unit, person=nrk or nip, date=day, mode=mode, segment=segment, shift=shift or "")


def _holds(hours: WorkingHours, day: date) -> bool:
    return hours.starts <= day and (hours.ends is None or day <= hours.ends)


def _date(value) -> date | None:
    try:
        return cells.day(value)
    except Fault:
        return None
