"""A file from its upload to its end: who may, what is kept, what a worker does, and what it costs."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from cryptography.exceptions import InvalidTag
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from policy import tasks
from policy.errors import DomainError
from policy.imports import jobs
from policy.imports.people import PersonBatch
from policy.models import Employee, ImportJob, Posting, RoleGrant, Unit
from tests.files import a_csv, an_xlsx
from tests.make import wib

pytestmark = pytest.mark.django_db

NOW = wib("09:00")
UNITS = ["Kode unit", "Nama", "Tingkat"]
ONE_UNIT = a_csv(UNITS, ["N1", "Unit Baru", "Seksi"])
WRONG = a_csv(UNITS, ["N1", "", "Seksi"])


def upload(cast, content: bytes = ONE_UNIT, kind: str = "units", by=None) -> ImportJob:
    return jobs.upload(cast.dki, kind, "unit.csv", content, by=(by or cast.eko).user, now=NOW)


def code_of(call, *args, **options) -> str:
    with pytest.raises(DomainError) as caught:
        call(*args, **options)
    return caught.value.code


# Who may


def test_hr_brings_in_everything_an_officer_domiciles_and_rotas_others_nothing(cast):
    allowed = {}
    for name in ("eko", "dewi", "fajar", "citra", "ani", "hasan", "joni"):
        user = getattr(getattr(cast, name), "user", getattr(cast, name))
        allowed[name] = set()
        for kind in jobs.BATCHES:
            try:
                jobs.reach_of(cast.dki, kind, user, NOW)
                allowed[name].add(kind)
            except DomainError as error:
                assert error.code == "import_not_yours"
    nothing = dict.fromkeys(("fajar", "citra", "ani", "hasan", "joni"), set())
    assert allowed == nothing | {"eko": set(jobs.BATCHES), "dewi": {"domiciles", "rotas"}}


def test_a_role_that_has_ended_carries_nothing_out(cast):
    job = upload(cast)
    jobs.run(job, NOW)
    jobs.confirm(job, by=cast.eko.user, now=NOW)
    RoleGrant.objects.filter(user=cast.eko.user).update(ends=date(2023, 8, 20))
    jobs.run(job, NOW)
    assert job.state == "refused" and job.report["faults"][0]["code"] == "import_not_yours"
    assert not Unit.objects.filter(code="N1").exists()


def test_a_deactivated_account_brings_nothing_in(cast):
    cast.eko.user.is_active = cast.dewi.user.is_active = False
    for person, kind in ((cast.eko, "units"), (cast.dewi, "rotas")):
        assert code_of(jobs.reach_of, cast.dki, kind, person.user, NOW) == "import_not_yours"


def test_somebody_without_the_right_neither_confirms_nor_cancels(cast):
    job = upload(cast)
    jobs.run(job, NOW)
    for person in (cast.dewi, cast.fajar, cast.hasan):
        assert code_of(jobs.confirm, job, by=person.user, now=NOW) == "import_not_yours"
        assert code_of(jobs.cancel, job, by=person.user, now=NOW) == "import_not_yours"


# From state to state


def test_a_file_is_checked_first_and_carried_out_when_confirmed(cast):
    job = upload(cast)
    assert job.state == "uploaded"
    assert jobs.run_next(NOW) and jobs.run_next(NOW) is False
    job.refresh_from_db()
    assert (job.state, job.report["counts"]["new"], job.total) == ("checked", 1, 1)
    assert not Unit.objects.filter(code="N1").exists()
    jobs.confirm(job, by=cast.eko.user, now=NOW)
    jobs.run_next(NOW)
    job.refresh_from_db()
    assert (job.state, job.confirmed_by, job.finished_at) == ("done", cast.eko.user, NOW)
    assert Unit.objects.get(code="N1").agency == cast.dki


def test_what_changed_meanwhile_is_checked_again(cast):
    job = upload(cast, a_csv([*UNITS, "Kode unit induk"], ["N1", "Baru", "Seksi", cast.section.code]))
    jobs.run(job, NOW)
    Unit.objects.filter(pk=cast.section.pk).update(code="lain")
    jobs.confirm(job, by=cast.eko.user, now=NOW)
    jobs.run(job, NOW)
    assert job.state == "refused" and job.report["faults"][0]["code"] == "unknown_unit"
    assert not Unit.objects.filter(code="N1").exists()


@pytest.mark.parametrize("content", [WRONG, b"nonsense", b"PK\x03\x04", b"Kode unit\nN1\n"])
def test_a_refused_file_cannot_be_confirmed(cast, content):
    job = upload(cast, content)
    jobs.run(job, NOW)
    assert job.state == "refused" and job.report["faults"]
    assert code_of(jobs.confirm, job, by=cast.eko.user, now=NOW) == "import_not_ready"


def test_a_step_is_taken_once(cast):
    job = upload(cast)
    assert code_of(jobs.confirm, job, by=cast.eko.user, now=NOW) == "import_not_ready"
    jobs.run(job, NOW)
    jobs.confirm(job, by=cast.eko.user, now=NOW)
    assert code_of(jobs.confirm, job, by=cast.eko.user, now=NOW) == "import_not_ready"
    assert code_of(jobs.cancel, job, by=cast.eko.user, now=NOW) == "import_not_ready"
    jobs.run(job, NOW)
    jobs.run(job, NOW)
    assert job.state == "done" and Unit.objects.filter(code="N1").count() == 1


def test_a_checked_file_that_nobody_carries_out_is_dropped_after_a_week(cast):
    job = upload(cast)
    jobs.run(job, NOW)
    jobs.run_next(NOW + timedelta(days=6))
    assert ImportJob.objects.get().state == "checked"
    jobs.run_next(NOW + timedelta(days=8))
    assert ImportJob.objects.get().state == "cancelled" and ImportJob.objects.get().sealed is None


@pytest.mark.parametrize(("content", "code"), [(b"", "file_empty"), (b"x" * 20_000_001, "file_too_large")])
def test_an_empty_and_an_oversized_file_are_not_taken_in(cast, content, code):
    assert code_of(upload, cast, content) == code and ImportJob.objects.count() == 0


# What is kept


def test_a_file_is_kept_sealed_and_only_while_it_is_needed(cast):
    job = upload(cast)
    assert b"Unit Baru" not in bytes(job.sealed) and jobs.opened(job) == ONE_UNIT
    jobs.run(job, NOW)
    assert job.sealed is not None
    jobs.cancel(job, by=cast.eko.user, now=NOW)
    assert (job.state, job.sealed, job.key_id) == ("cancelled", None, None)
    for ended in (upload(cast, WRONG), upload(cast)):
        jobs.run(ended, NOW)
        if ended.state == "checked":
            jobs.confirm(ended, by=cast.eko.user, now=NOW)
            jobs.run(ended, NOW)
        assert ended.state in ("refused", "done") and ended.sealed is None


def test_a_file_that_was_exchanged_is_not_carried_out(cast):
    job, other = upload(cast), upload(cast, a_csv(UNITS, ["N2", "Lain", "Seksi"]))
    jobs.run(job, NOW)
    jobs.confirm(job, by=cast.eko.user, now=NOW)
    ImportJob.objects.filter(pk=job.pk).update(sealed=other.sealed, key_id=other.key_id)
    with pytest.raises(InvalidTag):
        job.refresh_from_db()
        jobs.opened(job)
    jobs.run(job, NOW)
    assert job.state == "failed" and not Unit.objects.filter(code__in=("N1", "N2")).exists()


def test_a_report_keeps_the_first_rows_and_counts_all(cast):
    rows = [[f"N{n}", f"Unit {n}", "Seksi"] for n in range(700)]
    job = upload(cast, a_csv(UNITS, *rows))
    jobs.run(job, NOW)
    assert job.report["counts"]["new"] == 700 and len(job.report["new"]) == 300


# Workers


def test_a_mistake_of_ours_fails_the_job_and_saves_nothing(cast, monkeypatch):
    job = upload(cast)
    monkeypatch.setattr("policy.imports.units.UnitBatch.check_written", lambda self: 1 / 0)
    jobs.run(job, NOW)
    assert job.state == "failed" and job.sealed is None and not Unit.objects.filter(code="N1").exists()


def test_a_mistake_in_a_row_is_ours_and_not_a_fault_of_the_file(cast, monkeypatch):
    job = upload(cast)
    monkeypatch.setattr("policy.imports.units.UnitBatch.plan", lambda self, line: 1 / 0)
    jobs.run(job, NOW)
    assert job.state == "failed"


def test_a_file_that_kills_its_workers_is_given_up(cast):
    job = upload(cast)
    ImportJob.objects.filter(pk=job.pk).update(state="checking", attempts=3)
    assert jobs.run_next(NOW)
    assert ImportJob.objects.get().state == "failed"


def test_a_job_of_a_worker_that_is_no_more_is_taken_up_again(cast):
    job = upload(cast)
    ImportJob.objects.filter(pk=job.pk).update(state="checking", attempts=1)
    assert jobs.run_next(NOW)
    assert ImportJob.objects.get().state == "checked"


def test_a_constraint_that_somebody_else_was_faster_to_fill_is_a_refusal(cast, monkeypatch):
    job = upload(cast, a_csv(UNITS, [cast.section.code, "Lagi", "Seksi"]))
    monkeypatch.setattr("policy.imports.units.UnitBatch.find", lambda self, row: None)
    jobs.run(job, NOW)
    assert job.state == "refused" and job.report["faults"][0]["code"] == "conflict"
    assert job.report["faults"][0]["about"] == {"name": "unit_code_is_unique_in_its_agency"}


def test_beat_asks_for_imports_and_the_task_works_them_off(cast, settings, monday):
    monday("09:00")
    assert settings.CELERY_BEAT_SCHEDULE["run-imports"]["task"] == tasks.run_imports.name
    assert tasks.run_imports.time_limit > settings.CELERY_TASK_TIME_LIMIT
    upload(cast), upload(cast, WRONG)
    tasks.run_imports()
    assert sorted(ImportJob.objects.values_list("state", flat=True)) == ["checked", "refused"]


# The command


def run_command(tmp_path, content: bytes, *args) -> str:
    (tmp_path / "unit.csv").write_bytes(content)
    said = io.StringIO()
    call_command(
        "import_file", "units", str(tmp_path / "unit.csv"), "--agency", "pemprov-dki", *args, stdout=said
    )
    return said.getvalue()


def test_the_command_carries_a_file_out_and_says_what_it_did(cast, tmp_path, monday):
    monday("09:00")
    said = run_command(tmp_path, ONE_UNIT)
    assert "baris 2 new Unit Baru (N1)" in said and "Selesai: new 1" in said
    assert Unit.objects.filter(code="N1").exists() and ImportJob.objects.get().uploaded_by is None


def test_a_dry_run_of_the_command_changes_nothing(cast, tmp_path, monday):
    monday("09:00")
    assert "baris 2 new" in run_command(tmp_path, ONE_UNIT, "--dry-run", "--by", cast.eko.nrk)
    assert not Unit.objects.filter(code="N1").exists() and ImportJob.objects.get().state == "cancelled"


def test_the_command_refuses_with_code_row_and_column(cast, tmp_path, monday, capsys):
    monday("09:00")
    with pytest.raises(CommandError):
        (tmp_path / "unit.csv").write_bytes(WRONG)
        call_command("import_file", "units", str(tmp_path / "unit.csv"), "--agency", "pemprov-dki")
    assert "baris 2, Nama: required: Kolom ini wajib diisi." in capsys.readouterr().out


@pytest.mark.parametrize("args", [["--agency", "lain"], ["--by", "siapa"], ["--by", "joni"]])
def test_the_command_names_what_it_does_not_find(cast, tmp_path, monday, args):
    monday("09:00")
    with pytest.raises(CommandError):
        run_command(tmp_path, ONE_UNIT, *args)


# What it costs


def many(cast, count: int) -> bytes:
    """People of the section under Citra, all new."""
    head = [
        "Nama",
        "NIP",
        "NRK",
        "Jenis pegawai",
        "Kode unit",
        "Kantor",
        "Jabatan",
        "NRK/NIP atasan",
        "Mulai",
    ]
    rows = (
        [f"Pegawai {n}", f"1985{n // 800 + 1:02d}15201001{1 + n % 2}{n // 2 % 400 + 1:03d}", f"7{n:06d}", "PNS",
         cast.section.code, "Balai Kota", "Analis", cast.citra.nrk, "2023-09-01"]
        for n in range(count)
    )  # fmt: skip
    return an_xlsx(head, *rows)


def queries(cast, content: bytes, dry_run: bool = False) -> int:
    reach = jobs.reach_of(cast.dki, "people", cast.eko.user, NOW)
    batch = PersonBatch(reach, NOW)
    table = jobs.read(content, batch.columns)
    with CaptureQueriesContext(connection) as counted:
        report = batch.carry_out(table, dry_run=dry_run)
    assert not report.has_validation_errors(), report.faults
    return len(counted)


def test_two_thousand_people_come_in_with_a_handful_of_queries_more_than_one_thousand(cast):
    one, two = (queries(cast, many(cast, count), dry_run=True) for count in (1000, 2000))
    assert two - one <= 4
    assert queries(cast, many(cast, 2000)) < 60  # the published rotas are checked anew as well
    assert Employee.objects.filter(name__startswith="Pegawai ").count() == 2000
    assert Posting.objects.filter(superior=cast.citra, starts="2023-09-01").count() == 2000


def test_changing_two_thousand_people_costs_no_query_a_row(cast):
    queries(cast, many(cast, 2000))
    head = ["Nama", "NRK", "Jenis pegawai", "Kode unit", "Kantor", "Jabatan", "Mulai"]
    moved = a_csv(
        head,
        *(
            [f"Baru {n}", f"7{n:06d}", "PNS", cast.other.code, "Balai Kota", "Arsiparis", "2023-10-01"]
            for n in range(2000)
        ),
    )
    assert queries(cast, moved) < 60
    assert Posting.objects.filter(unit=cast.other, starts="2023-10-01", superior=cast.citra).count() == 2000
    assert Posting.objects.filter(unit=cast.section, ends="2023-09-30").count() == 2000


# Races, with real transactions


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_carry_a_file_out_once(cast):
    from tests.test_races import race

    rows = [[f"N{n}", f"Unit {n}", "Seksi"] for n in range(300)]
    job = upload(cast, a_csv(UNITS, *rows))
    assert sorted(race(_turn, [None] * 4)).count(True) >= 1
    jobs.confirm(job, by=cast.eko.user, now=NOW)
    race(_turn, [None] * 4)
    job.refresh_from_db()
    assert (job.state, job.attempts, Unit.objects.filter(code__startswith="N").count()) == ("done", 1, 300)


def _turn(_):
    return jobs.run_next(NOW)


@pytest.mark.django_db(transaction=True)
def test_readers_see_how_far_a_job_is_while_its_rows_are_not_there_yet(cast, monkeypatch):
    seen = []
    job = upload(cast, a_csv(UNITS, *[[f"N{n}", f"Unit {n}", "Seksi"] for n in range(1200)]))
    real = jobs.Showing.__call__
    reader = jobs.connections.create_connection("default")

    def look(show, step, done, total):
        show.last = 0.0
        real(show, step, done, total)
        with reader.cursor() as cursor:
            cursor.execute("SELECT state, step, done, total FROM policy_importjob WHERE id = %s", [job.pk])
            told = cursor.fetchone()
            cursor.execute("SELECT count(*) FROM policy_unit WHERE code LIKE 'N%'")
            seen.append((*told, cursor.fetchone()[0]))

    monkeypatch.setattr(jobs.Showing, "__call__", look)
    try:
        jobs.run(job, NOW)
    finally:
        reader.close()
    assert seen == [
        ("checking", "reading", 0, 0, 0),
        ("checking", "checking", 500, 1200, 0),
        ("checking", "checking", 1000, 1200, 0),
        ("checking", "writing", 0, 1200, 0),
    ]
    assert job.state == "checked" and job.attempts == 0


@pytest.mark.django_db(transaction=True)
def test_closings_and_transfers_wait_for_a_file_and_check_ins_do_not(cast, monkeypatch):
    """Whoever changes what a file is planned against takes the agency FOR NO KEY UPDATE; a check-in refers to it."""
    other, took = jobs.connections.create_connection("default"), {}

    def take(show, step, done, total):
        for mode in ("NO KEY UPDATE", "KEY SHARE"):
            try:
                with other.cursor() as cursor:
                    cursor.execute(f"SELECT 1 FROM policy_agency WHERE id = {cast.dki.pk} FOR {mode} NOWAIT")  # noqa: S608
                took[step, mode] = True
            except jobs.OperationalError:
                took[step, mode] = False

    monkeypatch.setattr(jobs.Showing, "__call__", take)
    try:
        jobs.run(upload(cast), NOW)
    finally:
        other.close()
    assert took == {
        ("reading", "NO KEY UPDATE"): True,
        ("reading", "KEY SHARE"): True,
        ("writing", "NO KEY UPDATE"): False,
        ("writing", "KEY SHARE"): True,
    }


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_dies_half_way_leaves_nothing_and_another_takes_over(cast, monkeypatch):
    job = upload(cast)
    jobs.run(job, NOW)
    jobs.confirm(job, by=cast.eko.user, now=NOW)
    monkeypatch.setattr("policy.imports.units.UnitBatch.check_written", _die)
    with pytest.raises(SystemExit):
        jobs.run(job, NOW)
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("running", 1) and not Unit.objects.filter(code="N1").exists()
    monkeypatch.undo()
    assert jobs.run_next(NOW)
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("done", 2) and Unit.objects.filter(code="N1").count() == 1


def _die(self):
    raise SystemExit
