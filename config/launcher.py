"""`make demo`, `make run`, `make sandbox` and `make down`: everything of Hadir in one foreground.

Ctrl-C or SIGTERM stops everything that was started, in order and within bounds. If a process ends early, the rest is
stopped too and the last lines of its log are shown.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path
from types import FrameType

from config import rehearsal_clock, state
from config.embedded import SETTINGS
from config.processes import Failure
from config.running import SIGNALS, STATES, House, Stopped, house, prepare, rehearse, say, seed, serve, stay


def run(given: dict[str, str]) -> int:
    if given.get("HADIR_CLOCK") and given.get("HADIR_REHEARSAL") != "1":
        raise Failure("HADIR_CLOCK is for rehearsals: use `make sandbox`, or unset it")
    with house("run", given) as home:
        prepare(home)
        serve(home)
        _let_the_clock_run(home)
        say(f"\nHadir is served at {home.address}/admin/")
        say(f"keys and passwords, keep a copy: {home.folder}/secrets.json")
        say(f"manage.py beside it: . {home.folder}/env && {sys.executable} manage.py createsuperuser")
        return stay(home)


def sandbox(given: dict[str, str]) -> int:
    with house("sandbox", _rehearsal(given, given.get("CLOCK") or "2023-08-21T07:10+07:00@1")) as home:
        accounts = Path(given.get("ACCOUNTS") or home.folder / "accounts.json").absolute()
        prepare(home)
        seed(home, accounts)
        serve(home)
        _let_the_clock_run(home)
        say(f"\nthe sandbox is served at {home.address}/api/v1/   accounts: {accounts}")
        return stay(home)


def demo(given: dict[str, str]) -> int:
    clock = f"2023-08-21T05:55+07:00@{given.get('SPEED') or 60}"
    with house("demo", _rehearsal(given, clock)) as home:
        accounts = home.folder / "accounts.json"
        prepare(home)
        seed(home, accounts)
        serve(home)
        introduce(home, accounts)
        faults = _live_through(home, accounts)
        say(f"\nthe day is over; {home.address}/admin/ stays up until Ctrl-C")
        return stay(home) or faults


def _live_through(home: House, accounts: Path) -> int:
    """The simulated day; a surprise of the phones is told and kept as the exit code, but the pages stay to look at."""
    try:
        rehearse(home, accounts)
    except Failure as failure:
        home.crew.check()
        say(f"\n{failure}", sys.stderr)
        return 1
    return 0


def down(given: dict[str, str]) -> int:
    """Stop what a crash left; a folder that a living command holds is left to that command."""
    chosen = given.get("HADIR_STATE")
    folders = [Path(chosen).absolute()] if chosen else [STATES / name for name in ("demo", "sandbox", "run")]
    busy = 0
    for folder in (folder.resolve() for folder in folders if (folder / state.LOCK).exists()):
        stopped = state.clear(folder)
        if stopped is None:
            busy = 1
            say(f"{folder} is in use by {state.holder(folder)}: stop that with Ctrl-C")
        else:
            say(f"{folder}: " + (f"stopped {', '.join(stopped)}" if stopped else "nothing was left running"))
    return busy


def _let_the_clock_run(home: House) -> None:
    """Only now, so that nobody loses simulated hours to the seeding."""
    if home.environment.get("HADIR_CLOCK"):
        rehearsal_clock.start_clock(home.folder)


def _rehearsal(given: dict[str, str], clock: str) -> dict[str, str]:
    """A rehearsal never touches servers of one's own: it would fill them with made-up people."""
    rehearsal_clock.parse(clock)
    kept = {name: value for name, value in given.items() if name not in SETTINGS}
    return kept | {"HADIR_REHEARSAL": "1", "HADIR_CLOCK": clock}


def introduce(home: House, accounts: Path) -> None:
    """The address, and one account of every role."""
    first: dict[str, dict[str, str]] = {}
    for account in json.loads(accounts.read_text())["accounts"]:
        first.setdefault(account["role"], account)
    say(f"\nweb admin  {home.address}/admin/\nAPI        {home.address}/api/v1/docs/\n")
    say(f"{'role':<12}{'login':<22}{'password':<22}unit")
    for role, account in first.items():
        say(f"{role:<12}{account['username']:<22}{account['password']:<22}{account.get('unit') or ''}")
    say(f"every account: {accounts}\n")


COMMANDS = {"demo": demo, "run": run, "sandbox": sandbox, "down": down}


def main(arguments: list[str]) -> int:
    if len(arguments) != 1 or arguments[0] not in COMMANDS:
        say(f"usage: python -m config.launcher {'|'.join(COMMANDS)}")
        return 2
    for number in SIGNALS:
        signal.signal(number, _stop_asked)
    try:
        return COMMANDS[arguments[0]](dict(os.environ))
    except Stopped as asked:
        return int(asked.args[0])
    except Failure as failure:
        say(f"\n{arguments[0]}: {failure}", sys.stderr)
        return 1


def _stop_asked(number: int, frame: FrameType | None) -> None:
    raise Stopped(128 + number)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
