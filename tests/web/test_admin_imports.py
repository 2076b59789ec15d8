"""The pages of imports and exports: handing a file in, seeing what it would change, carrying it out, taking files away."""

from __future__ import annotations

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from policy.imports import jobs
from policy.models import Domicile, Employee, ImportJob, Roster, Unit
from tests.files import a_csv
from tests.make import HOME, wib
from tests.web.test_admin import desk, words

pytestmark = pytest.mark.django_db

UNITS = ["Kode unit", "Nama", "Tingkat"]
ONE_UNIT = a_csv(UNITS, ["N1", "Unit Baru", "Seksi"])
ROTAS = ["Kode unit", "NRK/NIP", "Tanggal", "Mode"]


def url(name: str, *args) -> str:
    return reverse(f"admin:policy_importjob_{name}", args=args)


@pytest.fixture
def noon(monday):
    monday("12:00")


def hand_in(person, content: bytes, kind: str = "units", agency=None, name: str = "unit.csv"):
    file = SimpleUploadedFile(name, content)
    said = {"kind": kind, "agency": (agency or person.agency).pk, "file": file}
    return desk(person).post(url("add"), said, follow=True)


def checked(person, content: bytes, kind: str = "units") -> ImportJob:
    hand_in(person, content, kind)
    job = ImportJob.objects.latest("pk")
    jobs.run(job, wib("12:00"))
    return job


def page(person, job: ImportJob) -> str:
    return desk(person).get(url("change", job.pk)).content.decode()


def test_hr_hands_a_file_in_sees_it_checked_and_carries_it_out(cast, noon):
    answer = hand_in(cast.eko, ONE_UNIT)
    job = ImportJob.objects.get()
    assert (job.kind, job.file_name, job.uploaded_by, job.agency) == (
        "units",
        "unit.csv",
        cast.eko.user,
        cast.dki,
    )
    assert "Menunggu pemeriksaan" in words(answer.content.decode())
    assert '<meta http-equiv="refresh" content="3">' in answer.content.decode()
    jobs.run_next(wib("12:00"))
    shown = words(page(cast.eko, job))
    assert "Belum ada yang berubah" in shown and "Kode unit: N1; Nama: Unit Baru; Tingkat: Seksi" in shown
    assert "refresh" not in page(cast.eko, job)
    desk(cast.eko).post(url("apply", job.pk))
    jobs.run_next(wib("12:00"))
    assert Unit.objects.filter(code="N1").exists() and "Selesai" in words(page(cast.eko, job))


def test_changes_show_what_was_and_what_comes(cast, noon):
    job = checked(cast.eko, a_csv(UNITS, [cast.section.code, "Seksi Baru", "Seksi"]))
    assert "Nama: Seksi Tata Laksana → Seksi Baru" in words(page(cast.eko, job))


def test_faults_show_row_column_sentence_and_code_and_nothing_can_be_carried_out(cast, noon):
    job = checked(cast.eko, a_csv(UNITS, ["N1", "A", "Seksi"], ["N2", "", "Seksi"]))
    html = page(cast.eko, job)
    assert "3 Nama Kolom ini wajib diisi. required" in words(html)
    assert "Seluruh berkas ditolak" in html and url("apply", job.pk) not in html and "N1" not in words(html)
    answer = desk(cast.eko).post(url("apply", job.pk), follow=True)
    assert "sedang diproses atau sudah selesai" in words(answer.content.decode())


def test_a_long_report_says_that_it_shows_the_first_rows(cast, noon):
    job = checked(cast.eko, a_csv(UNITS, *[[f"N{n}", "", "Seksi"] for n in range(400)]))
    assert "Ditampilkan 300 baris pertama dari 400." in words(page(cast.eko, job))


def test_progress_is_shown_while_a_worker_is_at_it(cast, noon):
    hand_in(cast.eko, ONE_UNIT)
    job = ImportJob.objects.get()
    ImportJob.objects.filter(pk=job.pk).update(state="checking", step="checking", done=500, total=2000)
    html = page(cast.eko, job)
    assert '<progress class="hd-progress" max="2000" value="500">' in html
    assert "Sedang diperiksa: memeriksa baris" in html and url("cancel", job.pk) not in html


def test_a_waiting_or_checked_file_can_be_cancelled(cast, noon):
    hand_in(cast.eko, ONE_UNIT)
    job = ImportJob.objects.get()
    assert url("cancel", job.pk) in page(cast.eko, job)
    desk(cast.eko).post(url("cancel", job.pk))
    assert ImportJob.objects.get().state == "cancelled" and ImportJob.objects.get().sealed is None


