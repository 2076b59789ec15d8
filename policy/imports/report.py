"""What a file would change, or has changed, row by row: counts of everything, and the first rows of each sort."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from import_export.results import Result, RowResult

from policy.imports.cells import Fault

KEPT = 300  # rows of each sort that a page shows; the counts are of all
_SORTS = {
    RowResult.IMPORT_TYPE_NEW: "new",
    RowResult.IMPORT_TYPE_UPDATE: "changed",
    RowResult.IMPORT_TYPE_SKIP: "unchanged",
}


class Report(Result):
    """A result that keeps no row beyond the first of each sort, so that 60,000 rows cost no memory."""

    def __init__(self, numbers: Sequence[int] = (), described: Callable[[Any], list[str]] = list) -> None:
        super().__init__()
        self.numbers, self.described = numbers, described
        self.counts = {"new": 0, "changed": 0, "unchanged": 0, "faults": 0}
        self.new: list[dict] = []
        self.changed: list[dict] = []
        self.faults: list[dict] = []

    def append_row_result(self, row_result: RowResult) -> None:
        sort = _SORTS.get(row_result.import_type)
        if sort is None:
            return
        self.counts[sort] += 1
        kept = {"new": self.new, "changed": self.changed}.get(sort)
        if kept is not None and len(kept) < KEPT:
            line = row_result.instance
            changes = [self.described(change) for change in line.changes]
            kept.append({"row": line.row, "what": str(line), "changes": changes})

    def append_invalid_row(self, number: int, row, validation_error: ValidationError) -> None:
        for column, errors in validation_error.error_dict.items():
            for error in errors:
                self.add(self.numbers[number - 1], column, error.code, error.params or {})

    def add(self, row: int | None, column: str, code: str, about: dict, detail: str = "") -> None:
        """A fault in a row and column of the file; both may be unknown."""
        self.counts["faults"] += 1
        if len(self.faults) < KEPT:
            column = "" if column == NON_FIELD_ERRORS else column
            self.faults.append({"row": row, "column": column, "code": code, "about": about, "detail": detail})

    def has_errors(self) -> bool:
        return bool(self.base_errors)

    def has_validation_errors(self) -> bool:
        return self.counts["faults"] > 0

    def as_json(self) -> dict:
        """What the job keeps."""
        faults = sorted(self.faults, key=lambda fault: fault["row"] or 0)
        return {"counts": self.counts, "new": self.new, "changed": self.changed, "faults": faults}


def refusal(*faults: Fault, row: int | None = None) -> dict:
    """The report of a file that could not be looked at row by row."""
    report = Report()
    for fault in faults:
        report.add(row, fault.column, fault.code, fault.about)
    return report.as_json()
