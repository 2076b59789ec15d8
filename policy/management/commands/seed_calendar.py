"""Fills an agency's calendar with the public holidays and joint leave of a year; safe to repeat."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError

from policy import calendars, clock
from policy.models import Agency


class Command(BaseCommand):
    help = (
        "Adds public holidays and joint leave to an agency's calendar. Days entered already are left alone."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("agency", help="the code of the agency, such as pemprov-dki")
        parser.add_argument("years", nargs="+", type=int, metavar="YEAR")

    def handle(self, *args, agency: str, years: list[int], **options) -> None:
        found = Agency.objects.filter(code=agency).first()
        if found is None:
            raise CommandError(f"There is no agency with the code {agency}.")
        wrong = [y for y in years if not calendars.EARLIEST.year <= y <= calendars.LATEST.year]
        if wrong:
            raise CommandError(f"{wrong[0]} is not a year from 2000 to 2100.")
        for year in years:
            new = calendars.seed(found, year, by=None, now=clock.now())
            self.stdout.write(f"{year}: {len(new)} days added.")
            if not any(kind == "joint_leave" for kind, _name in calendars.holidays_of(year).values()):
                self.stdout.write(f"{year}: no joint leave is known yet; enter it when the decree is out.")
