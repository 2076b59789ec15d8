"""What it takes to draft the rota of a whole province: 58,109 people, 44 working days.

    .venv/bin/python -m bench.rota [--people 58109]

Fills an embedded PostgreSQL with the people of DKI in units of 2 to 12 (two fifths of them eligible, as in August
2023), then in a process of its own reads the facts, makes the rota of every unit and writes the drafts. The reference,
in the same process and the same go, reads the same people and writes as many entries without deciding anything.
tests/policy/rota_checker.py, which shares no code with policy/, judges every unit and date. Prints a table.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from datetime import time as clock

from config import running
from config.embedded import SETTINGS

FIRST, LAST = date(2023, 8, 21), date(2023, 10, 20)
SUMMIT = (date(2023, 9, 4), date(2023, 9, 7))
HOLIDAY = date(2023, 9, 28)
ELIGIBLE = 23_343 / 58_109  # ASN with regular hours (docs/sources.md, domain reference 3.4)
SIGNED = datetime(2023, 8, 18, 10, tzinfo=UTC)


def main() -> None:
    parser = argparse.ArgumentParser(description="time and memory of a province's rota")
    parser.add_argument("--people", type=int, default=58_109)
    parser.add_argument("--measure", action="store_true", help="what the process of its own does")
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measure()))
        return
    with tempfile.TemporaryDirectory(prefix="hadir-bench-") as folder:
        given = {name: value for name, value in os.environ.items() if name not in SETTINGS} | {
            "HADIR_STATE": folder,
            "HADIR_REHEARSAL": "1",
            "HADIR_CLOCK": "2023-08-18T10:00+07:00@1",
            "HADIR_LOG_LEVEL": "ERROR",
            "PORT": os.environ.get("PORT", "8098"),
        }
        with running.house("sandbox", given) as home:
            running.prepare(home)
            shared = {
                k: v for k, v in home.environment.items() if k.startswith(("HADIR", "DATABASE", "REDIS"))
            }
            os.environ.update(shared | {"DJANGO_SETTINGS_MODULE": "config.settings"})
            fill(options.people)
            command = [sys.executable, "-m", "bench.rota", "--measure"]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            print_table(json.loads(done.stdout))


def fill(people: int) -> None:
    """DKI: 45 Perangkat Daerah, their lowest units, everybody posted, the eligible with a domicile."""
    import django

    django.setup()
    from policy import models

    rng = random.Random(2023)
    agency = models.Agency.objects.create(code="pemprov-dki", name="Pemprov DKI Jakarta")
    models.CalendarDay.objects.create(agency=agency, date=HOLIDAY, kind="public_holiday", name="Maulid")
    office = {"type": "Point", "coordinates": [106.8283, -6.1818], "radius_m": 150}
    site = models.Site.objects.create(agency=agency, name="Balai Kota", geojson=office)
    admin = models.User.objects.create(username="bench")
    scheme = _scheme(models, agency)
    tops = models.Unit.objects.bulk_create(
        models.Unit(agency=agency, code=f"PD{n}", name=f"Perangkat Daerah {n}", level_kind="agency_unit")
        for n in range(45)
    )
    closed = {top.pk for top in tops[: round(45 * (1 - ELIGIBLE))]}
    models.Exclusion.objects.bulk_create(
        models.Exclusion(scheme=scheme, unit_id=pk, reason="Layanan langsung") for pk in closed
    )
    seats = _seats(models, agency, tops, closed, people, rng)
    employees = models.Employee.objects.bulk_create(
        (
            models.Employee(agency=agency, name=f"Pegawai {n}", nrk=str(100000 + n), kind="pns")
            for n in range(people)
        ),
        batch_size=5000,
    )
    models.Posting.objects.bulk_create(
        (
            models.Posting(employee=who, unit=unit, site=site, position="Analis", starts=date(2020, 1, 1))
            for who, unit in zip(employees, seats, strict=True)
        ),
        batch_size=5000,
    )
    models.Domicile.objects.bulk_create(
        (
            models.Domicile(
                employee=who,
                status="approved",
                proposed_at=SIGNED,
                decided_at=SIGNED,
                decided_by=admin,
                in_force_from=SIGNED,
            )
            for who, unit in zip(employees, seats, strict=True)
            if unit.parent_id not in closed
        ),
        batch_size=5000,
    )


def _scheme(models, agency):
    basis = models.LegalBasis.objects.create(
        number="34/SE/2023", title="WFH", issuer="Sekda", issued_on=SIGNED
    )
    scheme = models.Scheme.objects.create(
        agency=agency, code="se-34", name="SE 34", legal_basis=basis, status="active", activated_at=SIGNED
    )
    windows = dict(in_opens=clock(6), in_closes=clock(8), out_opens=clock(16), out_closes=clock(18))
    for (starts, ends), percent in (((FIRST, date(2023, 10, 21)), 50), (SUMMIT, 75)):
        phase = models.Phase.objects.create(
            scheme=scheme, name=f"{percent} %", starts=starts, ends=ends, **windows
        )
        models.Cap.objects.create(phase=phase, measure="wfh", bound="max", percent=percent)
    return scheme


def _seats(models, agency, tops, closed, people: int, rng: random.Random) -> list:
    """A lowest unit for everybody: as many eligible people as in August 2023."""
    open_tops = [top for top in tops if top.pk not in closed]
    shut_tops = [top for top in tops if top.pk in closed]
    eligible = round(people * ELIGIBLE)
    units, seats = [], []
    for parents, number in ((open_tops, eligible), (shut_tops, people - eligible)):
        left = number
        while left:
            size = min(left, rng.randint(2, 12))
            n = len(units)
            units.append(
                models.Unit(
                    agency=agency,
                    parent=rng.choice(parents),
                    code=f"S{n}",
                    name=f"Seksi {n}",
                    level_kind="section",
                )
            )
            seats += [units[-1]] * size
            left -= size
    models.Unit.objects.bulk_create(units, batch_size=5000)
    return seats


def measure() -> dict:
    """Times in seconds, memory in megabytes, and what the independent checker finds."""
    import django

    django.setup()
    from policy import planning, rota_generation, rotas
    from policy.models import Agency, Roster, RosterEntry, Unit

    agency = Agency.objects.get()
    began = time.perf_counter()
    read = planning.read(agency, FIRST, LAST)
    plans = planning.in_force(read)
    spent = {"read": time.perf_counter() - began, "make": 0.0, "write": 0.0}
    entries = findings = drafts = 0
    for unit in Unit.objects.filter(agency=agency, postings__isnull=False).distinct().order_by("code"):
        began = time.perf_counter()
        made = rota_generation.make(read, unit.pk, plans)
        made_at = time.perf_counter()
        spent["make"] += made_at - began
        if made.is_empty:
            continue
        rotas.draft(unit, FIRST, LAST, made.cells, origin=made.origin)
        spent["write"] += time.perf_counter() - made_at
        entries, drafts = entries + len(made.cells), drafts + 1
        findings += len(judged(made.cells))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    RosterEntry.objects.all().delete()
    unit, people = unit, list(read.workers)
    began = time.perf_counter()
    list(read.workers.values())
    from policy.models import Posting

    list(Posting.objects.filter(unit__agency=agency).select_related("employee", "unit"))
    bare = Roster.objects.create(unit=unit, version=9999, starts=FIRST, ends=LAST)
    days = [date.fromordinal(FIRST.toordinal() + n) for n in range((LAST - FIRST).days + 1)]
    cells = ((who, day) for who in people for day in days)
    rows = (
        RosterEntry(roster=bare, employee_id=who, date=day, mode="wfo")
        for (who, day), _ in zip(cells, range(entries), strict=False)
    )
    RosterEntry.objects.bulk_create(rows, batch_size=5000)
    return {
        "people": len(people),
        "drafts": drafts,
        "entries": entries,
        "findings": findings,
        "peak_mb": peak,
        "reference": time.perf_counter() - began,
        **spent,
    }


def judged(cells) -> list[str]:
    """What the independent checker says of one unit's rota."""
    from tests.policy.rota_checker import findings

    days = sorted({cell.day for cell in cells})
    people = {cell.employee for cell in cells}
    caps = {day: (len(people), 75 if SUMMIT[0] <= day <= SUMMIT[1] else 50) for day in days}
    plan = {day: {cell.employee for cell in cells if cell.day == day and cell.mode == "wfh"} for day in days}
    if len(days) != 44 or HOLIDAY in days:
        return [f"{len(days)} working days instead of 44"]
    return findings(dict.fromkeys(people, days), caps, plan)


def print_table(found: dict) -> None:
    total = found["read"] + found["make"] + found["write"]
    print(
        f"\n{found['people']} people, {found['drafts']} drafts, {found['entries']} entries, 44 working days"
    )
    print(
        f"findings of the independent checker: {found['findings']}; peak memory {found['peak_mb']:.0f} MB\n"
    )
    print("| | seconds | ratio |")
    print("|---|---|---|")
    for name in ("read", "make", "write"):
        print(f"| {name} | {found[name]:.1f} | |")
    print(f"| in all | {total:.1f} | {total / found['reference']:.2f} |")
    print(f"| reference | {found['reference']:.1f} | 1.00 |")


if __name__ == "__main__":
    main()
