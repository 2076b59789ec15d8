"""Domisili: proposals that wait for somebody else's approval; a file approves nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cryptography.exceptions import InvalidTag
from django.db.models import Q

from policy import domiciles
from policy.fences import Circle, Fence, FenceError
from policy.imports import cells
from policy.imports.batch import Batch, Change, Line
from policy.imports.cells import Fault
from policy.imports.columns import Column, coordinates, numbers
from policy.imports.directory import People, once
from policy.imports.sites import fault_of
from policy.models import Domicile, Employee

MOST_ERROR_M = 10_000.0  # a point that may lie further off is no residence


class DomicileBatch(Batch):
    """Every row is a proposal for one person. Nothing of a report says where anybody lives."""

    kind = "domiciles"
    person = Column(
        "person", "NRK/NIP", cells.number, needed=True, hide=numbers, about="Pegawai", example="123456"
    )
    latitude = Column(
        "latitude",
        "Lintang",
        cells.decimal,
        needed=True,
        hide=coordinates,
        about="Derajat WGS84",
        example="-6.4025",
    )
    longitude = Column(
        "longitude",
        "Bujur",
        cells.decimal,
        needed=True,
        hide=coordinates,
        about="Derajat WGS84",
        example="106.7942",
    )
    error_m = Column(
        "error_m", "Ketelitian (m)", cells.decimal, about="Ketelitian titik terdaftar, meter", example="10"
    )
    district = Column(
        "district", "Kecamatan", cells.text(120), about="Kecamatan/kota", example="Beji, Kota Depok"
    )
    region = Column("region", "Kode wilayah", cells.region, about="Kode Kemendagri", example="32.76.06")

    def load(self) -> None:
        self.people = People(self.agency)
        self.rows: dict[int, int] = {}
        self.planned: list[Line] = []
        scope = self.reach.scope
        self.mine = (
            None
            if self.reach.units is None
            else set(scope.people_of_units().values_list("employee", flat=True))
        )
        self.registered = self._registered()

    def _registered(self) -> dict[int, list[tuple]]:
        """What is in force or waits already for the people of the file, so that a second upload proposes nothing."""
        place = self.table.headers.index("NRK/NIP")
        named = filter(None, (self.people.find(_number(row[place])) for row in self.table.rows))
        rows = Domicile.objects.filter(Q(status="proposed") | Q(status="approved", in_force_until=None))
        rows = rows.filter(employee__in={person.pk for person in named}).select_related("location")
        found: dict[int, list[tuple]] = {}
        for row in rows:
            found.setdefault(row.employee_id, []).append(_content(row))
        return found

    def check(self, line: Line) -> Iterator[Fault]:
        try:
            found = self.people.named(line.person, "NRK/NIP")
            line.label, line.employee = f"{found.name} ({numbers(found.number)})", found.pk
            if self.mine is not None and found.pk not in self.mine:
                raise Fault("outside_your_scope", "NRK/NIP")
            once(self.rows, found.pk, line.row)
            if not 0 <= (line.get("error_m", None) or 0) <= MOST_ERROR_M:
                raise Fault("negative_error", "Ketelitian (m)")
            Fence((Circle(line.latitude, line.longitude, domiciles.HOME_RADIUS_M),))
        except Fault as fault:
            yield fault
        except FenceError as error:
            yield fault_of(error, "Lintang")

    def plan(self, line: Line) -> list[Change]:
        self.planned.append(line)
        said = (
            line.latitude,
            line.longitude,
            line.get("error_m", None) or 0.0,
            line.get("district"),
            line.get("region"),
        )
        if said in self.registered.get(line.employee, ()):
            self.planned.pop()
            return []
        return self.changes(line, {})

    def write(self) -> None:
        employees = Employee.objects.in_bulk([line.employee for line in self.planned])
        for n, line in enumerate(self.planned):
            proposed = domiciles.propose(
                employees[line.employee],
                latitude=line.latitude,
                longitude=line.longitude,
                error_m=line.get("error_m", None) or 0.0,
                district=line.get("district"),
                now=self.now,
            )
            if line.get("region"):
                proposed.region = line.region
                proposed.save(update_fields=["region"])
            if n % 500 == 0:
                self.progress("writing", n, len(self.planned))


def _number(value: Any) -> str:
    try:
        return str(cells.number(value))
    except Fault:
        return ""


def _content(domicile: Domicile) -> tuple:
    """What a row would have to say to be this domicile."""
    try:
        opened = domiciles.opened(domicile)
        circle = Fence.from_geojson(opened["fence"]).shapes[0]
    except (InvalidTag, KeyError, FenceError, Domicile.location.RelatedObjectDoesNotExist):
        return ()
    return (circle.latitude, circle.longitude, opened["error_m"], domicile.district, domicile.region)
