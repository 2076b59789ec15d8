"""PostgreSQL refuses to run as root: what its process becomes instead, and where its cluster may lie.

Root enters a user namespace, where the files stay root's. Where namespaces are forbidden, as in many containers, it
becomes `nobody`, who must be able to reach both the cluster and the binaries.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import pwd
import shutil
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

from config.processes import LIBC

CLONE_NEWUSER = 0x10000000
OUTSIDE_HOME = Path("/var/lib/hadir")


def lodge(folder: Path, binaries: Path) -> tuple[Path, Path, Callable[[], None] | None]:
    """Where the cluster lies, which binaries to use, and what the process must become before it starts them."""
    if os.geteuid() != 0:
        return private_folder(folder / "postgres", os.geteuid()), binaries, None
    if _runs(binaries, _enter_namespace):
        return private_folder(folder / "postgres", 0), binaries, _enter_namespace
    nobody = pwd.getpwnam("nobody").pw_uid
    home = private_folder(_reachable(folder), nobody)
    if not _runs(binaries, _become_nobody):
        binaries = _copy_of(binaries, home)
    return home, binaries, _become_nobody


def _enter_namespace() -> None:
    """Be user 1000 inside a namespace while the files stay root's."""
    if LIBC.unshare(CLONE_NEWUSER):
        raise OSError(ctypes.get_errno(), "user namespaces are forbidden")
    for name, text in (("setgroups", "deny"), ("uid_map", "1000 0 1"), ("gid_map", "1000 0 1")):
        with open(f"/proc/self/{name}", "w") as file:
            file.write(text)


def _become_nobody() -> None:
    nobody = pwd.getpwnam("nobody")
    os.setgroups([])
    os.setgid(nobody.pw_gid)
    os.setuid(nobody.pw_uid)


def _runs(binaries: Path, become: Callable[[], None]) -> bool:
    """Can these binaries be started that way here?"""
    try:
        command = [binaries / "postgres", "--version"]
        return subprocess.run(command, capture_output=True, preexec_fn=become, cwd="/").returncode == 0
    except (OSError, subprocess.SubprocessError):
        return False


def _reachable(folder: Path) -> Path:
    """`nobody` must reach the cluster: in the state folder where every parent is open, else outside."""
    if all(parent.stat().st_mode & stat.S_IXOTH for parent in folder.parents):
        folder.chmod(0o711)
        return folder / "postgres"
    OUTSIDE_HOME.mkdir(mode=0o711, exist_ok=True)
    return OUTSIDE_HOME / hashlib.sha256(str(folder).encode()).hexdigest()[:16]


def private_folder(path: Path, owner: int) -> Path:
    path.mkdir(mode=0o700, exist_ok=True)
    hand_over(path, owner)
    return path


def hand_over(path: Path, owner: int) -> None:
    if os.geteuid() == 0:
        os.chown(path, owner, -1)


def _copy_of(binaries: Path, home: Path) -> Path:
    """The wheel's tree where `nobody` can read it; its libraries lie beside it at the same distance."""
    package, install = binaries.parent.parent, binaries.parent.name
    copy = home / "binaries" / package.name / install
    shutil.rmtree(home / "binaries", ignore_errors=True)
    shutil.copytree(binaries.parent, copy, symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, home / "binaries" / libraries.name)
    for path in [home / "binaries", *(home / "binaries").rglob("*")]:
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o555 if path.is_dir() else 0o444))
    return copy / "bin"
