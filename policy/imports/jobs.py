"""Hands a file in, checks it, carries it out. The row is the queue: whoever has the lock works, one file at a time.

A job's own outcome is written in the transaction of its data, by a conditional UPDATE: a worker that dies leaves
nothing half-saved, and another takes the job up again; two at once cannot both carry it out.
"""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import IntegrityError, OperationalError, connection, connections, transaction

from policy.errors import DomainError
from policy.imports.batch import Batch, Reach
from policy.imports.cells import Fault
from policy.imports.domiciles import DomicileBatch
from policy.imports.people import PersonBatch
from policy.imports.report import refusal
from policy.imports.rotas import RotaBatch
from policy.imports.sheets import MOST_BYTES, FileFault, read
from policy.imports.sites import SiteBatch
from policy.imports.units import UnitBatch
from policy.models import Agency, ImportJob, User
from policy.scope import scope_of
from policy.vault import seal_bytes, unseal_bytes

log = logging.getLogger("hadir.imports")

BATCHES: dict[str, type[Batch]] = {
    batch.kind: batch for batch in (UnitBatch, SiteBatch, PersonBatch, DomicileBatch, RotaBatch)
}
OFFICERS = frozenset({"domiciles", "rotas"})  # what a unit's officer may hand in for his subtree
KEPT = timedelta(days=7)  # a checked file that nobody carries out is dropped
MOST_ATTEMPTS = 3  # a worker may be killed; a file that kills every worker is given up
LOCK = 0x48414449  # the advisory lock of imports: one at a time, so that prompts keep a worker
State = ImportJob.State
Echo = Callable[[str, int, int], None]


# Who may


def reach_of(agency: Agency, kind: str, by: User | None, now: datetime) -> Reach:
    """What `by` may touch with a file; None is the administrator of the machine. Raises DomainError import_not_yours."""
    if by is None:
        return Reach(agency)
    scope = scope_of(by, now)
    if by.is_active and agency.pk in scope.hr:
        return Reach(agency, None, by, scope)
    own = scope.units & set(agency.units.values_list("pk", flat=True)) if kind in OFFICERS else frozenset()
    if not by.is_active or not own:
        raise DomainError("import_not_yours", "This file is not yours to bring in.")
    return Reach(agency, frozenset(own), by, scope)


# What a person does


def upload(
    agency: Agency, kind: str, file_name: str, content: bytes, *, by: User | None, now: datetime
) -> ImportJob:
    """Takes a file in, sealed; nothing is read yet. Raises DomainError import_not_yours, file_too_large or file_empty."""
    reach_of(agency, kind, by, now)
    if not content:
        raise DomainError("file_empty", "The file is empty.")
    if len(content) > MOST_BYTES:
        raise DomainError("file_too_large", f"A file has at most {MOST_BYTES} bytes.")
    digest = hashlib.sha256(content).hexdigest()
    key_id, sealed = seal_bytes(content, _row(digest))
    return ImportJob.objects.create(
        agency=agency,
        kind=kind,
        file_name=file_name[-200:],
        sha256=digest,
        key_id=key_id,
        sealed=sealed,
        uploaded_by=by,
        uploaded_at=now,
    )


def confirm(job: ImportJob, *, by: User | None, now: datetime) -> None:
    """Has a checked file carried out. Raises DomainError import_not_ready or import_not_yours."""
    reach_of(job.agency, job.kind, by, now)
    _move(job, [State.CHECKED], state=State.CONFIRMED, confirmed_by=by, confirmed_at=now, attempts=0)


def cancel(job: ImportJob, *, by: User | None, now: datetime) -> None:
    """Drops a file that is not being worked on. Raises DomainError import_not_ready or import_not_yours."""
    reach_of(job.agency, job.kind, by, now)
    _move(job, [State.UPLOADED, State.CHECKED], **_ended(State.CANCELLED, now))


def _move(job: ImportJob, states: list[str], **changes) -> None:
    """One step of a job, once. The row is never read and then written."""
    if not ImportJob.objects.filter(pk=job.pk, state__in=states).update(**changes):
        raise DomainError("import_not_ready", "This file is not in that state.")
    job.refresh_from_db()


def _ended(state: str, now: datetime) -> dict:
    """A job that is over keeps its report and no file."""
    return {"state": state, "finished_at": now, "key_id": None, "sealed": None, "step": ""}


# What a worker does


def run_next(now: datetime) -> bool:
    """Works on the oldest job that waits. False when there is none, or another worker is at it."""
    stale = ImportJob.objects.filter(state=State.CHECKED, uploaded_at__lt=now - KEPT)
    stale.update(**_ended(State.CANCELLED, now))
    waiting = ImportJob.objects.filter(state__in=ImportJob.WAITING).defer("sealed")
    job = waiting.order_by("uploaded_at", "pk").first()
    return job is not None and run(job, now)