def test_an_empty_an_oversized_and_a_missing_file_are_refused_on_the_form(cast, noon):
    assert "kosong" in words(hand_in(cast.eko, b"").content.decode())
    assert "paling besar 20 MB" in words(hand_in(cast.eko, b"x" * 20_000_001).content.decode())
    answer = desk(cast.eko).post(url("add"), {"kind": "units", "agency": cast.dki.pk})
    assert "wajib diisi" in words(answer.content.decode()) and ImportJob.objects.count() == 0


def test_a_form_that_announces_more_than_any_page_takes_is_ended(cast, noon, settings):
    settings.HADIR_MAX_UPLOAD_BYTES = 1000
    answer = desk(cast.eko).post(url("add"), {"file": SimpleUploadedFile("a.csv", b"x" * 2000)})
    assert answer.status_code == 400 and ImportJob.objects.count() == 0


def test_a_file_name_and_its_words_are_text_and_no_markup(cast, noon):
    hostile = "<script>alert(1)</script>"
    file = a_csv(UNITS, ["N1", hostile, "Seksi"], [cast.section.code, hostile, "Seksi"])
    hand_in(cast.eko, file, name="<b>x.csv")
    job = ImportJob.objects.get()
    jobs.run(job, wib("12:00"))
    assert hostile not in page(cast.eko, job) and "&lt;script&gt;" in page(cast.eko, job)


# Who


def test_who_sees_uploads_applies_and_cancels_what(cast, noon):
    job = checked(cast.eko, ONE_UNIT)
    for person, sees, may in [
        (cast.eko, 200, 302),
        (cast.fajar, 200, 403),
        (cast.dewi, 404, 404),
        (cast.indra, 404, 404),
        (cast.hasan, 404, 404),
        (cast.citra, 404, 404),
        (cast.joni, 404, 404),
    ]:
        client = desk(person)
        assert client.get(url("change", job.pk)).status_code == sees, person
        for command in ("cancel", "apply"):
            if person is not cast.eko:
                assert client.post(url(command, job.pk)).status_code == may, person
        assert client.get(url("apply", job.pk)).status_code == 405
    assert ImportJob.objects.get().state == "checked"
    assert desk(cast.eko).post(url("apply", job.pk)).status_code == 302


@pytest.mark.parametrize(
    ("name", "status"), [("eko", 200), ("dewi", 200), ("fajar", 403), ("citra", 403), ("joni", 403)]
)
def test_who_has_the_upload_form(cast, noon, name, status):
    client = desk(getattr(cast, name))
    assert client.get(url("add")).status_code == status
    assert client.post(url("add"), {}).status_code == status
    assert ImportJob.objects.count() == 0


def test_an_auditor_reads_and_finds_no_buttons(cast, noon):
    job = checked(cast.eko, ONE_UNIT)
    html = page(cast.fajar, job)
    assert url("apply", job.pk) not in html and url("cancel", job.pk) not in html


def test_an_officer_hands_in_domiciles_and_rotas_for_his_agency_alone(cast, noon):
    html = desk(cast.dewi).get(url("add")).content.decode()
    assert set(re.findall(r'<option value="(\w+)"', html)) == {"domiciles", "rotas"}
    hand_in(cast.dewi, ONE_UNIT, "units")
    hand_in(cast.dewi, ONE_UNIT, "domiciles", agency=cast.tangsel)
    hand_in(cast.hasan, ONE_UNIT, "units", agency=cast.dki)
    assert ImportJob.objects.count() == 0
    job = checked(cast.dewi, a_csv(["NRK/NIP", "Lintang", "Bujur"], [cast.bayu.nrk, *HOME]), "domiciles")
    assert "menunggu persetujuan" in page(cast.dewi, job)
    desk(cast.dewi).post(url("apply", job.pk))
    jobs.run_next(wib("12:00"))
    assert Domicile.objects.get(employee=cast.bayu).status == "proposed"


def test_hr_may_carry_out_what_an_officer_handed_in(cast, noon):
    job = checked(cast.dewi, a_csv(ROTAS, [cast.section.code, cast.ani.nrk, "2023-09-04", "WFH"]), "rotas")
    desk(cast.eko).post(url("apply", job.pk))
    jobs.run_next(wib("12:00"))
    assert Roster.objects.get(status="draft").unit == cast.section
    assert ImportJob.objects.get().confirmed_by == cast.eko.user


def test_commands_need_a_token_of_the_form(cast, noon):
    job = checked(cast.eko, ONE_UNIT)
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.eko.user, "policy.signin.NumberBackend")
    for address in (url("apply", job.pk), url("cancel", job.pk), url("add")):
        assert client.post(address).status_code == 403
    assert ImportJob.objects.get().state == "checked"


# Lists


