"""A file of one noun: every row is planned, the whole is checked, and then everything is written or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from import_export.instance_loaders import BaseInstanceLoader
from import_export.resources import Resource

from policy import calendars, rotas
from policy.imports.cells import Fault
from policy.imports.columns import Column
from policy.imports.report import Report
from policy.imports.sheets import Table
from policy.models import Agency, User
from policy.scope import Scope

WRITTEN_AT_ONCE = 2000  # rows of one INSERT
Progress = Callable[[str, int, int], None]
Change = tuple[Column, Any, Any]  # before and after


@dataclass(frozen=True, slots=True)
class Reach:
    """What the person behind a file may touch: an agency, whole or (`units`) only the units he looks after."""

    agency: Agency
    units: frozenset[int] | None = None
    by: User | None = None
    scope: Scope | None = None


class Line:
    """A row of a file as values by column.

    `row` is its number in the file, `stored` what it is about when that exists already, `changes` what it changes.
    """

    row: int = 0
    label: str = ""
    stored: Any = None
    changes: list[Change]

    def __init__(self, **values: Any) -> None:
        self.__dict__.update(values)

    def __str__(self) -> str:
        return self.label

    def get(self, attribute: str, otherwise: Any = "") -> Any:
        """The value of a column that the file may not have."""
        return self.__dict__.get(attribute, otherwise)


class Batch(Resource):
    """The base of every noun. A subclass declares columns and says how rows are found, planned and written."""

    kind = ""
    unsettles = False  # whether it can break the cap of a published rota, which then gets a warning

    class Meta:
        using_db = "default"
        instance_loader_class = BaseInstanceLoader
        use_bulk = True  # no savepoint a row: a subclass writes everything in one go
        use_transactions = True
        skip_diff = True  # the library would copy every row twice; `changes` says what differs
        store_instance = True

    def __init__(
        self, reach: Reach, now: datetime, progress: Progress = lambda step, done, total: None
    ) -> None:
        super().__init__()
        self.reach, self.agency, self.now, self.progress = reach, reach.agency, now, progress
        self.columns: list[Column] = list(self.fields.values())
        self.table = Table([], [], [])

    # What a noun says about itself

    def load(self) -> None:
        """Reads what the rows refer to, once."""

    def find(self, row: dict[str, Any]) -> Line | None:
        """The line of what the row is about, when that exists already."""
        return None

    def check(self, line: Line) -> Iterator[Fault]:
        """What is wrong with a row beyond its cells; puts what the cells refer to on the line."""
        yield from ()

    def plan(self, line: Line) -> list[Change]:
        """Notes what the row asks for, and says what that changes. Raises Fault."""
        raise NotImplementedError

    def check_whole(self) -> Iterator[tuple[int | None, Fault]]:
        """What is wrong with the file as a whole, with the row that shows it."""
        yield from ()

    def write(self) -> None:
        """Writes what was planned."""
        raise NotImplementedError

    def check_written(self) -> Iterator[tuple[int | None, Fault]]:
        """What only the written rows can tell; everything is taken back when there is something."""
        yield from ()

    # How a file goes through

    @transaction.atomic
    def carry_out(self, table: Table, *, dry_run: bool) -> Report:
        """Plans, checks and writes a file, and takes all of it back in a dry run or on any fault.

        The agency is locked meanwhile: closings, transfers and other files of it wait.
        """
        self.table, self.agency = table, calendars.hold(self.agency.pk)
        self.given = [column for column in self.columns if column.heading in table.headers]
        self.load()
        report = self.import_data(table, dry_run=dry_run, rollback_on_validation_errors=True)
        if report.base_errors:
            raise report.base_errors[0].error
        return report

    def get_result_class(self):
        return lambda: Report(self.table.numbers, self.described)

    def get_import_fields(self) -> list[Column]:
        return self.columns

    def import_row(self, row, instance_loader, **kwargs):
        result = super().import_row(row, instance_loader, **kwargs)
        if result.errors:
            raise result.errors[0].error  # a mistake of ours, not of the file
        if kwargs["row_number"] % 500 == 0:
            self.progress("checking", kwargs["row_number"], len(self.table))
        return result

    def get_instance(self, instance_loader, row) -> Line | None:
        try:
            return self.find(row)
        except Fault:
            return None  # the cell says so itself when it is read

    def init_instance(self, row=None) -> Line:
        return Line()

    def after_init_instance(self, line, new, row, **kwargs) -> None:
        line.row, line.changes = self.table.numbers[kwargs["row_number"] - 1], []

    def import_instance(self, line, row, **kwargs) -> None:
        found: dict[str, list[ValidationError]] = {}
        for column in self.given:
            try:
                setattr(line, column.attribute, column.clean(row))
            except Fault as fault:
                _note(found, fault, column.heading)
        for fault in () if found else self.check(line):
            _note(found, fault)
        if found:
            raise ValidationError(found)

    def skip_row(self, line, original, row, import_validation_errors=None) -> bool:
        if import_validation_errors:
            return False
        try:
            line.changes = self.plan(line)
        except Fault as fault:
            found: dict[str, list[ValidationError]] = {}
            _note(found, fault)
            raise ValidationError(found) from None
        return not line.changes

    def save_instance(self, instance, is_create, row, **kwargs) -> None:
        """Nothing yet: rows are written together, once the whole file is known to be right."""

    def after_import(self, dataset, result, **kwargs) -> None:
        _add(result, self.check_whole())
        if result.has_validation_errors():
            return
        self.progress("writing", 0, len(self.table))
        self.write()
        _add(result, self.check_written())
        if self.unsettles and not kwargs.get("dry_run") and result.counts["new"] + result.counts["changed"]:
            rotas.revalidate(self.agency, now=self.now)

    def changes(self, line: Line, was: dict[str, Any]) -> list[Change]:
        """What the given columns of a row change."""
        found = [
            (column, was.get(column.attribute), getattr(line, column.attribute)) for column in self.given
        ]
        return [change for change in found if (change[1] or "") != (change[2] or "")]

    def described(self, change: Change) -> list[str]:
        """A change as a report shows it: heading, before, after."""
        column, old, new = change
        return [column.heading, column.shown(old), column.shown(new)]


def _note(found: dict[str, list[ValidationError]], fault: Fault, column: str = "") -> None:
    error = ValidationError(fault.code, code=fault.code, params=fault.about)
    found.setdefault(fault.column or column or NON_FIELD_ERRORS, []).append(error)


def _add(report: Report, faults: Iterable[tuple[int | None, Fault]]) -> None:
    for row, fault in faults:
        report.add(row, fault.column, fault.code, fault.about, fault.detail)


def upsert(model, rows: list, fields: list[str]) -> None:
    """Updates many rows by their key in few statements; every column of them must be at hand."""
    model.objects.bulk_create(
        rows, batch_size=WRITTEN_AT_ONCE, update_conflicts=True, unique_fields=["id"], update_fields=fields
    )
