"""Prints an agency's day, unit by unit."""

from __future__ import annotations

from datetime import date

from django.core.management.base import BaseCommand, CommandError

from attendance.recaps import COLUMNS, UnitDay, unit_day
from policy import clock
from policy.models import Agency

HEADINGS = {
    "headcount": "people",
    "planned_wfh": "WFH",
    "planned_wfo": "WFO",
    "cap": "cap",
    "no_uniform": "no uniform",
}


class Command(BaseCommand):
    help = "Prints planned and actual attendance and the prompts of a day, per unit."

    def add_arguments(self, parser) -> None:
        parser.add_argument("date", type=date.fromisoformat)
        parser.add_argument("--agency", help="code of the agency; all by default")

    def handle(self, *args, date: date, agency: str | None, **options) -> None:
        agencies = Agency.objects.filter(**({"code": agency} if agency else {}))
        if not agencies:
            raise CommandError(f"There is no agency {agency!r}.")
        for one in agencies:
            self.stdout.write(f"\n{one.name}, {date:%A %d %B %Y}")
            self.stdout.write("\n".join(table(unit_day(one, date, clock.now()))))


def table(rows: list[UnitDay]) -> list[str]:
    """The lines of a day's table with its totals."""
    width = max((len(row.unit.name) for row in rows), default=4)
    headings = [HEADINGS.get(name, name) for name in COLUMNS]
    lines = [f"{'Unit':<{width}}  " + "  ".join(headings)]
    for row in rows:
        cells = (f"{getattr(row, name):>{len(head)}}" for name, head in zip(COLUMNS, headings, strict=True))
        lines.append(f"{row.unit.name:<{width}}  " + "  ".join(cells))
    totals = (sum(getattr(row, name) for row in rows) for name in COLUMNS)
    cells = (f"{total:>{len(head)}}" for total, head in zip(totals, headings, strict=True))
    return [*lines, "-" * len(lines[0]), f"{'Total':<{width}}  " + "  ".join(cells)]