def run(job: ImportJob, now: datetime, *, wait: bool = False, echo: Echo | None = None) -> bool:
    """Checks a job, or carries it out when it is confirmed. False when another worker has the lock (`wait`s for it).

    The lock is held by the transaction: a job found in checking or running belongs to a worker that is no more.
    """
    show = Showing(job, now, echo)
    try:
        with transaction.atomic():
            if not _lock(wait):
                return False
            job.refresh_from_db()
            if job.waits:
                _work(job, now, show)
    except OperationalError:
        raise  # the database went away: the next turn tries again
    except Exception:
        log.exception("import %s failed", job.pk)
        ImportJob.objects.filter(pk=job.pk, state__in=ImportJob.WAITING).update(**_ended(State.FAILED, now))
    finally:
        show.close()
    job.refresh_from_db()
    return True


def _lock(wait: bool) -> bool:
    """The one lock of imports, until the transaction ends; a file takes longer than a request's time-outs."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '10min'")
        cursor.execute("SET LOCAL lock_timeout = '60s'")
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        if not wait:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
            return bool(cursor.fetchone()[0])
        cursor.execute("SET LOCAL lock_timeout = 0")
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        return True


def _work(job: ImportJob, now: datetime, show: Showing) -> None:
    if job.attempts >= MOST_ATTEMPTS:
        log.error("import %s is given up after %s attempts", job.pk, job.attempts)
        _move(job, list(ImportJob.WAITING), **_ended(State.FAILED, now))
        return
    applies = job.state in (State.CONFIRMED, State.RUNNING)
    show.begin(State.RUNNING if applies else State.CHECKING)
    report = _carry_out(job, now, show, dry_run=not applies)
    if report["counts"]["faults"]:
        ended = _ended(State.REFUSED, now)
    elif applies:
        ended = _ended(State.DONE, now)
    else:
        ended = {"state": State.CHECKED, "step": "", "attempts": 0}
    total = sum(report["counts"].values())
    _move(job, list(ImportJob.WAITING), **ended, report=report, total=total, done=total, started_at=now)


def _carry_out(job: ImportJob, now: datetime, show: Showing, *, dry_run: bool) -> dict:
    """The report of a file; whatever is wrong with the file is in it."""
    by = job.confirmed_by if job.confirmed_at else job.uploaded_by
    try:
        batch = BATCHES[job.kind](reach_of(job.agency, job.kind, by, now), now, show)
        show("reading", 0, 0)
        table = read(opened(job), batch.columns, geojson=job.kind == "sites")
        with transaction.atomic():
            return batch.carry_out(table, dry_run=dry_run).as_json()
    except FileFault as refused:
        return refusal(*refused.faults, row=refused.row)
    except DomainError as refused:
        return refusal(Fault(refused.code))
    except IntegrityError as error:  # somebody was faster; its text holds data and is not logged
        return refusal(Fault("conflict", name=_constraint(error)))


def _constraint(error: IntegrityError) -> str:
    return getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or "?"


def opened(job: ImportJob) -> bytes:
    """The file exactly as it was handed in: it is sealed to its SHA-256. Raises InvalidTag for any other."""
    key_id, sealed = ImportJob.objects.values_list("key_id", "sealed").get(pk=job.pk)
    return unseal_bytes(key_id, sealed, _row(job.sha256))


def _row(digest: str) -> str:
    return f"import:{digest}"


class Showing:
    """Tells readers how far a job is, on a connection of its own: what the job writes they see only at its end."""

    EVERY = 0.5  # seconds

    def __init__(self, job: ImportJob, now: datetime, echo: Echo | None) -> None:
        self.job, self.now, self.echo, self.last = job, now, echo, 0.0
        self.own = connections.create_connection("default")

    def begin(self, state: str) -> None:
        """Shows that somebody is at it, and counts the attempt even if that somebody dies."""
        attempt = (
            "UPDATE policy_importjob SET state = %s, started_at = %s, attempts = attempts + 1 WHERE id = %s"
        )
        self._tell(attempt, [state, self.now])

    def __call__(self, step: str, done: int, total: int) -> None:
        if self.echo:
            self.echo(step, done, total)
        if done and time.monotonic() - self.last < self.EVERY:
            return
        self.last = time.monotonic()
        self._tell(
            "UPDATE policy_importjob SET step = %s, done = %s, total = %s WHERE id = %s", [step, done, total]
        )

    def _tell(self, statement: str, values: list) -> None:
        with self.own.cursor() as cursor:
            cursor.execute(statement, [*values, self.job.pk])

    def close(self) -> None:
        """Gives the connection back."""
        self.own.close()
