"""Recomputes the draws of a day from the revealed secret: anybody can check that nobody was picked."""

from __future__ import annotations

from datetime import date

from django.core.management.base import BaseCommand, CommandError

from attendance.draws import verify
from attendance.models import DaySecret
from policy.models import Agency


class Command(BaseCommand):
    help = "Recomputes every draw of a date and compares commitment, seed, rota and prompts."

    def add_arguments(self, parser) -> None:
        parser.add_argument("date", type=date.fromisoformat)
        parser.add_argument("--agency", help="code of the agency; all by default")

    def handle(self, *args, date: date, agency: str | None, **options) -> None:
        agencies = Agency.objects.filter(**({"code": agency} if agency else {}))
        secrets = DaySecret.objects.filter(agency__in=agencies, date=date).select_related("agency")
        if not secrets:
            raise CommandError(f"No draw was committed to for {date}.")
        findings = [finding for secret in secrets for finding in self._report(secret)]
        if any(finding.faults for finding in findings):
            raise CommandError("At least one draw does not verify.")

    def _report(self, secret: DaySecret) -> list:
        self.stdout.write(f"{secret.agency.code} {secret.date} commitment {secret.commitment}")
        self.stdout.write(f"  secret {secret.revealed or '(not revealed yet)'}")
        findings = verify(secret.agency, secret.date)
        for finding in findings:
            draw = finding.draw
            verdict = ", ".join(finding.faults or ("recomputed, identical", *finding.notes))
            self.stdout.write(
                f"  {draw.slot:%H:%M} {draw.zone}: {len(draw.pool)} in the pool, {finding.prompts} drawn: {verdict}"
            )
        return findings
