"""Files as people hand them in: CSV, XLSX and GeoJSON of plain rows."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable

from openpyxl import Workbook


def a_csv(*rows: Iterable, separator: str = ",", encoding: str = "utf-8-sig") -> bytes:
    """A CSV file; the first row holds the headings."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator).writerows(
        ["" if cell is None else cell for cell in row] for row in rows
    )
    return text.getvalue().encode(encoding)


def an_xlsx(*rows: Iterable) -> bytes:
    """A workbook with the rows in its first sheet."""
    book = Workbook()
    for row in rows:
        book.active.append(list(row))
    found = io.BytesIO()
    book.save(found)
    return found.getvalue()


def a_geojson(*features: tuple[dict, dict | None]) -> bytes:
    """A FeatureCollection of (properties, geometry)."""
    made = [{"type": "Feature", "properties": p, "geometry": g} for p, g in features]
    return json.dumps({"type": "FeatureCollection", "features": made}).encode()
