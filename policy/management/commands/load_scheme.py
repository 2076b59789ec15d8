"""Memuat berkas skema sebagai rancangan, dan memberlakukannya bila diminta."""

from __future__ import annotations

from datetime import date

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from policy import clock, enactment
from policy.errors import DomainError
from policy.management.commands.check_scheme import agency_of, read
from policy.models import Agency, Scheme
from policy.schemes.values import SchemeFile


class Command(BaseCommand):
    help = "Memuat berkas skema sebagai versi rancangan; --activate memberlakukannya. Versi lama tetap tersimpan."

    def add_arguments(self, parser) -> None:
        parser.add_argument(
            "file", metavar="FILE", help="berkas TOML, atau nama berkas dalam policy/schemes/"
        )
        parser.add_argument("--agency", metavar="CODE", help="kode instansi; tanpa ini skema harus nasional")
        parser.add_argument("--activate", action="store_true", help="berlakukan versi ini")
        parser.add_argument(
            "--first-day", metavar="DATE", type=_date, help="hari pertama versi ini, 2023-08-21"
        )

    def handle(
        self, *args, file: str, agency: str | None, activate: bool, first_day: date | None, **options
    ) -> None:
        if first_day and not activate:
            raise CommandError("--first-day hanya berlaku bersama --activate.")
        scheme_file = _sound(file)
        owner = agency_of(agency) if agency else None
        try:
            for line in _carry_out(scheme_file, owner, activate, first_day):
                self.stdout.write(line)
        except DomainError as refused:
            raise CommandError(f"{refused.detail} ({refused.code})") from None


def _date(text: str) -> date:
    return date.fromisoformat(text)


def _sound(name: str) -> SchemeFile:
    """The scheme of a file without any problem."""
    parsed = read(name)
    if parsed.problems or parsed.file is None:
        told = "\n".join(f"- {one.where}: {one.detail} ({one.code})" for one in parsed.problems)
        raise CommandError(f"Berkas ini belum dapat dimuat:\n{told}")
    return parsed.file


@transaction.atomic
def _carry_out(file: SchemeFile, agency: Agency | None, activate: bool, first_day: date | None) -> list[str]:
    """Loads, and activates if asked for; all of it or nothing. Answers what was done."""
    now = clock.now()
    was_there = enactment.same(file, agency=agency)
    scheme = enactment.load(file, agency=agency, by=None, now=now)
    what = "sudah ada dan tidak berubah" if was_there else "dimuat sebagai rancangan"
    told = [f"{scheme.name}: versi {scheme.version} {what}."]
    if not activate:
        patterns = len(file.hours) + len(file.dress)
        later = (
            f"{patterns} ketentuan jam kerja dan pakaian dinas ditulis saat skema diberlakukan (--activate)."
        )
        return [*told, later] if patterns else told
    if scheme.status == Scheme.Status.DRAFT:
        scheme = enactment.activate(scheme, by=None, now=now, first_day=first_day)
        since = f" mulai {scheme.first_day}" if scheme.first_day else " menurut tanggal tahapnya"
        told.append(f"Versi {scheme.version} diberlakukan{since}.")
    else:
        told.append(f"Versi {scheme.version} sudah berlaku.")
    if agency:
        rows = enactment.adopt_patterns(file, agency=agency, by=None, now=now)
        told.append(f"{rows} ketentuan jam kerja dan pakaian dinas ditulis.")
    return told
