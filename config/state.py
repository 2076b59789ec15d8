"""The state folder: who holds it, its secrets, and the file that lends them to a shell.

One command holds one folder for as long as it runs, by a lock that the kernel lets go of when the process dies.
The lock file remembers which command the folder belongs to, so that a demo never wipes a production folder.
"""

from __future__ import annotations

import base64
import contextlib
import fcntl
import json
import os
import secrets
import shlex
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from config.processes import Failure, stop_leftovers, write_private

LOCK = "lock"
THROWAWAY = ("demo", "sandbox", "test")


@contextlib.contextmanager
def hold(folder: Path, command: str) -> Iterator[Path]:
    """Hold the folder for one command; what a crash of an earlier holder left running is stopped first."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder = folder.resolve()
    with open(folder / LOCK, "a+", encoding="utf-8") as lock:
        _take(lock.fileno(), folder)
        _claim(folder, command)
        stop_leftovers(folder)
        if command in THROWAWAY:
            _empty(folder)
        yield folder


def clear(folder: Path) -> list[str] | None:
    """Stop what a crash left on this folder; None when a living command holds it."""
    with open(folder / LOCK, "a+", encoding="utf-8") as lock:
        with contextlib.suppress(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return stop_leftovers(folder)
    return None


def secrets_of(folder: Path) -> dict[str, str]:
    """The folder's secrets, made once. Whoever loses them can't read the stored locations any more."""
    path = folder / "secrets.json"
    if path.exists():
        return json.loads(path.read_text())
    if (folder / "postgres.json").exists():
        raise Failure(f"{path} is missing although {folder} holds a database: put it back from a copy")
    words = ["postgres", "hadir_owner", "hadir_app", "hadir_retention", "valkey", "secret_key"]
    made = {word: secrets.token_urlsafe(48 if word == "secret_key" else 24) for word in words}
    made["data_keys"] = "1:" + base64.b64encode(secrets.token_bytes(32)).decode()
    write_private(path, json.dumps(made, indent=1))
    return made


def write_env(folder: Path, environment: Mapping[str, str]) -> Path:
    """The settings as shell lines, so that manage.py can be used beside a running command."""
    path = folder / "env"
    lines = [f"export {name}={shlex.quote(value)}\n" for name, value in sorted(environment.items())]
    write_private(path, "".join(lines))
    return path


def _take(lock: int, folder: Path) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Failure(
            f"{folder} is in use by {holder(folder)}: stop it first, or give HADIR_STATE another folder"
        ) from None


def holder(folder: Path) -> str:
    command, _, pid = (folder / LOCK).read_text().partition(" ")
    return f"`make {command}` (process {pid.strip()})"


def _claim(folder: Path, command: str) -> None:
    """Refuse a folder that belongs to another command, or that was never ours; then sign it."""
    owner = (folder / LOCK).read_text().partition(" ")[0]
    strangers = [entry.name for entry in folder.iterdir() if entry.name != LOCK]
    if strangers and command in THROWAWAY and not owner:
        (folder / LOCK).unlink()
        raise Failure(f"{folder} is not empty and not a state folder: `make {command}` would wipe it")
    if owner and owner != command:
        raise Failure(f"{folder} belongs to `make {owner}`: give HADIR_STATE another folder")
    (folder / LOCK).write_text(f"{command} {os.getpid()}\n")


def remove(folder: Path) -> None:
    """Take a throwaway folder off the disk."""
    _empty(folder)
    shutil.rmtree(folder, ignore_errors=True)


def _empty(folder: Path) -> None:
    """Remove everything but the lock, and the database where it had to lie elsewhere."""
    with contextlib.suppress(OSError, ValueError, KeyError):
        home = Path(json.loads((folder / "postgres.json").read_text())["home"])
        shutil.rmtree(home, ignore_errors=True)
    for entry in folder.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry, ignore_errors=True)
        elif entry.name != LOCK:
            entry.unlink(missing_ok=True)
