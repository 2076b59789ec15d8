"""Pegawai: who they are and where they are posted, matched by NRK within the agency, else by NIP.

NIP is checked and never a key. A row names a posting; a later start with something changed is a transfer.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from policy.identifiers import mask, nip_kind
from policy.imports import cells
from policy.imports.batch import WRITTEN_AT_ONCE, Batch, Change, Line, upsert
from policy.imports.cells import Fault
from policy.imports.columns import Column, numbers
from policy.imports.directory import People, Person, Sites, Units, cycle, listed
from policy.imports.postings import Held, base_of, place
from policy.imports.units import label_of
from policy.models import Employee, Posting
from policy.models.organisation import ServiceCategory
from policy.models.people import EmployeeKind

ASKED_AT_ONCE = 5000  # numbers of one query
WHO = ("name", "nip", "nrk", "kind")
WHERE = ("unit", "site", "position", "post", "service_category", "superior")


class PersonBatch(Batch):
    """Every row is a person and one posting of his; somebody with two postings has two rows."""

    kind = "people"
    unsettles = True
    name = Column("name", "Nama", cells.text(), needed=True, about="Nama lengkap", example="Ani Lestari")
    nip = Column(
        "nip", "NIP", cells.nip, hide=numbers, about="18 digit, kolom berformat Teks; kosong tidak menghapus",
        example="198508172010012001",
    )  # fmt: skip
    nrk = Column(
        "nrk", "NRK", cells.nrk, about="Nomor registrasi di instansi, kolom berformat Teks; kosong tidak menghapus",
        example="123456",
    )  # fmt: skip
    kind_of = Column(
        "kind", "Jenis pegawai", cells.choice(EmployeeKind.choices, pjlp="contract_staff"), needed=True,
        write=label_of(EmployeeKind.choices), about="PNS, PPPK, CPNS, atau Tenaga kontrak (PJLP)", example="PNS",
    )  # fmt: skip
    unit = Column(
        "unit", "Kode unit", cells.code(), needed=True, about="Unit kerja penempatan", example="BKD-01"
    )
    site = Column(
        "site", "Kantor", cells.text(), about="Nama kantor; kosong: kantor unit kerja", example="Balai Kota"
    )
    position = Column(
        "position", "Jabatan", cells.text(), needed=True, about="Nama jabatan", example="Analis Kepegawaian"
    )
    post = Column(
        "post",
        "Kode jabatan",
        cells.slug(),
        about="Kode yang dapat dikecualikan oleh skema, misalnya treasurer",
    )
    category = Column(
        "service_category", "Kategori layanan", cells.choice(ServiceCategory.choices),
        write=label_of(ServiceCategory.choices), about="Kosong: mengikuti unit kerja",
    )  # fmt: skip
    superior = Column(
        "superior", "NRK/NIP atasan", cells.number, hide=numbers, about="Atasan langsung; boleh pegawai pada berkas yang sama",
        example="123400",
    )  # fmt: skip
    starts = Column(
        "starts", "Mulai", cells.day, needed=True, about="Tanggal mulai penempatan; lebih baru dan berubah berarti mutasi",
        example="2023-08-21",
    )  # fmt: skip
    ends = Column("ends", "Sampai", cells.day, about="Tanggal akhir penempatan; kosong: seterusnya")

    def load(self) -> None:
        self.units, self.sites, self.people = Units(self.agency), Sites(self.agency), People(self.agency)
        self.by_name = {column.attribute: column for column in self.columns}
        self.by_pk = {person.pk: person for person in self.people.everybody}
        self.created: list[Person] = []
        self.changed: list[Person] = []
        self.added: list[tuple[Person, Held]] = []
        self.altered: dict[Held, Person] = {}
        self.pending: list[tuple[Line, Held]] = []
        self._read_postings()
        self.elsewhere = self._elsewhere()

    def _read_postings(self) -> None:
        rows = Posting.objects.filter(employee__agency=self.agency, employee__is_active=True)
        fields = ("employee", "pk", "starts", "ends", *WHERE)
        for employee, pk, starts, ends, *what, superior in rows.order_by("starts").values_list(*fields):
            if employee in self.by_pk:
                held = Held(starts, ends, (*what, self.by_pk.get(superior)), pk)
                self.by_pk[employee].held.append(held)

    def _elsewhere(self) -> set[str]:
        """Those NIP of the file that an active person of another agency has."""
        if "NIP" not in self.table.headers:
            return set()
        place = self.table.headers.index("NIP")
        asked = [str(row[place]).replace(" ", "").replace(".", "") for row in self.table.rows if row[place]]
        others = Employee.objects.filter(is_active=True).exclude(agency=self.agency).order_by()
        found: set[str] = set()
        for n in range(0, len(asked), ASKED_AT_ONCE):
            found.update(others.filter(nip__in=asked[n : n + ASKED_AT_ONCE]).values_list("nip", flat=True))
        return found

    # One row

    def find(self, row) -> Line | None:
        nrk, nip = cells.nrk(row.get("NRK")), cells.nip(row.get("NIP"))
        person = self.people.by_nrk.get(nrk) or self.people.by_nip.get(nip)
        return Line(stored=person) if person else None

    def check(self, line: Line) -> Iterator[Fault]:
        line.label = f"{line.name} ({line.get('nrk') or mask(line.get('nip'))})"
        for step in (self._check_numbers, self._check_unit, self._check_superior):
            try:
                step(line)
            except Fault as fault:
                yield fault

    def _check_numbers(self, line: Line) -> None:
        nrk, nip, person = line.get("nrk"), line.get("nip"), line.stored
        if not nrk and not nip:
            raise Fault("number_missing")
        other = self.people.by_nip.get(nip)
        if person and other and person is not other:
            raise Fault("numbers_disagree")
        if nip and line.kind in ("pns", "pppk") and nip_kind(nip) != line.kind:
            raise Fault("other_kind", "NIP")
        if nip in self.elsewhere:
            raise Fault("nip_elsewhere", "NIP")
        has_left = nip in self.people.left_nip if nip else nrk in self.people.left_nrk
        if person is None and has_left:
            raise Fault("inactive_person")

    def _check_unit(self, line: Line) -> None:
        line.unit_pk = self.units.named(line.unit, "Kode unit").pk
        name = line.get("site")
        line.site_pk = self.sites.named(name, "Kantor") if name else None
        if line.get("ends", None) and line.ends < line.starts:
            raise Fault("ends_before_start", "Sampai")

    def _check_superior(self, line: Line) -> None:
        """Somebody known already; one whom the file may bring along further down is looked for at the end."""
        number = line.get("superior")
        line.above = self.people.find(number) if number else None
        if line.above is not None and line.above is line.stored:
            raise Fault("own_superior", "NRK/NIP atasan")

    def plan(self, line: Line) -> list[Change]:
        base = base_of(line.stored.held, line.starts) if line.stored else None
        held = Held(line.starts, line.get("ends", None), self._what(line, base), row=line.row)
        held.ends_given = held.ends is not None
        before = (base.what, base.starts, base.ends) if base else (("",) * len(WHERE), None, None)
        changes = self._employ(line) + self._post(line, held, before)
        by = self.reach.by
        if changes and by and line.stored.pk is not None and line.stored.pk == by.employee_id:
            raise Fault("own_record")  # nobody corrects or transfers himself
        return changes

    def _what(self, line: Line, base: Held | None) -> tuple:
        """Unit, office, position, post, category and superior; columns that the file lacks stay as they are."""
        was = dict(zip(WHERE, base.what, strict=True)) if base else {}
        site = line.site_pk or self._seat(line, was)
        if site is None:
            raise Fault("site_missing", "Kantor")
        post, category = (line.get(name, was.get(name, "")) for name in ("post", "service_category"))
        superior = line.above or line.get("superior", was.get("superior")) or None
        if isinstance(superior, str) and was.get("superior") and superior in was["superior"].numbers:
            superior = was["superior"]  # who has left, and is named as the superior that he still is
        return (line.unit_pk, site, line.position, post, category, superior)

    def _seat(self, line: Line, was: dict[str, Any]) -> int | None:
        """The office of a row that names none: where the person is in that unit, else the seat of the unit."""
        if was.get("unit") == line.unit_pk:
            return was["site"]
        return self.units.seat(self.units.by_pk[line.unit_pk])

    def _employ(self, line: Line) -> list[Change]:
        """What a row says about the person; two rows of one person say the same."""
        person = line.stored
        if person is None:
            line.stored = person = Person(
                None, line.name, line.get("nip"), line.get("nrk"), line.kind, line.row
            )
            self.people.everybody.append(person)
            self.people.add(person)
            self.created.append(person)
            return [self._change(name, "", line.get(name)) for name in WHO if line.get(name)]
        was = {"name": person.name, "nip": person.nip, "nrk": person.nrk, "kind": person.kind}
        now = {name: line.get(name) or was[name] for name in WHO}  # a blank number erases none
        said, person.row = person.row, person.row or line.row
        if now == was:
            return []
        if said is not None:
            raise Fault("person_disagrees", row=said)
        person.name, person.nip, person.nrk, person.kind = now.values()
        self.people.add(person)
        self.changed.append(person)
        return [self._change(name, was[name], now[name]) for name in WHO if now[name] != was[name]]

    def _post(self, line: Line, held: Held, before: tuple) -> list[Change]:
        """Where the posting of a row falls among those of the person."""
        person = line.stored
        move = place(person.held, held)
        if move.since is None:
            return []
        closed = self.agency.closed_until
        if person.pk is not None and closed and move.since <= closed:
            raise Fault("period_closed", "Mulai", until=closed)
        if move.added:
            self.added.append((person, held))
        if move.altered and move.altered.pk:
            self.altered[move.altered] = person
        if isinstance(held.what[-1], str):
            self.pending.append((line, move.added or move.altered))
        return self._moved(before, move.added or move.altered)

    def _moved(self, before: tuple, held: Held) -> list[Change]:
        what, starts, ends = before
        pairs = zip(WHERE, what, held.what, strict=True)
        changes = [self._change(name, old, new) for name, old, new in pairs if (old or "") != (new or "")]
        dates = (("starts", starts, held.starts), ("ends", ends, held.ends))
        return changes + [self._change(name, old, new) for name, old, new in dates if old != new]

    def _change(self, name: str, old: Any, new: Any) -> Change:
        return self.by_name[name], old, new

    def described(self, change: Change) -> list[str]:
        """A change with the words of the file: codes and names for keys, a number for a person."""
        column, old, new = change
        return super().described((column, *(self._word(column.attribute, value) for value in (old, new))))

    def _word(self, name: str, value: Any) -> Any:
        """A value of a posting as the file writes it."""
        if name == "unit" and value:
            return self.units.by_pk[value].code
        if name == "site" and value:
            return self.sites.names[value]
        return value.number if isinstance(value, Person) else value

    # The whole file

    def check_whole(self) -> Iterator[tuple[int | None, Fault]]:
        """Every superior is somebody, and nobody stands above himself on any day (edge case 30)."""
        for line, held in self.pending:
            found = self.people.find(line.superior)
            if found is None or found is line.stored:
                code = "own_superior" if found else "unknown_superior"
                yield line.row, Fault(code, "NRK/NIP atasan", value=numbers(line.superior))
            held.what = (*held.what[:-1], found if found is not line.stored else None)
        yield from self._loops()

    def _loops(self) -> Iterator[tuple[int | None, Fault]]:
        """A loop stands on the day on which the last of its postings began, so only such days are asked."""
        touched = [held.starts for _, held in self.added] + [held.starts for held in self.altered]
        first, told = min(touched, default=date.max), set()
        for person in self.people.everybody:
            for day in [held.starts for held in person.held if held.starts >= first]:
                loop = cycle(person, lambda one, day=day: _superior(one, day))
                rows = [held.row for one in loop for held in one.held if held.row and held.holds_on(day)]
                if rows and not told.intersection(loop):
                    told.update(loop)
                    chain = " → ".join(one.name for one in [*loop, person])
                    yield max(rows), Fault("superior_cycle", "NRK/NIP atasan", chain=chain, rows=listed(rows))

    # Writing

    def write(self) -> None:
        for some in _chunks(self.created):
            made = Employee.objects.bulk_create(map(self._employee, some))
            for person, employee in zip(some, made, strict=True):
                person.pk = employee.pk
        for some in _chunks(self.changed):
            upsert(Employee, [self._employee(person) for person in some], list(WHO))
        postings = [(person, held) for held, person in self.altered.items()]
        for some in _chunks(postings):  # ends first: an old posting makes room for a new one
            upsert(Posting, [_posting(*one) for one in some], [*WHERE, "starts", "ends"])
        for n, some in enumerate(_chunks(self.added)):
            Posting.objects.bulk_create([_posting(*one) for one in some])
            self.progress("writing", n * WRITTEN_AT_ONCE, len(self.added))

    def lines(self, people) -> Iterator[Line]:
        """Postings of stored people as rows of a file."""
        fields = (
            "employee__name", "employee__nip", "employee__nrk", "employee__kind", "unit__code", "site__name", "position",
            "post", "service_category", "superior__nrk", "superior__nip", "starts", "ends",
        )  # fmt: skip
        for *who, above_nrk, above_nip, starts, ends in people.values_list(*fields).iterator(WRITTEN_AT_ONCE):
            said = dict(zip((*WHO, *WHERE[:-1]), who, strict=True))
            yield Line(**said, superior=above_nrk or above_nip, starts=starts, ends=ends)

    def _employee(self, person: Person) -> Employee:
        return Employee(
            id=person.pk,
            agency=self.agency,
            name=person.name,
            nip=person.nip or None,
            nrk=person.nrk or None,
            kind=person.kind,
        )


def _superior(person: Person, day: date) -> Person | None:
    """Who stands above somebody on a date."""
    on = next((held for held in person.held if held.holds_on(day)), None)
    return on.what[-1] if on else None


def _posting(person: Person, held: Held) -> Posting:
    unit, site, position, post, category, superior = held.what
    return Posting(
        id=held.pk,
        employee_id=person.pk,
        unit_id=unit,
        site_id=site,
        position=position,
        post=post,
        service_category=category,
        superior_id=superior.pk if superior else None,
        starts=held.starts,
        ends=held.ends,
    )


def _chunks(items: list) -> Iterator[list]:
    for n in range(0, len(items), WRITTEN_AT_ONCE):
        yield items[n : n + WRITTEN_AT_ONCE]
