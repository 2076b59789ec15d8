"""The columns of a file: heading, how a cell is read and written, and what the template says about it."""

from __future__ import annotations

from typing import Any

from import_export.fields import Field
from import_export.widgets import Widget

from policy.imports.cells import Fault, Read, is_blank

HIDDEN = "•••"


def plain(value: Any) -> str:
    """A value as a file and a report write it."""
    return "" if value is None else str(value)


class Cell(Widget):
    """Reads and writes the cells of one column."""

    def __init__(self, read: Read, write=plain) -> None:
        super().__init__()
        self.read, self.write = read, write

    def clean(self, value, row=None, **kwargs):
        return self.read(value)

    def render(self, value, obj=None, **kwargs):
        return self.write(value)


class Column(Field):
    """One column. A `needed` one must be there and filled; `hide` veils what a report may not show."""

    def __init__(
        self,
        attribute: str,
        heading: str,
        read: Read,
        *,
        needed=False,
        write=plain,
        hide=plain,
        about="",
        example="",
    ) -> None:
        super().__init__(attribute=attribute, column_name=heading, widget=Cell(read, write))
        self.heading, self.needed, self.hide = heading, needed, hide
        self.about, self.example = about, example

    def clean(self, row, **kwargs):
        """The value of a cell. Raises Fault, which says no more about the cell than a report may."""
        value = row[self.heading]
        if self.needed and is_blank(value):
            raise Fault("required")
        try:
            return self.widget.clean(value)
        except Fault as fault:
            if "value" in fault.about:
                fault.about["value"] = self.hide(fault.about["value"])[:80]
            raise

    def shown(self, value: Any) -> str:
        """A value as a report shows it."""
        return self.hide(self.widget.render(value))


def coordinates(value: str) -> str:
    """Veils a coordinate."""
    return HIDDEN if value else ""


def numbers(value: str) -> str:
    """Veils a NIP, which tells the date of birth and the sex; other numbers stay."""
    if len(value) <= 14:
        return value
    return f"{value[:4]}********" if value[:4].isdigit() else HIDDEN
