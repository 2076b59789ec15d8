"""The servers of the test suite: a PostgreSQL and a Valkey of its own, started before Django reads its settings.

Loaded by `-p tests.servers`. The workers of pytest-xdist inherit the settings and start nothing. Everything is gone at
the end, after a failure, Ctrl-C and SIGTERM; after `kill -9` the kernel ends the servers, and the next run sweeps the
folder. A DATABASE_URL of one's own (whose role may create databases) or a REDIS_URL is used instead.
"""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import os
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from config import state
from config.embedded import SETTINGS, serving
from config.processes import Crew, Failure

PREFIX = f"hadir-test-{os.getuid()}-"
NOT_OURS = ("HADIR_CLOCK", "HADIR_REHEARSAL")


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests() -> Iterator[None]:
    """A wrapper runs before every plain hook, so before pytest-django reads the settings."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        try:
            _start()
        except Failure as failure:
            pytest.exit(str(failure), returncode=3)
    return (yield)


def _start() -> None:
    _sweep()
    signal.signal(signal.SIGTERM, _terminated)
    signal.signal(signal.SIGHUP, _terminated)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX)).resolve()
    running = contextlib.ExitStack()
    atexit.register(_end, running)
    running.callback(state.remove, folder)
    running.enter_context(state.hold(folder, "test"))
    found = running.enter_context(serving(Crew(folder), _given(), durable=False))
    found["DATABASE_URL"] = found.pop("DATABASE_OWNER_URL", found["DATABASE_URL"])
    os.environ.update(found, HADIR_STATE=str(folder))
    for name in NOT_OURS:
        os.environ.pop(name, None)


def _given() -> dict[str, str]:
    """Servers of one's own, unless a shell read them from an installation's `env`: tests keep off those."""
    if "HADIR_STATE" in os.environ:
        return {}
    return {name: os.environ[name] for name in SETTINGS if name in os.environ}


def _end(running: contextlib.ExitStack) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    running.close()


def _sweep() -> None:
    """Remove the folders of test runs that were killed: nobody holds their lock."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError), open(folder / state.LOCK) as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            state.stop_leftovers(folder)
            state.remove(folder)


def _terminated(number: int, frame: object) -> None:
    pytest.exit(f"stopped by {signal.Signals(number).name}", returncode=128 + number)
