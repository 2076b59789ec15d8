"""What it takes to bring in the people of a whole province: 60,000 rows of XLSX, checked and then carried out.

    .venv/bin/python -m bench.import_people [--people 60000]

Starts an embedded PostgreSQL and works the queue as a worker does, in a process of its own: a file of new people, the
same file once more (nothing changes), and a file that transfers everybody. The reference, in the same go, reads the
same workbook with openpyxl and writes the same rows with a bare bulk_create, without looking at any of them.
Prints a table; asserts nothing.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date

from config import running
from config.embedded import SETTINGS

UNITS = 1200
HEADINGS = (
    "Nama", "NIP", "NRK", "Jenis pegawai", "Kode unit", "Kantor", "Jabatan", "Kode jabatan", "Kategori layanan",
    "NRK/NIP atasan", "Mulai", "Sampai",
)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description="time and memory of importing people")
    parser.add_argument("--people", type=int, default=60_000)
    parser.add_argument("--measure", choices=["import", "reference"], help="what a process of its own does")
    options = parser.parse_args()
    if options.measure:
        print(json.dumps({"import": imported, "reference": bare}[options.measure](options.people)))
        return
    with tempfile.TemporaryDirectory(prefix="hadir-bench-") as folder:
        # Never on servers of one's own: it would fill them with made-up people.
        given = {name: value for name, value in os.environ.items() if name not in SETTINGS} | {
            "HADIR_STATE": folder,
            "HADIR_REHEARSAL": "1",
            "HADIR_CLOCK": "2023-08-18T10:00+07:00@1",
            "HADIR_LOG_LEVEL": "ERROR",
            "PORT": os.environ.get("PORT", "8097"),
        }
        with running.house("sandbox", given) as home:
            running.prepare(home)
            shared = {
                k: v for k, v in home.environment.items() if k.startswith(("HADIR", "DATABASE", "REDIS"))
            }
            os.environ.update(shared | {"DJANGO_SETTINGS_MODULE": "config.settings"})
            prepare()
            found = {what: _measured(what, options.people) for what in ("reference", "import")}
            print_table(options.people, found)


def _measured(what: str, people: int) -> dict:
    command = [sys.executable, "-m", "bench.import_people", "--measure", what, "--people", str(people)]
    return json.loads(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout)


def prepare() -> None:
    """An agency with an office and its units."""
    _start()
    from policy import models

    agency = models.Agency.objects.create(code="pemprov-dki", name="Pemprov DKI Jakarta")
    office = {"type": "Point", "coordinates": [106.8283, -6.1818], "radius_m": 150}
    models.Site.objects.create(agency=agency, name="Balai Kota", geojson=office)
    models.Unit.objects.bulk_create(
        models.Unit(agency=agency, code=f"U{n}", name=f"Unit {n}", level_kind="section") for n in range(UNITS)
    )


def rows(people: int, start: str, shift: int = 0) -> list[list]:
    """People in units of fifty, ten to a superior; `shift` moves everybody to another unit."""
    return [
        [f"Pegawai {n}", nip(n), f"{100_000 + n}", "PNS", f"U{(n // 50 + shift) % UNITS}", "Balai Kota", "Analis", "", "",
         f"{100_000 + n // 10}" if n else "", start, ""]
        for n in range(people)
    ]  # fmt: skip


def nip(n: int) -> str:
    """A valid NIP of its own for each."""
    serial, rest = n % 999 + 1, n // 999
    return f"19{70 + rest % 20}{rest // 20 % 12 + 1:02d}15201001{1 + rest // 240}{serial:03d}"


def workbook(lines: list[list]) -> bytes:
    """The lines as XLSX."""
    import xlsxwriter

    found = io.BytesIO()
    with xlsxwriter.Workbook(found, {"constant_memory": True, "in_memory": True}) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, HEADINGS)
        for number, line in enumerate(lines, 1):
            for n, cell in enumerate(line):
                page.write_string(number, n, cell)
    return found.getvalue()


def imported(people: int) -> dict:
    """Seconds of every step, with the file as a worker finds it, and the largest memory of the process."""
    _start()
    from policy import models

    files = {
        "new people": workbook(rows(people, "2023-01-02")),
        "the same again": workbook(rows(people, "2023-01-02")),
        "everybody transferred": workbook(rows(people, "2023-09-01", shift=7)),
    }
    before = _memory()
    steps = {name: _brought(models, content) for name, content in files.items()}
    return {"steps": steps, "bytes": len(files["new people"]), "before": before, "memory": _memory()}


def _brought(models, content: bytes) -> dict[str, float]:
    from policy import clock
    from policy.imports import jobs

    agency, found = models.Agency.objects.get(), {}
    job = jobs.upload(agency, "people", "pegawai.xlsx", content, by=None, now=clock.now())
    for step in ("check", "carry out"):
        began = time.perf_counter()
        jobs.run(job, clock.now())
        found[step] = time.perf_counter() - began
        if step == "check":
            assert job.state == "checked", job.report
            jobs.confirm(job, by=None, now=clock.now())
    return found | {"changed": job.report["counts"]["new"] + job.report["counts"]["changed"]}


def bare(people: int) -> dict:
    """Seconds to read the workbook and to write its rows unseen; taken back at the end."""
    _start()
    from django.db import transaction
    from openpyxl import load_workbook

    from policy import models

    content, before = workbook(rows(people, "2023-01-02")), _memory()
    began = time.perf_counter()
    lines = list(
        load_workbook(io.BytesIO(content), read_only=True)
        .worksheets[0]
        .iter_rows(min_row=2, values_only=True)
    )
    read = time.perf_counter() - began
    agency, site = models.Agency.objects.get(), models.Site.objects.get()
    units = dict(models.Unit.objects.values_list("code", "pk"))
    began = time.perf_counter()
    with transaction.atomic():
        made = models.Employee.objects.bulk_create(
            [models.Employee(agency=agency, name=x[0], nip=x[1], nrk=x[2], kind="pns") for x in lines],
            batch_size=2000,
        )
        starts = date(2023, 1, 2)
        models.Posting.objects.bulk_create(
            [
                models.Posting(employee=one, unit_id=units[x[4]], site=site, position=x[6], starts=starts)
                for one, x in zip(made, lines, strict=True)
            ],
            batch_size=2000,
        )
        transaction.set_rollback(True)
    return {"read": read, "write": time.perf_counter() - began, "before": before, "memory": _memory()}


def _start() -> None:
    import django

    django.setup()


def _memory() -> float:
    """The largest resident memory so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def print_table(people: int, found: dict) -> None:
    reference = found["reference"]["read"] + found["reference"]["write"]
    print(f"\n{people} people, {found['import']['bytes'] / 1e6:.1f} MB of XLSX\n")
    print("| | seconds | ratio |")
    print("|---|---|---|")
    read, write = found["reference"]["read"], found["reference"]["write"]
    print(f"| reference: openpyxl {read:.1f}, bulk_create {write:.1f} | {reference:.1f} | 1.0 |")
    for name, steps in found["import"]["steps"].items():
        for step in ("check", "carry out"):
            print(f"| {name}, {step} | {steps[step]:.1f} | {steps[step] / reference:.1f} |")
    grown = {name: one["memory"] - one["before"] for name, one in found.items()}
    print(
        f"\nmemory: reference +{grown['reference']:.0f} MB, import +{grown['import']:.0f} MB over the process with the files"
    )


if __name__ == "__main__":
    main()
