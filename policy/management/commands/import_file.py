"""Brings a file in from the command line: the same check and the same run as in the web admin."""

from __future__ import annotations

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from policy import clock
from policy.errors import DomainError
from policy.imports import jobs
from policy.imports.faults import sentence
from policy.models import Agency, ImportJob, User

SHOWN = 50  # faults and changes that are printed


class Command(BaseCommand):
    help = "Imports units, sites, people, domiciles or rotas from XLSX, CSV or GeoJSON; all of a file or nothing."

    def add_arguments(self, parser) -> None:
        parser.add_argument("kind", choices=list(jobs.BATCHES))
        parser.add_argument("file", type=Path)
        parser.add_argument("--agency", required=True, help="code of the agency")
        parser.add_argument(
            "--by", help="user name of the person behind the file, instead of the machine's administrator"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would change and change nothing")

    def handle(self, *args, **options) -> None:
        by = _user(options["by"])
        job = self._uploaded(options, by)
        self._run(job)
        if job.state == ImportJob.State.CHECKED and options["dry_run"]:
            jobs.cancel(job, by=by, now=clock.now())
        elif job.state == ImportJob.State.CHECKED:
            jobs.confirm(job, by=by, now=clock.now())
            self._run(job)
        self._report(job)
        if job.state in (ImportJob.State.REFUSED, ImportJob.State.FAILED):
            raise CommandError(f"{job.file_name}: {job.get_state_display()}. Tidak ada yang disimpan.")

    def _uploaded(self, options, by: User | None) -> ImportJob:
        path: Path = options["file"]
        try:
            content = path.read_bytes()
            agency = Agency.objects.get(code=options["agency"])
            return jobs.upload(agency, options["kind"], path.name, content, by=by, now=clock.now())
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from None
        except Agency.DoesNotExist:
            raise CommandError(f"There is no agency with the code {options['agency']}.") from None
        except DomainError as error:
            raise CommandError(error.detail) from None

    def _run(self, job: ImportJob) -> None:
        while job.waits:
            jobs.run(job, clock.now(), wait=True, echo=self._echo)

    def _echo(self, step: str, done: int, total: int) -> None:
        if total and done % 5000 == 0:
            self.stdout.write(f"{step} {done}/{total}")

    def _report(self, job: ImportJob) -> None:
        report = job.report
        for fault in report.get("faults", [])[:SHOWN]:
            where = ", ".join(filter(None, (fault["row"] and f"baris {fault['row']}", fault["column"])))
            said = sentence(fault["code"], fault["about"], fault["detail"])
            self.stdout.write(f"{where or 'berkas'}: {fault['code']}: {said}")
        for sort in ("new", "changed"):
            for line in report.get(sort, [])[:SHOWN]:
                changes = "; ".join(
                    f"{heading}: {old or '-'} > {new or '-'}" for heading, old, new in line["changes"]
                )
                self.stdout.write(f"baris {line['row']} {sort} {line['what']}: {changes}")
        counts = ", ".join(f"{name} {number}" for name, number in report.get("counts", {}).items())
        self.stdout.write(f"{job.get_state_display()}: {counts}")


def _user(name: str | None) -> User | None:
    if name is None:
        return None
    try:
        return User.objects.get(username=name, is_active=True)
    except User.DoesNotExist:
        raise CommandError(f"There is no active user {name}.") from None
