"""Fills an empty rehearsal database with the DKI scenario."""

from __future__ import annotations

import json

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from policy.demo.accounts import summary
from policy.demo.people import FEWEST, MOST
from policy.demo.scenario import seed
from policy.models import Installation, User


class Command(BaseCommand):
    help = "Seeds the DKI scenario of August 2023: real rules, real places, made-up people. Rehearsals only."
    # The checks ask for a started clock; the scenario has to exist before.
    requires_system_checks: list = []

    def add_arguments(self, parser) -> None:
        parser.add_argument("--employees", type=int, default=240, help="how many, heads included")
        parser.add_argument("--seed", type=int, default=2023, help="the same seed makes the same people")
        parser.add_argument("--json", action="store_true", help="print the accounts as JSON and nothing else")

    def handle(self, *args, **options) -> None:
        _refuse(options["employees"])
        accounts = seed(options["employees"], options["seed"])
        self.stdout.write(_as_json(accounts) if options["json"] else summary(accounts))


def _refuse(employees: int) -> None:
    """Made-up people must never get among real ones."""
    if not settings.HADIR_REHEARSAL:
        raise CommandError("This is no rehearsal: set HADIR_REHEARSAL=1 to seed made-up people.")
    if User.objects.exists() or Installation.objects.exists():
        raise CommandError("This database is in use: the scenario needs an empty one.")
    if not FEWEST <= employees <= MOST:
        raise CommandError(f"--employees must be {FEWEST} to {MOST}.")


def _as_json(accounts: list[dict]) -> str:
    return json.dumps({"accounts": accounts}, ensure_ascii=False, indent=1)
