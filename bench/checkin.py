"""What a check-in costs against the barest view that could do the job.

    .venv/bin/python -m bench.checkin [--seconds 24] [--clients 8]

Starts embedded servers with the demo's people and one granian that serves Hadir and, in the same processes, a bare DRF
view with the same token that does one SELECT and one INSERT. The same clients drive both over loopback in alternating
rounds, so that the machine's mood falls on both. Prints a table; asserts nothing.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path
from statistics import median, quantiles

from config import rehearsal_clock, running
from config.embedded import SETTINGS

ROUNDS = 4
PATHS = {"bare view": "/bench/bare/", "check-in": "/api/v1/check-ins/"}


def main() -> None:
    parser = argparse.ArgumentParser(description="check-ins a second against a bare view")
    parser.add_argument("--seconds", type=float, default=24, help="how long each of the two is driven in all")
    parser.add_argument("--clients", type=int, default=8)
    options = parser.parse_args()
    with served() as (port, people):
        taken: dict[str, list[float]] = {name: [] for name in PATHS}
        spent = dict.fromkeys(PATHS, 0.0)
        for path in PATHS.values():
            drive(port, path, people, options.clients, 2)
        for _ in range(ROUNDS):
            for name, path in PATHS.items():
                began = time.perf_counter()
                taken[name] += drive(port, path, people, options.clients, options.seconds / ROUNDS)
                spent[name] += time.perf_counter() - began
        print_table(taken, spent, options.clients, queries_of_a_check_in(people[0]))


@contextmanager
def served() -> Iterator[tuple[int, list[dict]]]:
    """The port of a running server, and home-based people with their tokens and homes."""
    with tempfile.TemporaryDirectory(prefix="hadir-bench-") as folder:
        # Never on servers of one's own: it would fill them with made-up people.
        given = {name: value for name, value in os.environ.items() if name not in SETTINGS} | {
            "HADIR_STATE": folder,
            "HADIR_REHEARSAL": "1",
            "HADIR_CLOCK": "2023-08-21T07:10+07:00@1",
            "HADIR_LOG_LEVEL": "ERROR",
            "EMPLOYEES": "240",
            "PORT": os.environ.get("PORT", "8099"),
        }
        with running.house("sandbox", given) as home:
            running.prepare(home)
            accounts = Path(folder) / "accounts.json"
            running.seed(home, accounts)
            rehearsal_clock.start_clock(home.folder)
            os.environ.update(
                {k: v for k, v in home.environment.items() if k.startswith(("HADIR", "DATABASE", "REDIS"))}
            )
            os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
            web = running.web_command(home, "bench.wsgi:application")
            home.crew.start("web", web, env=dict(os.environ), cwd=running.ROOT)
            running.wait_until_ready(home)
            yield int(home.environment["PORT"]), people_of(accounts)


def people_of(accounts: Path) -> list[dict]:
    """Home-based people with an access token and the place where they live."""
    import django

    django.setup()
    from policy import clock
    from policy.api import tokens
    from policy.models import User

    listed = json.loads(accounts.read_text())["accounts"]
    homes = {
        a["username"]: a["place"] for a in listed if a["mode"] == "wfh" and a["place"]["kind"] == "domicile"
    }
    users = User.objects.filter(username__in=homes)
    return [
        {"user": user, "access": tokens.issue(user, clock.real_now()).access, "home": homes[user.username]}
        for user in users
    ]


def drive(port: int, path: str, people: list[dict], clients: int, seconds: float) -> list[float]:
    """Drives a path with so many clients at once; returns the time of every answer in seconds."""
    until, taken, faults = time.perf_counter() + seconds, [], []

    def client(number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        for person in cycle(people[number::clients]):
            if time.perf_counter() > until:
                return
            body, began = json.dumps(report(person["home"])), time.perf_counter()
            headers = {"Authorization": f"Bearer {person['access']}", "Content-Type": "application/json"}
            connection.request("POST", path, body, headers)
            answer = connection.getresponse()
            content = answer.read()
            taken.append(time.perf_counter() - began)
            if answer.status != 201:
                faults.append((answer.status, content[:200]))

    threads = [threading.Thread(target=client, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise SystemExit(f"{len(faults)} unexpected answers on {path}, the first: {faults[0]}")
    return taken


def report(home: dict) -> dict:
    """An honest check-in some metres off the registered point."""
    location = {
        "latitude": home["latitude"] + random.gauss(0, 5e-5),
        "longitude": home["longitude"] + random.gauss(0, 5e-5),
        "accuracy_m": 12.0,
        "is_mock": False,
        "age_ms": 500,
    }
    return {
        "id": str(uuid.uuid4()),
        "kind": "in",
        "captured_at": "2023-08-21T07:10:00+07:00",
        "location": location,
        "uniform_photo": True,
    }


def queries_of_a_check_in(person: dict) -> int:
    """How many statements one check-in sends, counted in this process (BEGIN and COMMIT included)."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as counted:
        Client().post(
            PATHS["check-in"],
            report(person["home"]),
            content_type="application/json",
            headers={"Authorization": f"Bearer {person['access']}", "Host": "localhost"},
        )
    return len(counted)


def print_table(taken: dict[str, list[float]], spent: dict[str, float], clients: int, queries: int) -> None:
    rates = {name: len(times) / spent[name] for name, times in taken.items()}
    print(f"\n{clients} clients, {ROUNDS} alternating rounds, {queries} statements a check-in\n")
    print("| | answers | a second | ratio | p50 ms | p99 ms |")
    print("|---|---|---|---|---|---|")
    for name, times in taken.items():
        p99 = quantiles(times, n=100)[98]
        ratio = rates[name] / rates["bare view"]
        row = f"| {name} | {len(times)} | {rates[name]:.0f} | {ratio:.2f} "
        print(row + f"| {median(times) * 1e3:.1f} | {p99 * 1e3:.1f} |")


if __name__ == "__main__":
    main()