def test_the_list_costs_the_same_for_one_and_twenty_files_and_loads_none_of_them(cast, noon):
    def cost() -> list[str]:
        client = desk(cast.eko)
        with CaptureQueriesContext(connection) as counted:
            assert client.get(url("changelist")).status_code == 200
        return [query["sql"] for query in counted]

    hand_in(cast.eko, ONE_UNIT)
    one = cost()
    for _ in range(19):
        hand_in(cast.eko, ONE_UNIT)
    twenty = cost()
    assert len(one) == len(twenty) and not any(
        word in sql for sql in twenty for word in ('"sealed"', '"report"')
    )


def test_the_menu_leads_to_imports_and_exports(cast, noon):
    html = desk(cast.eko).get("/admin/").content.decode()
    assert url("changelist") in html and url("export") in html
    assert url("changelist") not in desk(cast.citra).get("/admin/").content.decode()


def test_templates_are_for_those_who_hand_files_in(cast, noon):
    listed = desk(cast.dewi).get(url("changelist")).content.decode()
    assert url("template", "rotas") in listed and url("template", "people") not in listed
    answer = desk(cast.eko).get(url("template", "people"))
    assert answer["Content-Disposition"] == 'attachment; filename="templat-people.xlsx"'
    assert load_workbook(io.BytesIO(answer.getvalue())).sheetnames == ["Data", "Petunjuk"]
    assert desk(cast.eko).get(url("template", "passwords")).status_code == 404
    assert desk(cast.citra).get(url("template", "people")).status_code == 403


# Exports


def download(person, kind: str, form: str = "csv", **query):
    return desk(person).get(url("download", kind, form), query)


def test_hr_takes_people_away_with_their_numbers_and_others_without(cast, noon):
    answer = download(cast.eko, "people")
    assert answer["Content-Disposition"] == 'attachment; filename="people-pemprov-dki-2023-08-21.csv"'
    assert cast.ani.nip in answer.getvalue().decode()
    for person in (cast.fajar, cast.dewi):
        taken = download(person, "people").getvalue().decode()
        assert "Ani" in taken and cast.ani.nip not in taken and "1985********" in taken
    assert "NIP disamarkan" in desk(cast.fajar).get(url("export")).content.decode()
    assert "NIP disamarkan" not in desk(cast.eko).get(url("export")).content.decode()


def test_exports_stay_within_what_the_reader_sees(cast, noon):
    assert "Eko" not in download(cast.dewi, "people").getvalue().decode()
    assert "Gita" not in download(cast.eko, "people").getvalue().decode()
    assert download(cast.eko, "people", agency=cast.tangsel.pk).status_code == 404
    assert download(cast.dewi, "units", agency=cast.tangsel.pk).status_code == 404
    for person in (cast.citra, cast.joni):
        assert desk(person).get(url("export")).status_code == 403
        assert download(person, "people").status_code == 403


@pytest.mark.parametrize(
    ("kind", "form"), [("people", "pdf"), ("people", "geojson"), ("domiciles", "csv"), ("users", "xlsx")]
)
def test_what_is_not_offered_is_not_found(cast, noon, kind, form):
    assert download(cast.eko, kind, form).status_code == 404


def test_rotas_are_taken_away_for_the_days_asked_for(cast, noon):
    taken = download(cast.eko, "rotas", first="2023-08-22", last="2023-08-23").getvalue().decode()
    assert "2023-08-22" in taken and "2023-08-21" not in taken and "2023-08-24" not in taken
    assert "2023-08-25" in download(cast.eko, "rotas").getvalue().decode()  # this month without being asked
    answer = download(cast.eko, "rotas", first="kapan", last="2023-08-23")
    assert answer.status_code == 200 and "tanggal yang benar" in words(answer.content.decode())


def test_offices_are_taken_away_as_geojson(cast, noon):
    assert download(cast.eko, "sites", "geojson")["Content-Type"] == "application/geo+json"


def test_a_sixty_row_export_and_a_small_one_cost_the_same(cast, noon):
    def cost(kind: str) -> int:
        client = desk(cast.eko)
        with CaptureQueriesContext(connection) as counted:
            client.get(url("download", kind, "xlsx")).getvalue()
        return len(counted)

    few = {kind: cost(kind) for kind in ("people", "units")}
    for n in range(60):
        person = Employee.objects.create(agency=cast.dki, name=f"P{n}", nrk=f"9{n:05d}", kind="pns")
        person.postings.create(
            unit=cast.section, site=cast.office, position="x", superior=cast.citra, starts="2023-01-01"
        )
        Unit.objects.create(
            agency=cast.dki, code=f"X{n}", name="X", level_kind="section", parent=cast.section
        )
    assert {kind: cost(kind) for kind in few} == few


def test_every_export_is_written_down_by_whom(cast, noon, caplog):
    with caplog.at_level("INFO", "hadir.exports"):
        download(cast.eko, "people")
    assert caplog.messages == [f"user {cast.eko.user.pk} takes people of agency {cast.dki.pk} away as csv"]
