"""`python -m config.rehearsal --base-url URL --accounts FILE --until 18:15`: lives one simulated day.

Everybody signs in while the clock is held; then it runs. Exit code 1 when the server gave an answer that nobody
should get, 130 after Ctrl-C.
"""

from __future__ import annotations

import argparse
import os
import sys
import time as real_time
from collections.abc import Sequence
from datetime import datetime, time
from pathlib import Path

import django

from config.processes import Failure
from config.rehearsal.accounts import WORKING, Account, largest_agency, read
from config.rehearsal.client import Api, Session
from config.rehearsal.console import Console
from config.rehearsal.day import Day
from config.rehearsal.phones import WIB, Phone
from config.rehearsal.supervisors import People, Supervisor
from config.rehearsal_clock import start_clock
from policy import clock
from policy.calendar import instant, local


def main(arguments: Sequence[str]) -> int:
    """The command."""
    asked = _asked(arguments)
    try:
        if not clock.is_rehearsal():
            raise Failure("a rehearsal needs HADIR_CLOCK and HADIR_STATE; `make demo` sets them")
        return rehearse(asked.base_url, read(asked.accounts), asked.until, asked.seed)
    except Failure as failure:
        print(f"rehearsal: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def rehearse(base_url: str, accounts: list[Account], until: time, seed: str) -> int:
    """Signs everybody in, lets the clock run, lives the day, prints its table."""
    console, api = Console(), Api(base_url)
    day = Day(seed, console, api.tally)
    sessions = {a.username + (a.agency or ""): a for a in accounts if a.has_phone or a.is_supervisor}
    opens = clock.now()
    closes = instant(local(opens, WIB).date(), until, WIB)
    people = {key: Session(api, a.username, a.password, a.agency) for key, a in sessions.items()}
    sign_in(list(people.values()), day)
    known = People(accounts)
    for key, account in sessions.items():
        begin(account, people[key], day, known, opens)
    live(day, opens, closes, expected=sum(a.mode in WORKING and bool(a.persona) for a in accounts))
    return conclude(day, largest_agency(accounts), opens)


def sign_in(sessions: list[Session], day: Day) -> None:
    """Everybody's first tokens; a password costs the server much work on purpose, so this takes a while."""
    began = real_time.monotonic()
    for session in sessions:
        day.do(session.sign_in)
    quarter = 1
    while not day.is_idle():
        real_time.sleep(0.1)
        done = sum(session.access is not None for session in sessions)
        day.console.bar(done / len(sessions), f"signing in, {done} of {len(sessions)}")
        if not day.console.is_terminal and done * 4 >= quarter * len(sessions):
            day.console.line(f"signing in, {done} of {len(sessions)}")
            quarter = done * 4 // len(sessions) + 1
    day.console.no_bar()
    done = sum(session.access is not None for session in sessions)
    day.console.line(f"{done} people signed in ({real_time.monotonic() - began:.0f} s), the clock starts\n")
    if not done:
        raise Failure("nobody could sign in")


def begin(account: Account, session: Session, day: Day, people: People, opens: datetime) -> None:
    """Puts the day of one person on the agenda, as worker, as superior or as both."""
    if session.access is None:
        return
    if account.has_phone:
        Phone(account, session, day).begin(opens)
    if account.is_supervisor:
        Supervisor(account, session, day, people).begin(local(opens, WIB).date())


def live(day: Day, opens: datetime, closes: datetime, expected: int) -> None:
    """The clock runs, and somebody tells what happens."""
    from config.rehearsal.story import Story

    story = Story(day.console, opens, closes, expected)
    start_clock(Path(os.environ["HADIR_STATE"]))
    story.begin()
    day.live(closes)
    story.end()
    day.console.no_bar()


def conclude(day: Day, agency: str | None, opens: datetime) -> int:
    """The day's table, then what the phones saw."""
    from django.core.management import call_command

    chosen = ["--agency", agency] if agency else []
    call_command("day_table", local(opens, WIB).date().isoformat(), *chosen)
    counts = day.tally.counts
    statuses = ", ".join(f"{number} x {status}" for status, number in day.tally.statuses().items())
    behind = day.furthest_behind.total_seconds() / 60
    print(f"\nthe phones sent {sum(day.tally.statuses().values())} requests and got {statuses}")
    print(
        f"repeated at once: {counts['requests repeated at once']}, answered from the same row: "
        f"{counts['answered from the same row']}; further fixes of a session: {counts['further fixes of a session']}; "
        f"tokens renewed: {counts['tokens renewed']}; connections lost: {counts['connections lost']}"
    )
    print(f"the latest action of a phone came {behind:.1f} simulated minutes after its time")
    if counts["surprises"]:
        print(f"\nWARNING  {counts['surprises']} things happened that should not have, see above")
        return 1
    return 0


def _asked(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m config.rehearsal", description=__doc__.splitlines()[0])
    parser.add_argument("--base-url", default="http://127.0.0.1:8000")
    parser.add_argument("--accounts", type=Path, required=True, help="what `seed_demo --json` printed")
    parser.add_argument("--until", type=time.fromisoformat, default=time(18, 15), help="local time, 18:15")
    parser.add_argument("--seed", default="2023", help="another seed is another day")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    sys.exit(main(sys.argv[1:]))
