"""Kantor: offices with their fences, matched by name; a fence is a circle by columns, or GeoJSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from policy.calendar import ZONES
from policy.fences import Circle, Fence, FenceError, Polygon
from policy.imports import cells
from policy.imports.batch import WRITTEN_AT_ONCE, Batch, Change, Line, upsert
from policy.imports.cells import Fault
from policy.imports.columns import Column
from policy.imports.directory import once
from policy.models import Site

MOST_POINTS = 5000  # of one fence: it is evaluated at every check-in
CIRCLE = {"latitude": "Lintang", "longitude": "Bujur", "radius_m": "Radius (m)"}


def zone_name(zone: str) -> str:
    """WIB, WITA or WIT where that says all, else the zone itself: Pontianak has WIB too."""
    name = ZONES.get(zone, "")
    first = next((one for one, called in ZONES.items() if called == name), None)
    return name if first == zone else zone or ""


def written(geojson: Any) -> str:
    """A geometry as a cell holds it."""
    return json.dumps(geojson, separators=(",", ":")) if geojson else ""


def described(fence: Fence | None) -> str:
    """A fence in a word, for a report."""
    if fence is None:
        return ""
    if len(fence.shapes) == 1 and isinstance(fence.shapes[0], Circle):
        circle = fence.shapes[0]
        return f"{circle.latitude}, {circle.longitude}, radius {circle.radius_m:g} m"
    return f"{fence.to_geojson()['type']}, {points(fence)} titik"


def points(fence: Fence) -> int:
    """How many points the rings of a fence have."""
    rings = (
        ring
        for shape in fence.shapes
        if isinstance(shape, Polygon)
        for ring in (shape.exterior, *shape.holes)
    )
    return sum(len(ring) for ring in rings)


FENCE = Column("fence", "Pagar lokasi", cells.geometry, write=described)


class SiteBatch(Batch):
    """Every row is an office."""

    kind = "sites"
    unsettles = True
    name = Column(
        "name", "Nama", cells.text(), needed=True, about="Nama kantor, unik di instansi", example="Balai Kota"
    )
    zone = Column(
        "zone",
        "Zona waktu",
        cells.choice(ZONES.items()),
        write=zone_name,
        about="WIB, WITA, atau WIT; kosong: WIB",
        example="WIB",
    )
    region = Column("region", "Kode wilayah", cells.region, about="Kode Kemendagri", example="31.71.01")
    latitude = Column("latitude", "Lintang", cells.decimal, about="Derajat WGS84", example="-6.1818")
    longitude = Column("longitude", "Bujur", cells.decimal, about="Derajat WGS84", example="106.8283")
    radius_m = Column("radius_m", "Radius (m)", cells.decimal, about="Meter", example="150")
    geojson = Column(
        "geojson", "GeoJSON", cells.geometry, write=written,
        about="Polygon, MultiPolygon, atau Point dengan radius_m; pengganti lintang, bujur, dan radius",
    )  # fmt: skip

    def load(self) -> None:
        self.rows: dict[str, int] = {}
        self.planned: list[Line] = []
        self.known: dict[str, list[Site]] = {}
        for site in Site.objects.filter(agency=self.agency).order_by("pk"):
            self.known.setdefault(site.name, []).append(site)

    def find(self, row) -> Line | None:
        found = self.known.get(cells.text()(row.get("Nama")), [])
        return Line(stored=found[0]) if found else None

    def check(self, line: Line) -> Iterator[Fault]:
        line.label = line.name
        try:
            once(self.rows, line.name, line.row)
            if len(self.known.get(line.name, [])) > 1:
                raise Fault("ambiguous_site", "Nama", value=line.name)
            line.fence = fence_of(line)
            if line.fence is None and line.stored is None:
                raise Fault("fence_missing")
        except Fault as fault:
            yield fault

    def plan(self, line: Line) -> list[Change]:
        self.planned.append(line)
        site = line.stored
        if not line.get("zone"):  # blank keeps what is there
            line.zone = site.zone if site else Site._meta.get_field("zone").default
        moved = [(FENCE, _stored(site), line.fence)] if line.fence and line.fence != _stored(site) else []
        return self.changes(line, self.values(site) if site else {}) + moved

    def changes(self, line: Line, was: dict[str, Any]) -> list[Change]:
        """Columns but those of the fence, which is compared as a whole."""
        words = [column for column in self.given if column.attribute in ("name", "zone", "region")]
        found = [(column, was.get(column.attribute, ""), line.get(column.attribute)) for column in words]
        return [change for change in found if change[1] != change[2]]

    def values(self, site: Site) -> dict[str, Any]:
        """A stored office by column: its fence as a circle, or as GeoJSON."""
        named = {"name": site.name, "zone": site.zone, "region": site.region}
        if site.geojson.get("type") != "Point":
            return {**named, "latitude": None, "longitude": None, "radius_m": None, "geojson": site.geojson}
        longitude, latitude = site.geojson["coordinates"][:2]
        circle = {"latitude": latitude, "longitude": longitude, "radius_m": site.geojson.get("radius_m")}
        return {**named, **circle, "geojson": None}

    def write(self) -> None:
        fresh = [self._fill(Site(agency=self.agency), line) for line in self.planned if line.stored is None]
        Site.objects.bulk_create(fresh, batch_size=WRITTEN_AT_ONCE)
        changed = [self._fill(line.stored, line) for line in self.planned if line.stored and line.changes]
        upsert(Site, changed, ["name", "geojson", "region", "zone"])

    def _fill(self, site: Site, line: Line) -> Site:
        site.name, site.zone = line.name, line.zone
        site.region = line.get("region", site.region)
        if line.fence:
            site.geojson = line.fence.to_geojson()
        return site

    def lines(self, sites) -> Iterator[Line]:
        """Stored offices as rows of a file."""
        for site in sites:
            yield Line(**self.values(site))


def fence_of(line: Line) -> Fence | None:
    """The fence that a row gives; None where it gives none. Raises Fault."""
    circle = {name: line.get(name, None) for name in CIRCLE}
    geojson = line.get("geojson", None)
    if geojson is not None and any(value is not None for value in circle.values()):
        raise Fault("two_fences")
    if geojson is None and all(value is None for value in circle.values()):
        return None
    fence = _polygons(geojson) if geojson is not None else circle_of(circle)
    if points(fence) > MOST_POINTS:
        raise Fault("too_many_points", "GeoJSON", most=MOST_POINTS)
    return fence


def circle_of(parts: dict[str, float | None]) -> Fence:
    """A circle of the columns latitude, longitude and radius_m. Raises Fault."""
    for name, value in parts.items():
        if value is None:
            raise Fault("required", CIRCLE[name])
    try:
        return Fence((Circle(**parts),))  # type: ignore[arg-type]
    except FenceError as error:
        column = "Radius (m)" if error.where == "radius_m" else "Lintang"
        raise fault_of(error, column) from None


def _polygons(geojson: Any) -> Fence:
    try:
        return Fence.from_geojson(geojson)
    except FenceError as error:
        raise fault_of(error, "GeoJSON") from None


def fault_of(error: FenceError, column: str) -> Fault:
    """A fence's error as a fault of a cell, with the place inside the shape."""
    is_figure = error.code == "not_a_number"  # the code of a cell, whose sentence names no place
    return Fault("not_a_coordinate" if is_figure else error.code, column, where=error.where)


def _stored(site: Site | None) -> Fence | None:
    """The fence of an office; one that cannot be read is as good as none."""
    try:
        return site.fence if site else None
    except FenceError:
        return None
