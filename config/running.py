"""A running Hadir: the state folder held, servers, tables, web server, worker and beat, and the way to stop them."""

from __future__ import annotations

import contextlib
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from config import rehearsal_clock, state
from config.embedded import serving
from config.processes import Crew, Failure, last_lines, write_private

ROOT = Path(__file__).resolve().parent.parent
STATES = ROOT / ".hadir"
READY_SECONDS = 60
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
NOT_THEIRS = ("DATABASE_OWNER_URL", "DATABASE_RETENTION_URL")
MANAGE = [sys.executable, str(ROOT / "manage.py")]


class Stopped(BaseException):
    """Somebody asked us to stop; carries the exit code."""


class House:
    """One running Hadir: its state folder, its processes and the settings that they share."""

    def __init__(self, crew: Crew, environment: dict[str, str]) -> None:
        self.crew = crew
        self.folder = crew.folder
        self.environment = environment
        self.address = f"http://{_host(environment['HADIR_BIND'])}:{environment['PORT']}"


@contextlib.contextmanager
def house(command: str, given: dict[str, str]) -> Iterator[House]:
    """The state folder held, the servers started; at the end, whatever the reason, everything is stopped."""
    _port_is_free(given)
    folder = Path(given.get("HADIR_STATE") or STATES / command)
    with state.hold(folder, command) as folder:
        crew, servers = Crew(folder), contextlib.ExitStack()
        if given.get("HADIR_CLOCK"):
            rehearsal_clock.hold_clock(folder, given["HADIR_CLOCK"])
        try:
            with step("database and queue"):
                urls = servers.enter_context(serving(crew, given))
            yield House(crew, _environment(given, urls, folder))
        finally:
            _stop(crew, servers)


def prepare(home: House) -> None:
    """The tables, the rights of the roles on them, the static files, and the settings for a shell."""
    names = [n for n in home.environment if n.startswith(("HADIR_", "DATABASE_", "REDIS_")) or n == "PORT"]
    state.write_env(home.folder, {name: home.environment[name] for name in names})
    with step("tables"):
        manage(home, "migrate", "--no-input")
        manage(home, "protect_evidence")
    with step("static files"):
        manage(home, "collectstatic", "--no-input")


def seed(home: House, accounts: Path) -> None:
    """The scenario's people; their accounts become a file that only its owner can read."""
    output = home.folder / "seed.json"
    employees = home.environment.get("EMPLOYEES") or "240"
    with step(f"scenario with {employees} employees"), output.open("wb") as file:
        manage(home, "seed_demo", "--employees", employees, "--json", stdout=file)
    accounts.parent.mkdir(parents=True, exist_ok=True)
    write_private(accounts, output.read_text())
    output.unlink()


def web_command(home: House, application: str = "config.wsgi:application") -> list[str]:
    """The production web server on an application."""
    web = [sys.executable, "-m", "granian", "--interface", "wsgi", application, "--no-ws", "--http", "1"]
    web += ["--host", home.environment["HADIR_BIND"], "--port", home.environment["PORT"]]
    web += ["--workers", "2", "--blocking-threads", "2"]
    web += ["--respawn-failed-workers", "--workers-kill-timeout", "5"]
    # Granian counts open connections here, idle ones too: room for every phone that keeps one.
    return [*web, "--backlog", "2048", "--backpressure", "2048"]


def serve(home: House) -> None:
    """Web server, worker and beat; returns when the web server says that it is ready.

    They run as the application: the owner's and the shredder's way into the database is not theirs to know.
    """
    environment = {name: value for name, value in home.environment.items() if name not in NOT_THEIRS}
    celery = [sys.executable, "-m", "celery", "-A", "config"]
    worker = [*celery, "worker", "-c", "2", "--without-gossip", "--without-mingle", "--loglevel", "WARNING"]
    beat = [*celery, "beat", "-s", home.folder / "beat", "--pidfile=", "--loglevel", "WARNING"]
    with step("web server, worker and beat"):
        for name, command in (("web", web_command(home)), ("worker", worker), ("beat", beat)):
            home.crew.start(name, command, env=environment, cwd=ROOT)
        wait_until_ready(home)


def rehearse(home: House, accounts: Path) -> None:
    """The simulated phones, in the foreground: what they print is what one sees."""
    command = [sys.executable, "-u", "-m", "config.rehearsal", "--base-url", home.address]
    command += ["--accounts", str(accounts), "--until", "18:15"]
    home.crew.run("rehearsal", command, seconds=7 * 86400, log=False, env=home.environment, cwd=ROOT)


def stay(home: House) -> int:
    """Serve until somebody asks to stop."""
    say("Ctrl-C stops it")
    try:
        while True:
            home.crew.check()
            time.sleep(0.3)
    except Stopped:
        return 0


def manage(home: House, *arguments: str, **options: object) -> None:
    home.crew.run(arguments[0], [*MANAGE, *arguments], env=home.environment, cwd=ROOT, **options)


# Its parts


def _environment(given: dict[str, str], urls: dict[str, str], folder: Path) -> dict[str, str]:
    defaults = {"HADIR_BIND": "127.0.0.1", "PORT": "8000", "DJANGO_SETTINGS_MODULE": "config.settings"}
    chosen = {name: value for name, value in given.items() if value}
    return defaults | chosen | urls | {"HADIR_STATE": str(folder)}


def wait_until_ready(home: House) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while (answer := _ready(home)) != "200":
        home.crew.check()
        if time.monotonic() > deadline:
            web = next(child for child in home.crew.children if child.name == "web")
            raise Failure(f"not ready after {READY_SECONDS} s ({answer})\n{last_lines(web.log)}")
        time.sleep(0.1)


def _ready(home: House) -> str:
    allowed = home.environment.get("HADIR_ALLOWED_HOSTS", "localhost").split(",")[0].strip().lstrip(".")
    request = urllib.request.Request(f"{home.address}/api/v1/health/ready/")
    request.add_header("Host", "localhost" if allowed in ("", "*") else allowed)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=5) as response:
            return str(response.status)
    except urllib.error.HTTPError as error:
        return f"the answer is {error.code}"
    except OSError:
        return "no answer"


def _port_is_free(given: dict[str, str]) -> None:
    text, bind = given.get("PORT") or "8000", given.get("HADIR_BIND") or "127.0.0.1"
    if not (text.isdigit() and 0 < int(text) < 65536):
        raise Failure(f"PORT must be a number from 1 to 65535, not {text!r}")
    family = socket.AF_INET6 if ":" in bind else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((bind, int(text)))
        except OSError as error:
            raise Failure(f"can't listen on {bind}:{text} ({error.strerror}): choose another PORT") from None


def _host(bind: str) -> str:
    """Where to reach a server that listens on `bind`."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(bind, bind)
    return f"[{host}]" if ":" in host else host


def _stop(crew: Crew, servers: contextlib.ExitStack) -> None:
    """First what asks, then what answers; a second Ctrl-C changes nothing, the end is bounded anyway."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    began = time.monotonic()
    crew.stop(*[child.name for child in crew.children if child.name not in ("postgres", "valkey")])
    servers.close()
    with contextlib.suppress(OSError):
        say(f"everything is stopped ({time.monotonic() - began:.1f} s)")


@contextlib.contextmanager
def step(name: str) -> Iterator[None]:
    """One line for each step, with its seconds."""
    began = time.monotonic()
    yield
    say(f"{time.monotonic() - began:6.1f} s  {name}")


def say(text: str, stream: object = None) -> None:
    print(text, file=stream or sys.stdout, flush=True)  # type: ignore[call-overload]
