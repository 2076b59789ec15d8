"""Child processes that die with us, are written down, and can be told from strangers.

Every child leads a process group of its own, so that Ctrl-C reaches only the launcher, which then stops the rest in
order. The kernel sends the child its farewell signal when the launcher dies by `kill -9`. What was started is written
down in the state folder, so that `make down` can find what a crash left and never touches a recycled pid.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

PATIENCE_SECONDS = 10
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None, use_errno=True)


class Failure(Exception):
    """Something that the person at the keyboard should read as one clear message, without a traceback."""


@dataclass
class Child:
    name: str
    process: subprocess.Popen[bytes]
    farewell: signal.Signals
    log: Path | None


class Crew:
    """The processes started on one state folder, in the order of their start."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.children: list[Child] = []

    def start(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        farewell: signal.Signals = signal.SIGTERM,
        become: Callable[[], None] | None = None,
        stdout: IO[bytes] | None = None,
        log: bool = True,
        **popen: object,
    ) -> Child:
        """Start one child: on a leash, in its own session, its output in `logs/<name>.log` unless told otherwise."""
        path = self.folder / "logs" / f"{name}.log" if log else None
        with contextlib.ExitStack() as files:
            errors = files.enter_context(_fresh_log(path)) if path else None
            process = subprocess.Popen(  # type: ignore[call-overload]
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=stdout or errors,
                stderr=errors,
                start_new_session=True,
                preexec_fn=_leash(os.getpid(), farewell, become),
                **popen,
            )
        child = Child(name, process, farewell, path)
        self.children.append(child)
        self._write_down()
        return child

    def run(self, name: str, command: Sequence[str | Path], seconds: float = 600, **options: object) -> None:
        """Run one step to its end; a failing step shows the last lines of its log."""
        child = self.start(name, command, **options)  # type: ignore[arg-type]
        deadline = time.monotonic() + seconds
        while child.process.poll() is None:
            self.check(others_than=child)
            if time.monotonic() > deadline:
                raise Failure(f"{name} took longer than {seconds:.0f} s\n{last_lines(child.log)}")
            time.sleep(0.02)
        if child.process.returncode:
            raise Failure(epitaph(child))
        self._forget(child)

    def check(self, others_than: Child | None = None) -> None:
        """Raise when a child that should be running has ended."""
        for child in self.children:
            if child is not others_than and child.process.poll() is not None:
                raise Failure(epitaph(child))

    def stop(self, *names: str) -> None:
        """Say farewell to the named children (to all, without names), the youngest first; then insist."""
        leaving = [child for child in reversed(self.children) if not names or child.name in names]
        for child in leaving:
            if child.process.poll() is None:
                child.process.send_signal(child.farewell)
        deadline = time.monotonic() + PATIENCE_SECONDS
        for child in leaving:
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.process.wait(max(0.0, deadline - time.monotonic()))
            _kill_group(child.process.pid, self.folder)
            child.process.wait()
            self._forget(child)

    def _forget(self, child: Child) -> None:
        self.children.remove(child)
        self._write_down()

    def _write_down(self) -> None:
        entries = [
            {"name": c.name, "pid": c.process.pid, "born": born(c.process.pid), "farewell": int(c.farewell)}
            for c in self.children
        ]
        record = {"folder": str(self.folder), "boot": _boot_id(), "children": entries}
        write_private(_record_path(self.folder), json.dumps(record))


def stop_leftovers(folder: Path) -> list[str]:
    """Stop what an earlier launcher left running on this folder; only the caller who holds the folder may do this."""
    stopped = []
    for entry in reversed(_recorded(folder)):
        alive = entry["born"] is not None and born(entry["pid"]) == entry["born"]
        if alive:
            _farewell_to_stranger(entry)
        if _kill_group(entry["pid"], folder) or alive:
            stopped.append(entry["name"])
    _record_path(folder).unlink(missing_ok=True)
    return stopped


def born(pid: int) -> int | None:
    """When a living process started, in clock ticks after boot: together with the boot this names it for good."""
    try:
        state, *fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if state == "Z" else int(fields[18])


def write_private(path: Path, text: str) -> None:
    """Replace a file in one step, readable for its owner only: a reader sees the old text or the new one."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def epitaph(child: Child) -> str:
    code = child.process.returncode
    how = f"was killed by signal {-code}" if code < 0 else f"ended with exit code {code}"
    return f"{child.name} {how}\n{last_lines(child.log)}".rstrip()


def last_lines(log: Path | None, count: int = 15) -> str:
    if log is None or not log.exists():
        return ""
    lines = log.read_text(errors="replace").splitlines()[-count:]
    return "\n".join([f"the last lines of {log}:", *(f"  {line}" for line in lines)])


def _fresh_log(path: Path) -> IO[bytes]:
    """A new log for each start; the one before is kept beside it."""
    path.parent.mkdir(mode=0o700, exist_ok=True)
    if path.exists():
        path.replace(path.with_suffix(".log.1"))
    return open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab")


def _leash(parent: int, farewell: int, become: Callable[[], None] | None) -> Callable[[], None]:
    """What the child does between fork and exec. The leash comes last: a change of user would untie it."""

    def tie() -> None:
        if become:
            become()
        LIBC.prctl(PR_SET_PDEATHSIG, int(farewell))
        if os.getppid() != parent:
            os._exit(1)

    return tie


def _farewell_to_stranger(entry: Mapping[str, int]) -> None:
    """A polite stop of a process that is not our child, and a moment for it to go."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(entry["pid"], entry["farewell"])
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and born(entry["pid"]) == entry["born"]:
        time.sleep(0.05)
    if born(entry["pid"]) == entry["born"]:
        os.kill(entry["pid"], signal.SIGKILL)


def _kill_group(leader: int, folder: Path) -> bool:
    """End what is left of a child's session, such as the workers of a killed web server."""
    members = [pid for pid in _session(leader) if f"HADIR_STATE={folder}" in _environment(pid)]
    for pid in members:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return bool(members)


def _session(leader: int) -> Iterator[int]:
    for entry in Path("/proc").glob("[0-9]*"):
        pid = int(entry.name)
        with contextlib.suppress(OSError):
            if os.getsid(pid) == leader and born(pid) is not None:
                yield pid


def _environment(pid: int) -> list[str]:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/environ").read_bytes().decode(errors="replace").split("\0")
    return []


def _recorded(folder: Path) -> list[dict]:  # type: ignore[type-arg]
    """The children written down here, unless the record was copied from elsewhere or is from before a reboot."""
    try:
        record = json.loads(_record_path(folder).read_text())
    except (OSError, ValueError):
        return []
    return record["children"] if (record["folder"], record["boot"]) == (str(folder), _boot_id()) else []


def _record_path(folder: Path) -> Path:
    return folder / "processes.json"


def _boot_id() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return ""
