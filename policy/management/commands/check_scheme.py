"""Memeriksa berkas skema dan menjelaskannya dalam bahasa sehari-hari."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError

from policy.schemes import reader
from policy.schemes.gaps import missing
from policy.schemes.prose import beside, explain
from policy.schemes.values import Problem, SchemeFile


class Command(BaseCommand):
    help = "Memeriksa berkas skema: menjelaskan isinya, apa yang belum ada, dan apa yang salah."
    requires_system_checks: list = []

    def add_arguments(self, parser) -> None:
        parser.add_argument(
            "file", metavar="FILE", help="berkas TOML, atau nama berkas dalam policy/schemes/"
        )
        parser.add_argument("--agency", metavar="CODE", help="bandingkan dengan unit dan skema instansi ini")

    def handle(self, *args, file: str, agency: str | None, **options) -> None:
        parsed = read(file)
        problems = list(parsed.problems)
        if parsed.file:
            self.stdout.write(explain(parsed.file))
            self._write_list("Yang belum ada:", missing(parsed.file))
            if agency:
                told, unknown = _beside(parsed.file, agency)
                self._write_list("Skema lain pada masa yang sama:", told)
                problems += unknown
        self._write_list("Yang salah:", [f"{one.where}: {one.detail} ({one.code})" for one in problems])
        if problems:
            raise CommandError(f"{len(problems)} hal harus diperbaiki.")

    def _write_list(self, title: str, lines: list[str]) -> None:
        self.stdout.write("\n".join(["", title, *(f"- {line}" for line in lines or ["Tidak ada."])]))


def read(name: str) -> reader.Parsed:
    """The parsed file; names those that come with the project where there is none of that name."""
    path = reader.find(name)
    if not path.is_file():
        known = ", ".join(one.stem for one in reader.shipped())
        raise CommandError(f"Berkas {name} tidak ditemukan. Yang tersedia: {known}.")
    return reader.read(path)


def agency_of(code: str):
    """The agency with this code."""
    from policy.models import Agency

    agency = Agency.objects.filter(code=code).first()
    if agency is None:
        raise CommandError(f"Instansi {code} tidak dikenal.")
    return agency


def _beside(file: SchemeFile, code: str) -> tuple[list[str], list[Problem]]:
    """What holds beside the file's scheme, and what in it the agency does not know."""
    from policy import enactment
    from policy.schemes import rows

    agency = agency_of(code)
    found = enactment.objections(file, agency=None if file.national else agency)
    told = [
        sentence
        for scheme, phase in rows.beside(file, agency)
        for sentence in beside(file, scheme.name, phase, national=scheme.agency_id is None)
    ]
    return told, [Problem(one.code, "berkas", one.detail) for one in found]
