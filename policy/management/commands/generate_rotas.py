"""Drafts a fair rota for every unit of an agency."""

from __future__ import annotations

from datetime import date

from django.core.management.base import BaseCommand, CommandError

from policy.models import Agency
from policy.rota_generation import generate_all


class Command(BaseCommand):
    help = "Drafts a fair rota for every unit of an agency; nothing is published."

    def add_arguments(self, parser) -> None:
        parser.add_argument("agency", help="code of the agency")
        parser.add_argument("first", type=date.fromisoformat)
        parser.add_argument("last", type=date.fromisoformat)
        parser.add_argument("--pattern", choices=["daily", "weekly"], default="daily")
        parser.add_argument(
            "--seed", type=int, default=0, help="who begins; the same seed gives the same rota"
        )

    def handle(self, *args, agency: str, first: date, last: date, pattern: str, seed: int, **options) -> None:
        found = Agency.objects.filter(code=agency).first()
        if found is None:
            raise CommandError(f"There is no agency {agency}.")
        if last < first:
            raise CommandError("The last day lies before the first.")
        drafted = idle = 0
        for _unit, plan in generate_all(found, first, last, pattern=pattern, seed=seed):
            drafted, idle = drafted + (plan is not None), idle + (plan is None)
        self.stdout.write(f"{drafted} drafts; {idle} units in which nobody may work from home.")
