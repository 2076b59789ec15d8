"""The life of a scheme: load, activate, replace, extend, revoke; every version is kept."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from policy import (
    allowances,
    enactment,
    planning,
    roster,
)
from policy.errors import DomainError
from policy.models import (
    Absence,
    Agency,
    Cap,
    DressCode,
    Employee,
    LegalBasis,
    Phase,
    Scheme,
    Unit,
    WorkingHours,
)
from policy.models.organisation import ServiceCategory
from policy.refusals import SENTENCES
from policy.schemes import checks, reader, rows, values
from policy.schemes.values import CapFile, DocumentFile, PhaseFile, PoolingFile, SchemeFile
from tests import make
from tests.test_races import race

pytestmark = pytest.mark.django_db

NOW = make.wib("10:00", date(2023, 8, 18))
DOCUMENT = DocumentFile("1/SE/2023", "Uji", "Sekretaris Daerah", date(2023, 8, 18))
FIRST, LAST = date(2023, 8, 21), date(2023, 10, 21)


def a_phase(percent: int = 50, starts: date = FIRST, ends: date | None = LAST, **fields) -> PhaseFile:
    caps = fields.pop("caps", (CapFile("wfh", "max", percent),))
    return PhaseFile(fields.pop("name", f"Tahap {percent}"), starts, ends, caps=caps, **fields)


def a_file(percent: int = 50, **fields) -> SchemeFile:
    fields = {"document": DOCUMENT, "phases": (a_phase(percent),)} | fields
    return SchemeFile(fields.pop("code", "uji"), "SE Uji", **fields)


def load(file: SchemeFile, agency: Agency | None, **fields) -> Scheme:
    return enactment.load(file, agency=agency, **({"by": None, "now": NOW} | fields))


def activate(scheme: Scheme, **fields) -> Scheme:
    return enactment.activate(scheme, **({"by": None, "now": NOW} | fields))


def enact(file: SchemeFile, agency: Agency | None, **fields) -> Scheme:
    return activate(load(file, agency), **fields)


def refused(work, *args, **fields) -> DomainError:
    with pytest.raises(DomainError) as caught, transaction.atomic():
        work(*args, **fields)
    return caught.value


def percent_on(agency: Agency, day: date) -> int | None:
    """The WFH maximum that decides for a section on a date: the same for who plans it and for who checks in."""
    section = Unit.objects.filter(agency=agency).first() or make.make_unit(agency)
    person = Employee.objects.filter(agency=agency).first() or make.make_employee(
        section, make.make_site(agency)
    )
    planned = planning.read(agency, day, day).rules(section.pk, day)
    expected = roster.expectation(person.pk, day, make.wib("07:00", day)).expectation
    assert expected.phase == (planned.terms.phase if planned else "")
    return planned.caps[0].cap.percent if planned else None


@pytest.fixture
def agency() -> Agency:
    return make.make_agency()


class TestLoading:
    def test_a_file_becomes_a_draft_of_version_1_that_does_not_hold(self, agency):
        scheme = load(a_file(), agency)
        assert (scheme.version, scheme.status, scheme.first_day) == (1, "draft", None)
        assert percent_on(agency, FIRST) is None

    def test_the_same_content_again_changes_nothing(self, agency):
        first = load(a_file(), agency)
        assert load(a_file(), agency).pk == first.pk
        activate(first)
        assert load(a_file(), agency).pk == first.pk
        assert Scheme.objects.count() == 1

    def test_what_a_version_does_not_store_makes_no_new_version(self, agency):
        first = load(a_file(), agency)
        assert load(a_file(notes=("Catatan",), addressed_to="siapa saja"), agency) == first
        assert load(a_file(covers=("pns", "pppk", "cpns")), agency) == first  # what held anyway, now said

    def test_other_content_is_the_next_version_and_the_one_before_stays(self, agency):
        first = load(a_file(50), agency)
        second = load(a_file(75), agency)
        assert (second.version, first.phases.get().caps.get().percent) == (2, 50)

    def test_what_was_revoked_can_be_loaded_anew(self, agency):
        scheme = enact(a_file(), agency)
        enactment.revoke(scheme, last_day=FIRST, by=None, now=NOW, reason="Selesai")
        assert load(a_file(), agency).version == 2

    def test_two_agencies_number_their_versions_apart(self, agency):
        other = make.make_agency("tangsel")
        assert [load(a_file(), one).version for one in (agency, other)] == [1, 1]

    def test_an_unknown_unit_is_refused_by_name_and_nothing_is_stored(self, agency):
        section = make.make_unit(agency)
        elsewhere = make.make_unit(make.make_agency("tangsel"))
        file = a_file(phases=(a_phase(units=(section.code, "TIDAK-ADA", elsewhere.code)),))
        error = refused(load, file, agency)
        assert error.code == "unknown_unit"
        assert (
            "TIDAK-ADA" in error.detail
            and elsewhere.code in error.detail
            and section.code not in error.detail
        )
        assert not Scheme.objects.exists()

    def test_a_region_without_an_office_is_refused_by_name(self, agency):
        site = make.make_site(agency)
        site.region = "31.74.02"
        site.save()
        assert load(a_file(phases=(a_phase(regions=("31.74",)),)), agency).phases.get().regions == ["31.74"]
        error = refused(load, a_file(phases=(a_phase(regions=("31.7", "32")),)), agency)
        assert error.code == "unknown_region" and "31.7, 32" in error.detail

    def test_only_a_unit_with_a_parent_is_counted_with_it(self, agency):
        bureau = make.make_unit(agency)
        section = make.make_unit(agency, parent=bureau)
        scheme = load(a_file(poolings=(PoolingFile(section.code, "Nota 7"),)), agency)
        assert scheme.poolings.get().unit == section
        error = refused(load, a_file(poolings=(PoolingFile(bureau.code, "Nota 7"),)), agency)
        assert error.code == "no_parent_unit"

    def test_a_national_file_and_an_agency_do_not_go_together_and_the_other_way(self, agency):
        assert refused(load, a_file(national=True), agency).code == "scheme_is_national"
        assert refused(load, a_file(), None).code == "agency_missing"
        assert load(a_file(national=True), None).agency is None

    def test_a_document_is_shared_but_must_say_the_same(self, agency):
        one = load(a_file(), agency)
        two = load(a_file(code="setwan"), agency)
        assert one.legal_basis == two.legal_basis
        other = a_file(60, document=replace(DOCUMENT, title="Lain"))
        assert refused(load, other, agency).code == "document_differs"

    @pytest.mark.parametrize(
        ("file", "code"),
        [
            (a_file(phases=()), "phase_missing"),
            (a_file(phases=(a_phase(caps=()),)), "phase_without_cap"),
            (a_file(phases=(a_phase(50), a_phase(75))), "overlapping_phase"),
            (a_file(phases=(a_phase(ends=FIRST - timedelta(days=1)),)), "period_out_of_order"),
        ],
    )
    def test_a_file_that_does_not_hold_together_is_refused(self, agency, file, code):
        assert refused(load, file, agency).code == code
        assert not Scheme.objects.exists()

    @pytest.mark.parametrize("path", reader.shipped(), ids=lambda path: path.stem)
    def test_every_shipped_file_is_stored_and_read_back_without_loss(self, agency, path):
        make.make_unit(agency, "Sekretariat DPRD").__class__.objects.update(code="SETWAN")
        file = reader.read(path).file
        scheme = load(file, None if file.national else agency)
        assert rows.file_of(scheme) == rows.as_stored(file)
        assert checks.problems(rows.file_of(scheme)) == []


class TestActivating:
    def test_the_first_version_holds_on_the_dates_of_its_phases(self, agency):
        scheme = enact(a_file(), agency)
        assert (scheme.status, scheme.first_day, scheme.activated_at) == ("active", None, NOW)
        days = [FIRST - timedelta(days=1), FIRST, LAST, LAST + timedelta(days=1)]
        assert [percent_on(agency, day) for day in days] == [None, 50, 50, None]

    def test_a_first_day_within_the_phases_lets_it_hold_from_then_on(self, agency):
        enact(a_file(), agency, first_day=date(2023, 8, 28))
        assert [percent_on(agency, date(2023, 8, day)) for day in (27, 28)] == [None, 50]

    def test_without_a_document_it_is_refused(self, agency):
        draft = load(a_file(document=replace(DOCUMENT, number=None)), agency)
        assert draft.legal_basis is None
        assert refused(activate, draft).code == "document_missing"
        draft.refresh_from_db()
        assert draft.status == "draft"

    def test_only_a_draft_is_activated(self, agency):
        scheme = enact(a_file(), agency)
        assert refused(activate, scheme).code == "not_a_draft"
        ended = enactment.revoke(scheme, last_day=LAST, by=None, now=NOW, reason="Selesai")
        assert refused(activate, ended).code == "not_a_draft"

    def test_a_draft_that_somebody_spoilt_by_hand_is_refused(self, agency):
        draft = load(a_file(), agency)
        phase = draft.phases.get()
        Cap.objects.create(phase=phase, measure="wfo", bound="max", percent=10)
        assert refused(activate, draft).code == "contradictory_caps"
        phase.caps.filter(measure="wfo").delete()
        make.make_phase(draft, FIRST, LAST, 75)
        assert refused(activate, draft).code == "overlapping_phase"

    def test_the_next_version_ends_the_one_before_the_day_before(self, agency):
        first = enact(a_file(50), agency)
        second = enact(a_file(75), agency, first_day=date(2023, 9, 11))
        first.refresh_from_db()
        assert (first.status, first.last_day) == ("replaced", date(2023, 9, 10))
        assert (second.status, second.first_day, second.last_day) == ("active", date(2023, 9, 11), None)
        assert [percent_on(agency, date(2023, 9, day)) for day in (10, 11)] == [50, 75]

    def test_the_next_version_begins_today_if_nothing_is_said(self, agency):
        enact(a_file(50), agency)
        evening = make.wib("23:30", date(2023, 9, 11))  # still the 11th in Jakarta
        assert enact(a_file(75), agency, now=evening).first_day == date(2023, 9, 11)
        early = make.wib("01:00", date(2023, 9, 20))  # the 19th in UTC
        assert enact(a_file(60), agency, now=early).first_day == date(2023, 9, 20)

    def test_last_week_is_still_judged_by_the_version_of_last_week(self, agency):
        """An extension of 50 % beyond its end, a month after it began."""
        enact(a_file(50, phases=(a_phase(50, ends=date(2023, 9, 20)),)), agency)
        assert percent_on(agency, date(2023, 9, 21)) is None
        enact(a_file(50), agency, first_day=date(2023, 9, 15))
        assert [percent_on(agency, date(2023, 9, day)) for day in (14, 15, 21)] == [50, 50, 50]
        assert Scheme.objects.filter(code="uji").count() == 2

    def test_a_version_from_an_earlier_day_leaves_no_day_with_two_versions(self, agency):
        for percent, first_day in ((40, None), (50, date(2023, 9, 11)), (60, date(2023, 9, 4))):
            enact(a_file(percent), agency, first_day=first_day)
        day = FIRST
        while day <= LAST:
            assert Phase.objects.touching(day, day).count() == 1, day
            day += timedelta(days=1)
        assert [percent_on(agency, date(2023, 9, day)) for day in (3, 4, 11)] == [40, 60, 60]

    def test_a_draft_never_holds_beside_an_active_version(self, agency):
        enact(a_file(50), agency)
        load(a_file(75), agency)
        assert percent_on(agency, FIRST) == 50

    def test_closed_days_keep_the_version_under_which_they_were_closed(self, agency):
        enact(a_file(50), agency)
        Agency.objects.update(closed_until=date(2023, 8, 31))
        draft = load(a_file(75), agency)
        assert refused(activate, draft, first_day=date(2023, 8, 31)).code == "period_closed"
        assert activate(draft, first_day=date(2023, 9, 1)).status == "active"

    def test_a_scheme_of_closed_days_only_cannot_begin(self, agency):
        Agency.objects.update(closed_until=FIRST)
        assert refused(activate, load(a_file(), agency)).code == "period_closed"

    def test_the_shorter_phase_decides_and_the_longer_one_is_back_after_it(self, agency):
        summit = a_phase(75, date(2023, 9, 4), date(2023, 9, 7), name="KTT")
        enact(a_file(phases=(a_phase(50), summit)), agency)
        found = [percent_on(agency, date(2023, 9, day)) for day in (3, 4, 7, 8)]
        assert found == [50, 75, 75, 50]


class TestRevoking:
    def test_revoked_early_it_holds_to_its_last_day(self, agency):
        scheme = enact(a_file(), agency)
        revoked = enactment.revoke(
            scheme, last_day=date(2023, 9, 8), by=None, now=NOW, reason="Udara membaik"
        )
        assert (revoked.status, revoked.last_day) == ("revoked", date(2023, 9, 8))
        assert [percent_on(agency, date(2023, 9, day)) for day in (8, 9)] == [50, None]

    def test_only_what_is_active_is_revoked_and_with_a_reason(self, agency):
        draft = load(a_file(), agency)
        assert (
            refused(enactment.revoke, draft, last_day=LAST, by=None, now=NOW, reason="x").code == "not_active"
        )
        active = activate(draft)
        error = refused(enactment.revoke, active, last_day=LAST, by=None, now=NOW, reason=" ")
        assert error.code == "reason_missing"

    def test_closed_days_stay_as_they_were(self, agency):
        scheme = enact(a_file(), agency)
        Agency.objects.update(closed_until=date(2023, 8, 31))
        error = refused(enactment.revoke, scheme, last_day=date(2023, 8, 30), by=None, now=NOW, reason="x")
        assert error.code == "period_closed"
        assert enactment.revoke(scheme, last_day=date(2023, 8, 31), by=None, now=NOW, reason="x")

    def test_what_follows_on_a_revocation_cuts_what_was_to_run_out_later(self, agency):
        scheme = enact(a_file(50), agency)
        enactment.revoke(scheme, last_day=date(2023, 9, 29), by=None, now=NOW, reason="Diubah")
        enact(a_file(75), agency, first_day=date(2023, 9, 11))
        scheme.refresh_from_db()
        assert (scheme.status, scheme.last_day) == ("revoked", date(2023, 9, 10))

    def test_a_plan_that_the_revocation_left_without_a_scheme_is_an_office_day_again(self, cast):
        assert allowances.allowance(cast.section, date(2023, 9, 11)) is not None
        enactment.revoke(cast.scheme, last_day=date(2023, 9, 8), by=cast.eko.user, now=NOW, reason="Selesai")
        assert allowances.allowance(cast.section, date(2023, 9, 8)) is not None
        assert allowances.allowance(cast.section, date(2023, 9, 11)) is None


def test_who_did_what_when_and_why_is_kept(agency):
    user = make.User.objects.create_user("sekda", make.PASSWORD)
    scheme = activate(load(a_file(), agency, by=user), by=user)
    enactment.revoke(scheme, last_day=LAST, by=None, now=NOW, reason="Udara membaik")
    told = scheme.changes.values_list("what", "changed_by__username", "changed_at", "reason")
    assert list(told) == [
        ("loaded", "sekda", NOW, ""),
        ("activated", "sekda", NOW, ""),
        ("revoked", None, NOW, "Udara membaik"),
    ]


def test_a_phase_is_as_specific_as_its_own_dates_whatever_days_its_version_has(agency):
    """Check-in and plan ask the same: the 75 % of 4-7 September decide in a version that begins on the 5th."""
    unit = make.make_unit(agency, "Seksi")
    person = make.make_employee(unit, make.make_site(agency))
    scheme = make.make_scheme(agency)
    make.make_phase(scheme, date(2023, 9, 4), date(2023, 9, 7), 75)
    scheme.first_day, scheme.last_day = date(2023, 9, 5), date(2023, 9, 7)
    scheme.save()
    for day, decides in ((4, None), (5, "75"), (6, "75"), (7, "75"), (8, None)):
        when = date(2023, 9, day)
        planned = allowances.allowance(unit, when)
        expected = roster.expectation(person.pk, when, make.wib("07:00", when)).expectation
        assert (planned is not None) == (decides is not None) and (decides or "") in expected.phase
        assert expected.phase == (planned.rules.terms.phase if planned else "")


class TestHoursAndDress:
    FILE = reader.read(reader.find("dki-2020-se-38")).file

    def adopt(self, agency: Agency, file: SchemeFile = FILE) -> int:
        return enactment.adopt_patterns(file, agency=agency, by=None, now=NOW)

    def test_the_two_shifts_of_2020_become_the_agencys(self, agency):
        assert self.adopt(agency) == 4
        friday = WorkingHours.objects.get(agency=agency, code="sif-2", weekdays=[5])
        assert f"{friday}" == "Sif kedua, Jumat 09.00–18.00"
        assert (f"{friday.in_opens}", f"{friday.out_closes}") == ("08:00:00", "21:00:00")

    def test_what_is_there_already_is_not_written_again(self, agency):
        self.adopt(agency)
        assert self.adopt(agency) == 0
        other = make.make_agency("tangsel")
        assert self.adopt(other) == 4

    def test_dress_comes_with_its_weekdays(self, agency):
        file = reader.read(reader.find("dki-2023-se-34")).file
        assert self.adopt(agency, file) == 5
        worn = DressCode.objects.filter(agency=agency, starts=FIRST).values_list("weekdays", "dress")
        assert dict((tuple(days), dress) for days, dress in worn)[(5,)] == "Baju sadariah"

    def test_closed_days_get_no_other_hours(self, agency):
        Agency.objects.update(closed_until=date(2020, 6, 30))
        assert refused(self.adopt, agency).code == "period_closed"
        assert not WorkingHours.objects.filter(code__startswith="sif").exists()

    def test_an_unknown_unit_is_refused(self, agency):
        (one, *_) = self.FILE.hours
        file = replace(self.FILE, hours=(replace(one, unit="TIDAK-ADA"),))
        assert refused(self.adopt, agency, file).code == "unknown_unit"


class TestTheCommands:
    def run(self, name: str, *args: str) -> str:
        out = StringIO()
        call_command(name, *args, stdout=out)
        return out.getvalue()

    def stopped(self, name: str, *args: str) -> str:
        with pytest.raises(CommandError) as caught:
            self.run(name, *args)
        return str(caught.value)

    def test_load_scheme_loads_a_bare_name_and_says_when_nothing_changed(self, agency):
        assert "versi 1 dimuat sebagai rancangan" in self.run(
            "load_scheme", "dki-2023-se-34", f"--agency={agency.code}"
        )
        again = self.run("load_scheme", "dki-2023-se-34", f"--agency={agency.code}")
        assert "versi 1 sudah ada dan tidak berubah" in again and "5 ketentuan" in again
        assert not WorkingHours.objects.filter(code="wfh").exists()

    def test_activated_by_the_command_it_holds_with_its_hours(self, agency):
        told = self.run("load_scheme", "dki-2023-se-34", f"--agency={agency.code}", "--activate")
        assert "Versi 1 diberlakukan menurut tanggal tahapnya." in told and "5 ketentuan" in told
        assert percent_on(agency, date(2023, 9, 4)) == 75
        assert WorkingHours.objects.filter(code="wfh").exists()
        assert "Versi 1 sudah berlaku." in self.run(
            "load_scheme", "dki-2023-se-34", f"--agency={agency.code}", "--activate"
        )

    def test_a_first_day_can_be_given(self, agency):
        args = ["dki-2023-se-34", f"--agency={agency.code}", "--activate", "--first-day=2023-08-28"]
        assert "diberlakukan mulai 2023-08-28." in self.run("load_scheme", *args)
        assert Scheme.objects.get().first_day == date(2023, 8, 28)

    def test_a_draft_without_a_number_stays_one_and_nothing_else_is_written(self, agency):
        said = self.stopped("load_scheme", "tangsel-2023", f"--agency={agency.code}", "--activate")
        assert "document_missing" in said and not Scheme.objects.exists()
        self.run("load_scheme", "tangsel-2023", f"--agency={agency.code}")
        assert Scheme.objects.get().status == "draft"

    def test_a_national_file_needs_no_agency(self):
        assert "diberlakukan" in self.run("load_scheme", "menpanrb-2023-se-17", "--activate")
        assert Scheme.objects.get().agency is None

    @pytest.mark.parametrize(
        ("args", "said"),
        [
            (["tidak-ada"], "Yang tersedia: banten-2023"),
            (["dki-2023-se-34", "--agency=tidak-ada"], "Instansi tidak-ada tidak dikenal."),
            (["dki-2023-se-34"], "agency_missing"),
            (["setwan-dki-2023", "--agency=pemprov-dki"], "SETWAN"),
            (["dki-2023-se-34", "--agency=pemprov-dki", "--first-day=2023-08-28"], "--activate"),
        ],
    )
    def test_what_cannot_be_loaded_is_said_and_nothing_is_stored(self, agency, args, said):
        assert said in self.stopped("load_scheme", *args)
        assert not Scheme.objects.exists()

    def test_a_file_with_problems_is_not_loaded(self, agency, tmp_path):
        path = tmp_path / "bad.toml"
        path.write_text('code = "x"\nnama = "X"\n')
        said = self.stopped("load_scheme", str(path), f"--agency={agency.code}")
        assert "- nama, baris 2: Kunci ini tidak dikenal." in said and "(phase_missing)" in said
        path.write_text('code = "x"\nname = "X"\n[[phases]]\nname = "Y"\nstarts = 2023-08-21\n')
        assert "- phases[0], baris 3: Tahap tanpa batas" in self.stopped(
            "load_scheme", str(path), "--agency=x"
        )

    def test_check_scheme_tells_it_and_lists_what_is_missing(self):
        told = self.run("check_scheme", "tangsel-2023")
        assert told.startswith("“SE Wali Kota Tangerang Selatan” adalah skema kerja hibrida")
        assert "Yang belum ada:\n- Nomor, judul, dan tanggal dokumen" in told
        assert told.endswith("Yang salah:\n- Tidak ada.\n")

    def test_check_scheme_names_the_places_of_problems_and_fails(self, tmp_path):
        path = tmp_path / "bad.toml"
        path.write_text('code = "x"\nname = "X"\n[[phases]]\nname = "Y"\nstarts = 2023-08-21\n')
        out = StringIO()
        with pytest.raises(CommandError, match="1 hal harus diperbaiki"):
            call_command("check_scheme", str(path), stdout=out)
        assert "- phases[0], baris 3: Tahap tanpa batas" in out.getvalue()

    def test_check_scheme_of_what_cannot_be_read_tells_only_what_is_wrong(self, tmp_path):
        path = tmp_path / "bad.toml"
        path.write_text("code = \n")
        out = StringIO()
        with pytest.raises(CommandError):
            call_command("check_scheme", str(path), stdout=out)
        assert out.getvalue().startswith("\nYang salah:\n- baris 1: Bukan TOML yang sah")

    def test_check_scheme_beside_an_agency_tells_what_else_holds_and_what_is_unknown(self, agency):
        enact(a_file(phases=(a_phase(50),)), agency)
        enact(a_file(national=True, phases=(a_phase(40, FIRST, FIRST, name="Satu hari"),)), None)
        enact(a_file(code="lama", phases=(a_phase(50, date(2020, 1, 1), date(2020, 1, 2)),)), agency)
        out = StringIO()
        with pytest.raises(CommandError):
            call_command("check_scheme", "setwan-dki-2023", "--agency", agency.code, stdout=out)
        told = out.getvalue()
        assert "Yang menentukan adalah “Masa uji coba di Sekretariat DPRD”, karena berlaku khusus" in told
        assert "“SE Uji, Satu hari” bersifat nasional dan hanya memberi peringatan." in told
        assert "berkas: Kode unit kerja tidak dikenal: SETWAN. (unknown_unit)" in told
        assert (
            told.count("sama-sama berlaku") == 4
        )  # its own two phases, two with the agency's, one of them national

    def test_check_scheme_needs_no_database(self, monkeypatch):
        def away(*args, **kwargs):
            raise AssertionError("the database was asked")

        monkeypatch.setattr("django.db.backends.utils.CursorWrapper.execute", away)
        assert "Tahap 1" in self.run("check_scheme", "dki-2023-se-34")


# -- The values of files and the models agree --


def test_what_holds_unless_a_file_says_otherwise_is_what_the_model_says():
    for name in values.OPTIONAL:
        if name == "national":
            continue
        default = Scheme._meta.get_field(name).get_default()
        stated = getattr(values.DEFAULTS, name)
        assert (list(stated) if isinstance(stated, tuple) else stated) == default, name


def test_the_words_of_files_are_those_of_the_models():
    assert set(values.KINDS) == set(dict(Employee._meta.get_field("kind").choices))
    assert set(values.CATEGORIES) == set(ServiceCategory.values)
    assert set(values.ABSENCES) == set(Absence.Kind.values)
    assert set(values.DENOMINATORS) == set(Cap.Denominator.values)
    assert set(values.WINDOW_MODES) == set(Scheme.WindowMode.values)
    assert set(values.SIGNATURES) == set(Scheme.Signatures.values)
    assert set(values.MOCK_POLICIES) == set(Scheme.MockPolicy.values)


def test_every_problem_of_a_scheme_has_a_sentence_and_stands_in_the_docs():
    root = Path(__file__).resolve().parents[2]
    source = (root / "policy/schemes/checks.py").read_text()
    assert set(re.findall(r'Problem\(\s*"(\w+)"', source)) == set(checks.CODES)
    pages = (root / "docs/schemes.md").read_text(), (root / "docs/api.md").read_text()
    for code in checks.CODES:
        assert code in SENTENCES and all(f"`{code}`" in page for page in pages), code


@pytest.mark.django_db(transaction=True)
def test_two_activations_at_once_leave_one_version_active_and_no_day_with_two():
    agency = make.make_agency()
    drafts = [load(a_file(percent), agency).pk for percent in (20, 30, 40, 50)]

    def work(pk: int) -> str:
        activate(Scheme.objects.get(pk=pk), first_day=FIRST)
        return "activated"

    assert race(work, drafts) == ["activated"] * 4
    assert Scheme.objects.filter(status="active").count() == 1
    assert Scheme.objects.filter(status="replaced").count() == 3
    assert Phase.objects.touching(FIRST, LAST).filter(scheme__last_day__isnull=True).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_national_activations_at_once_leave_one_version_active():
    drafts = [load(a_file(percent, national=True), None).pk for percent in (20, 30, 40, 50)]
    assert race(lambda pk: activate(Scheme.objects.get(pk=pk)).status, drafts) == ["active"] * 4
    assert Scheme.objects.filter(status="active").count() == 1


@pytest.mark.django_db(transaction=True)
def test_loads_at_once_number_their_versions_one_after_the_other():
    agency = make.make_agency()
    race(lambda percent: load(a_file(percent), Agency.objects.get()).version, [10, 20, 30, 40])
    assert sorted(Scheme.objects.filter(agency=agency).values_list("version", flat=True)) == [1, 2, 3, 4]
    assert LegalBasis.objects.count() == 1


def test_days_closed_already_lose_no_version_to_one_whose_phases_begin_later(agency):
    enact(a_file(), agency)
    agency.closed_until = date(2023, 8, 31)
    agency.save()
    later = load(a_file(phases=(a_phase(50, date(2023, 9, 10)),)), agency)
    assert refused(activate, later, first_day=date(2023, 8, 25)).code == "period_closed"
    assert activate(later, first_day=date(2023, 9, 1)).first_day == date(2023, 9, 1)
