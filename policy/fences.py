"""Fences: circles, polygons with holes, several places, and their GeoJSON. PURE.

Degrees are WGS84, positions (longitude, latitude) as in GeoJSON, radii metres. What is no fence raises FenceError.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import shapely

Position = tuple[float, float]  # (longitude, latitude), the order of GeoJSON
Ring = tuple[Position, ...]

MAX_RADIUS_M = 100_000.0  # a larger circle is a slip of the unit


class FenceError(ValueError):
    """What is wrong (`code`) at which place of the shape's GeoJSON (`where`, such as `coordinates[0][1][3]`).

    Codes: malformed, unsupported_type, empty, not_a_number, out_of_range, swapped_axes, null_island,
    not_positive, too_large, too_few_points, open_ring, self_intersection, hole_outside, overlapping_holes.
    """

    def __init__(self, code: str, where: str) -> None:
        super().__init__(code, where)
        self.code, self.where = code, where


def number(value: object) -> float | None:
    """A finite float, or None; True is not a number here, and an integer may be too large for a float."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return float(value) if math.isfinite(value) else None
    except OverflowError:
        return None


def _position(value: object, where: str) -> Position:
    """(longitude, latitude) of a GeoJSON position; an altitude after them is dropped. Raises FenceError."""
    if not isinstance(value, list | tuple) or len(value) < 2:
        raise FenceError("malformed", where)
    longitude, latitude = number(value[0]), number(value[1])
    if longitude is None or latitude is None:
        raise FenceError("not_a_number", where)
    # Exchanging the axes would cure it; so with every point of Indonesia, where longitudes are 95..141.
    if abs(longitude) <= 90 < abs(latitude) <= 180:
        raise FenceError("swapped_axes", where)
    if abs(latitude) > 90 or abs(longitude) > 180:
        raise FenceError("out_of_range", where)
    if longitude == latitude == 0:
        raise FenceError("null_island", where)
    return longitude, latitude


def _ring(value: object, where: str) -> Ring:
    """A closed ring that does not cross itself, in either direction. Raises FenceError."""
    ring = tuple(_position(item, f"{where}[{i}]") for i, item in enumerate(_items(value, where)))
    if len(ring) < 4:
        raise FenceError("too_few_points", where)
    if ring[0] != ring[-1]:
        raise FenceError("open_ring", where)
    if not shapely.Polygon(ring).is_valid:
        raise FenceError("self_intersection", where)
    return ring


def _items(value: object, where: str) -> list[Any]:
    if not isinstance(value, list | tuple):
        raise FenceError("malformed", where)
    if not value:
        raise FenceError("empty", where)
    return list(value)


@dataclass(frozen=True, slots=True)
class Circle:
    """All points within `radius_m` metres of a centre in degrees. Raises FenceError."""

    latitude: float
    longitude: float
    radius_m: float

    def __post_init__(self) -> None:
        _position((self.longitude, self.latitude), "coordinates")
        radius = number(self.radius_m)
        if radius is None:
            raise FenceError("not_a_number", "radius_m")
        if radius <= 0:
            raise FenceError("not_positive", "radius_m")
        if radius > MAX_RADIUS_M:
            raise FenceError("too_large", "radius_m")

    @property
    def middle(self) -> Position:
        """The centre."""
        return self.longitude, self.latitude


@dataclass(frozen=True, slots=True)
class Polygon:
    """A closed ring of (longitude, latitude) without the holes, which lie in it. Raises FenceError."""

    exterior: Ring
    holes: tuple[Ring, ...] = ()

    def __post_init__(self) -> None:
        exterior = _ring(self.exterior, "coordinates[0]")
        holes = tuple(_ring(hole, f"coordinates[{i}]") for i, hole in enumerate(self.holes, 1))
        shell = shapely.Polygon(exterior)
        for i, hole in enumerate(holes, 1):
            if not shell.covers(shapely.Polygon(hole)):
                raise FenceError("hole_outside", f"coordinates[{i}]")
        if not shapely.Polygon(exterior, holes).is_valid:
            raise FenceError("overlapping_holes", "coordinates")
        object.__setattr__(self, "exterior", exterior)  # tuples, so that a fence can be a key of a cache
        object.__setattr__(self, "holes", holes)

    @property
    def middle(self) -> Position:
        """The middle of the bounding box."""
        longitudes, latitudes = zip(*self.exterior, strict=True)
        return (min(longitudes) + max(longitudes)) / 2, (min(latitudes) + max(latitudes)) / 2


Shape = Circle | Polygon


@dataclass(frozen=True, slots=True)
class Fence:
    """One place or several; a point is in the fence when it is in any of them. Raises FenceError."""

    shapes: tuple[Shape, ...]

    def __post_init__(self) -> None:
        shapes = tuple(_items(self.shapes, "shapes"))
        if not all(isinstance(shape, Circle | Polygon) for shape in shapes):
            raise FenceError("malformed", "shapes")
        object.__setattr__(self, "shapes", shapes)

    @classmethod
    def from_geojson(cls, data: object) -> Fence:
        """Polygon, MultiPolygon, Point with a member `radius_m`, or a GeometryCollection of them.

        Rings may run in either direction. Raises FenceError.
        """
        return cls(tuple(_shapes(data)))

    def to_geojson(self) -> dict[str, Any]:
        """The geometry that `from_geojson` reads back as an equal fence."""
        parts = [_geometry(shape) for shape in self.shapes]
        if len(parts) == 1:
            return parts[0]
        if all(part["type"] == "Polygon" for part in parts):
            return {"type": "MultiPolygon", "coordinates": [part["coordinates"] for part in parts]}
        return {"type": "GeometryCollection", "geometries": parts}


def _geometry(shape: Shape) -> dict[str, Any]:
    if isinstance(shape, Circle):
        return {"type": "Point", "coordinates": list(shape.middle), "radius_m": shape.radius_m}
    rings = [[list(point) for point in ring] for ring in (shape.exterior, *shape.holes)]
    return {"type": "Polygon", "coordinates": rings}


def _shapes(data: Any, nested: bool = False) -> Iterator[Shape]:
    match data:
        case {"type": "Point"}:
            longitude, latitude = _position(data.get("coordinates"), "coordinates")
            yield Circle(latitude, longitude, data.get("radius_m", math.nan))
        case {"type": "Polygon"}:
            exterior, *holes = _items(data.get("coordinates"), "coordinates")
            yield Polygon(exterior, tuple(holes))
        case {"type": "MultiPolygon"}:
            for i, rings in enumerate(_items(data.get("coordinates"), "coordinates")):
                with _within(f"coordinates[{i}]", instead_of="coordinates"):
                    yield from _shapes({"type": "Polygon", "coordinates": rings})
        case {"type": "GeometryCollection"} if not nested:  # RFC 7946 3.1.8 advises against nesting
            for i, part in enumerate(_items(data.get("geometries"), "geometries")):
                with _within(f"geometries[{i}]."):
                    yield from _shapes(part, nested=True)
        case _:
            raise FenceError("unsupported_type", "type")


@contextmanager
def _within(place: str, instead_of: str = "") -> Iterator[None]:
    """Put the place of a part in front of the place that its error names."""
    try:
        yield
    except FenceError as error:
        raise FenceError(error.code, place + error.where.removeprefix(instead_of)) from None
