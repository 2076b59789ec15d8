"""Leave, sickness and official travel: who asks, who decides, and what never happens twice; recalls to the office."""

from __future__ import annotations

import time
from datetime import date, timedelta

import pytest
from django.db import transaction

from policy import absences, calendars
from policy.errors import DomainError
from policy.models import Absence, Posting, Recall, RoleGrant
from policy.papers import MOST_BYTES, clean_name
from policy.roster import expectation
from policy.scope import scope_of
from tests.make import MONDAY, make_employee, make_rota, wib
from tests.test_races import race

pytestmark = pytest.mark.django_db

NOW = wib("09:00")
FRIDAY = date(2023, 8, 25)
PDF = b"%PDF-1.7 surat keterangan dokter"
KINDS = list(Absence.Kind.values)
FOR_HR = ["study_assignment", "seconded", "suspended"]


def ask(person, kind="annual_leave", starts=MONDAY, ends=FRIDAY, by=None, now=NOW):
    by = by or person.user
    return absences.request(
        person, kind=kind, starts=starts, ends=ends, document="851/CT/2023", note="", by=by, now=now
    )


def granted(person, by, **period):
    return absences.approve(ask(person, **period), by=by.user, now=NOW)


def refusal(call, *args, **named) -> str:
    with pytest.raises(DomainError) as refused:
        call(*args, **named)
    return refused.value.code


def mode(person, day=MONDAY) -> tuple[str, str, str]:
    plan = expectation(person.pk, day, NOW).expectation
    return plan.mode, plan.why, plan.why_detail


# Requests and decisions


def test_a_request_changes_nothing_until_somebody_approves(cast):
    request = ask(cast.ani)
    assert (request.status, request.requested_by, request.requested_at) == ("proposed", cast.ani.user, NOW)
    assert mode(cast.ani)[0] == "wfh"
    absences.approve(request, by=cast.citra.user, now=NOW)
    assert mode(cast.ani) == ("leave", "on_leave", "annual_leave")
    assert mode(cast.ani, FRIDAY)[0] == "leave"


def test_approved_travel_takes_every_place_away(cast):
    granted(cast.ani, cast.citra, kind="travel")
    assert mode(cast.ani)[0] == "travel"


def test_a_refusal_needs_a_note_and_leaves_the_day(cast):
    request = ask(cast.ani)
    assert refusal(absences.reject, request, by=cast.citra.user, now=NOW, note="  ") == "note_missing"
    refused = absences.reject(request, by=cast.citra.user, now=NOW, note="Mohon ditunda.")
    assert (refused.status, refused.decision_note) == ("rejected", "Mohon ditunda.")
    assert mode(cast.ani)[0] == "wfh"


def test_nobody_decides_on_his_own(cast):
    request = ask(cast.citra)
    assert refusal(absences.approve, request, by=cast.citra.user, now=NOW) == "own_absence"
    assert refusal(absences.reject, request, by=cast.citra.user, now=NOW, note="x") == "own_absence"


def test_what_is_decided_is_decided(cast):
    request = ask(cast.ani)
    absences.approve(request, by=cast.citra.user, now=NOW)
    assert refusal(absences.reject, request, by=cast.eko.user, now=NOW, note="x") == "already_decided"


@pytest.mark.parametrize(
    ("starts", "ends", "fits"),
    [
        (FRIDAY, FRIDAY, False),
        (MONDAY - timedelta(days=7), MONDAY, False),
        (MONDAY - timedelta(days=7), FRIDAY + timedelta(days=7), False),
        (MONDAY + timedelta(days=1), MONDAY + timedelta(days=2), False),
        (MONDAY - timedelta(days=7), MONDAY - timedelta(days=1), True),
        (FRIDAY + timedelta(days=1), FRIDAY + timedelta(days=3), True),
    ],
)
def test_no_day_has_two_approved_absences(cast, starts, ends, fits):
    """Monday to Friday is taken. A refused or cancelled one takes nothing."""
    early = ask(cast.ani, starts=starts, ends=ends)
    granted(cast.ani, cast.citra)
    if fits:
        assert absences.approve(early, by=cast.citra.user, now=NOW).status == "approved"
    else:
        assert refusal(absences.approve, early, by=cast.citra.user, now=NOW) == "overlapping_absence"
        assert refusal(ask, cast.ani, starts=starts, ends=ends) == "overlapping_absence"
        assert ask(cast.bayu, starts=starts, ends=ends).status == "proposed"


def test_an_absence_without_an_end_takes_every_later_day(cast):
    Absence.objects.create(
        employee=cast.ani, kind="suspended", starts=MONDAY, status="approved", decided_by=cast.eko.user
    )
    later = date(2030, 1, 1)
    assert refusal(ask, cast.ani, starts=later, ends=later) == "overlapping_absence"


@pytest.mark.parametrize(
    ("starts", "ends"),
    [
        (FRIDAY, MONDAY),
        (date(1999, 12, 31), MONDAY),
        (MONDAY, date(2028, 9, 1)),
        (date(2100, 12, 31), date(2101, 1, 1)),
    ],
)
def test_a_period_that_cannot_be_is_refused(cast, starts, ends):
    assert refusal(ask, cast.ani, starts=starts, ends=ends) == "absence_period"
    assert Absence.objects.count() == 0


@pytest.mark.parametrize("kind", FOR_HR)
def test_what_the_agency_decides_about_a_person_is_recorded_and_decided_by_hr(cast, kind):
    assert refusal(ask, cast.ani, kind=kind) == "hr_only"
    assert refusal(ask, cast.ani, kind=kind, by=cast.dewi.user) == "hr_only"
    assert refusal(ask, cast.ani, kind=kind, by=cast.hasan.user) == "hr_only"
    request = ask(cast.ani, kind=kind, by=cast.eko.user)
    assert refusal(absences.approve, request, by=cast.citra.user, now=NOW) == "hr_only"
    assert refusal(absences.cancel, request, by=cast.ani.user, now=NOW) == "hr_only"
    assert absences.approve(request, by=cast.eko.user, now=NOW).status == "approved"


def test_closed_days_do_not_change(cast):
    request = ask(cast.ani, starts=date(2023, 8, 14), ends=FRIDAY)
    leave = granted(cast.bayu, cast.citra, starts=date(2023, 8, 14))
    calendars.close(cast.dki, date(2023, 8, 18), by=cast.eko.user, now=NOW)
    assert refusal(ask, cast.ani, starts=date(2023, 8, 18)) == "period_closed"
    assert refusal(absences.approve, request, by=cast.citra.user, now=NOW) == "period_closed"
    assert refusal(absences.cancel, leave, by=cast.eko.user, now=NOW, note="x") == "period_closed"
    assert absences.reject(request, by=cast.citra.user, now=NOW, note="Terlambat.").status == "rejected"
    assert ask(cast.ani, starts=date(2023, 8, 19)).status == "proposed"


# Cancelling and coming back early


def test_who_asked_cancels_before_it_begins_and_the_row_stays(cast):
    tomorrow = MONDAY + timedelta(days=1)
    leave = granted(cast.ani, cast.citra, starts=tomorrow)
    cancelled = absences.cancel(leave, by=cast.ani.user, now=NOW)
    assert Absence.objects.get().status == "cancelled" and mode(cast.ani, tomorrow)[0] == "wfh"
    assert "Sebelumnya disetujui s.d. 25-08-2023 oleh Citra pada 21-08-2023" in cancelled.decision_note
    assert refusal(absences.cancel, cancelled, by=cast.ani.user, now=NOW) == "already_decided"


def test_what_has_begun_is_cancelled_by_hr_with_a_note(cast):
    leave = granted(cast.ani, cast.citra)
    assert refusal(absences.cancel, leave, by=cast.ani.user, now=NOW) == "already_begun"
    assert refusal(absences.cancel, leave, by=cast.eko.user, now=NOW) == "note_missing"
    assert absences.cancel(leave, by=cast.eko.user, now=NOW, note="Batal cuti.").status == "cancelled"
    assert mode(cast.ani)[0] == "wfh"


def test_hr_does_not_cancel_his_own_once_it_has_begun(cast):
    leave = granted(cast.eko, cast.indra)
    assert refusal(absences.cancel, leave, by=cast.eko.user, now=NOW, note="x") == "already_begun"


def test_hr_ends_a_leave_early_even_where_its_first_days_are_closed(cast):
    leave = granted(cast.ani, cast.citra, starts=date(2023, 8, 14))
    calendars.close(cast.dki, date(2023, 8, 18), by=cast.eko.user, now=NOW)
    for ends, code in [
        (date(2023, 8, 17), "period_closed"),
        (FRIDAY, "absence_period"),
        (date(2023, 8, 26), "absence_period"),
    ]:
        assert refusal(absences.shorten, leave, ends, by=cast.eko.user, now=NOW, note="x") == code
    absences.shorten(leave, MONDAY, by=cast.eko.user, now=NOW, note="Dipanggil kembali.")
    assert mode(cast.ani)[0] == "leave" and mode(cast.ani, FRIDAY)[0] == "wfh"
    note = Absence.objects.get().decision_note
    assert note.startswith("Dipanggil kembali. (Sebelumnya disetujui s.d. 25-08-2023 oleh Citra")


def test_only_hr_ends_a_leave_early_and_never_his_own(cast):
    leave, own = granted(cast.ani, cast.citra), granted(cast.eko, cast.indra)
    assert refusal(absences.shorten, leave, MONDAY, by=cast.citra.user, now=NOW, note="x") == "hr_only"
    assert refusal(absences.shorten, own, MONDAY, by=cast.eko.user, now=NOW, note="x") == "own_absence"
    assert refusal(absences.shorten, leave, MONDAY, by=cast.eko.user, now=NOW, note=" ") == "note_missing"
    waiting = ask(cast.bayu)
    code = refusal(absences.shorten, waiting, MONDAY, by=cast.eko.user, now=NOW, note="x")
    assert code == "already_decided"


# Papers


def attach(absence, content=PDF, name="surat.pdf"):
    return absences.attach(absence, name=name, content=content, by=absence.requested_by, now=NOW)


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (PDF, "application/pdf"),
        (b"\xff\xd8\xff\xe0 foto", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n foto", "image/png"),
    ],
)
def test_a_paper_is_what_its_first_bytes_say(cast, content, content_type):
    paper = attach(ask(cast.ani), content, "surat.exe")
    assert (paper.content_type, bytes(paper.content), len(paper.sha256)) == (content_type, content, 64)
    assert paper.name.startswith("surat") and not paper.name.endswith(".exe")


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04", b"<html>%PDF-", b" %PDF-1.7", b"GIF89a", b"\xff\xd8"]
)
def test_other_files_are_refused(cast, content):
    assert refusal(attach, ask(cast.ani), content) == "paper_not_readable"


def test_a_paper_has_at_most_five_megabytes(cast):
    request = ask(cast.ani)
    assert refusal(attach, request, PDF.ljust(MOST_BYTES + 1)) == "paper_too_large"
    assert attach(request, PDF.ljust(MOST_BYTES)).pk


def test_a_request_has_at_most_ten_papers_and_the_same_file_is_one(cast):
    request = ask(cast.ani)
    for n in range(10):
        attach(request, PDF + bytes([n]))
    assert attach(request, PDF + bytes([9])).pk and request.papers.count() == 10
    assert refusal(attach, request, PDF + b"x") == "too_many_papers"


def test_a_doctors_letter_may_follow_the_approval_and_not_the_refusal(cast):
    leave = granted(cast.ani, cast.citra, kind="sick")
    assert attach(leave).pk
    refused = absences.reject(ask(cast.bayu), by=cast.citra.user, now=NOW, note="x")
    assert refusal(attach, refused) == "already_decided"


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("Surat Dokter (Ani).pdf", "Surat Dokter (Ani).pdf"),
        (r"C:\surat\..\SKD.PDF", "SKD.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ('a"b\r\nSet-Cookie: x.pdf', "a b Set-Cookie x.pdf"),
        ("<script>.html", "script .html.pdf"),
        ("", "berkas.pdf"),
        (".pdf", "berkas.pdf"),
        ("x" * 300 + ".pdf", "x" * 110 + ".pdf"),
    ],
)
def test_the_name_of_a_paper_is_safe_to_show(name, clean):
    assert clean_name(name, "pdf") == clean


# Who may do what

WHO = ["ani", "bayu", "citra", "head", "dewi", "indra", "eko", "fajar", "gita", "hasan", "joni"]


def those_who(may, row, cast, now=NOW) -> str:
    return " ".join(
        name for name in WHO if may(scope_of(getattr(getattr(cast, name), "user", cast.joni), now), row)
    )


@pytest.mark.parametrize(
    ("kind", "decide", "read"),
    [
        ("annual_leave", "citra dewi eko", set(WHO)),
        ("sick", "citra dewi eko", {"ani", "citra", "dewi", "eko"}),
        ("maternity_leave", "citra dewi eko", {"ani", "citra", "dewi", "eko"}),
        ("important_reason", "citra dewi eko", {"ani", "citra", "dewi", "eko"}),
        ("travel", "citra dewi eko", set(WHO)),
        ("suspended", "eko", set(WHO)),
    ],
)
def test_who_decides_on_anis_leave_and_who_reads_its_papers(cast, kind, decide, read):
    """Reading is asked only of who sees the row at all."""
    request = ask(cast.ani, kind=kind, by=cast.eko.user)
    assert those_who(absences.may_decide, request, cast) == decide
    assert set(those_who(absences.may_read_papers, request, cast).split()) == read


def test_who_stands_in_decides_for_as_long(cast):
    request = ask(cast.ani)
    cast.indra.deputations.create(superior=cast.citra, kind="plh", starts=MONDAY, ends=MONDAY)
    assert "indra" in those_who(absences.may_decide, request, cast)
    assert "indra" not in those_who(absences.may_decide, request, cast, NOW + timedelta(days=1))


def test_who_keeps_files_asks_and_cancels_on_behalf(cast):
    tomorrow = ask(cast.ani, starts=MONDAY + timedelta(days=1))
    assert those_who(absences.keeps_files, cast.ani, cast) == "dewi eko"
    assert those_who(absences.may_attach, tomorrow, cast) == "ani dewi eko"
    assert those_who(absences.may_cancel, tomorrow, cast) == "ani eko"
    assert those_who(absences.may_cancel, ask(cast.ani, by=cast.dewi.user), cast) == "eko"
    later = ask(cast.ani, starts=FRIDAY, by=cast.dewi.user)
    assert those_who(absences.may_cancel, later, cast) == "ani dewi eko"
    assert those_who(absences.may_shorten, tomorrow, cast) == "eko"


def test_nobody_decides_about_himself_in_any_seat(cast):
    for person in (cast.citra, cast.dewi, cast.eko):
        scope = scope_of(person.user, NOW)
        assert not absences.may_decide(scope, ask(person))
        assert not absences.may_recall(scope, person)


# Recalls


def recall(person, text="10:00", by=None, day=MONDAY, now=NOW, reason="Rapat mendadak."):
    return absences.recall(person, at=wib(text, day), reason=reason, by=by, now=now)


def test_from_the_minute_of_the_recall_the_day_is_at_the_office(cast):
    recall(cast.ani, by=cast.citra.user)
    seen = [expectation(cast.ani.pk, MONDAY, wib(text)).expectation for text in ("09:59", "10:00")]
    assert [(plan.mode, plan.why) for plan in seen] == [("wfh", "published_rota"), ("wfo", "recalled")]


@pytest.mark.parametrize(
    ("case", "code"),
    [
        ("himself", "own_recall"),
        ("without a reason", "reason_missing"),
        ("six minutes ago", "recall_in_the_past"),
        ("somebody at the office", "not_home_based"),
        ("on leave", "not_home_based"),
        ("on a Saturday", "not_home_based"),
        ("without a posting", "not_home_based"),
        ("twice a day", "already_recalled"),
        ("twice, the first one having begun", "already_recalled"),
    ],
)
def test_a_recall_is_refused(cast, case, code):
    by, person, said = cast.citra.user, cast.ani, {}
    if case == "himself":
        by = cast.ani.user
    elif case == "without a reason":
        said = {"reason": " "}
    elif case == "six minutes ago":
        said = {"text": "08:54"}
    elif case == "somebody at the office":
        person = cast.bayu
    elif case == "on leave":
        granted(cast.ani, cast.citra)
    elif case == "on a Saturday":
        said = {"day": MONDAY + timedelta(days=5)}
    elif case == "without a posting":
        Posting.objects.filter(employee=cast.ani).update(ends=date(2023, 8, 1))
    else:
        recall(person, "09:00" if "begun" in case else "13:00", by=cast.eko.user)
    assert refusal(recall, person, by=by, **said) == code


def test_five_minutes_to_write_the_order_are_no_past(cast):
    assert recall(cast.ani, "08:55", by=cast.citra.user).date == MONDAY


def test_each_day_has_a_recall_of_its_own(cast):
    recall(cast.ani, by=cast.citra.user)
    tuesday = recall(cast.ani, by=cast.citra.user, day=MONDAY + timedelta(days=1))
    assert tuesday.date == date(2023, 8, 22) and Recall.objects.count() == 2


def test_the_superior_of_the_day_and_hr_recall(cast):
    assert those_who(absences.may_recall, cast.ani, cast) == "citra eko"
    cast.indra.deputations.create(superior=cast.citra, kind="plt", starts=MONDAY)
    assert those_who(absences.may_recall, cast.ani, cast) == "citra indra eko"


def test_after_a_transfer_the_new_superior_recalls(cast):
    tomorrow = MONDAY + timedelta(days=1)
    Posting.objects.filter(employee=cast.ani).update(ends=MONDAY)
    Posting.objects.create(
        employee=cast.ani,
        unit=cast.other,
        site=cast.office,
        position="A",
        superior=cast.head,
        starts=tomorrow,
    )
    assert those_who(absences.may_recall, cast.ani, cast) == "citra eko"
    assert those_who(absences.may_recall, cast.ani, cast, wib("09:00", tomorrow)) == "head eko"


def test_who_sees_a_recall(cast):
    recall(cast.ani, by=cast.eko.user)
    seen = {
        name: absences.recalls_seen(scope_of(getattr(cast, name).user, NOW)).count()
        for name in WHO
        if name != "joni"
    }
    assert {name for name, count in seen.items() if count} == {"ani", "citra", "dewi", "eko", "fajar"}


# Races


@pytest.mark.django_db(transaction=True)
def test_overlapping_requests_approved_at_once_leave_one(cast):
    waiting = [ask(cast.ani, starts=MONDAY + timedelta(days=n)).pk for n in range(5)]

    def approve(pk: int) -> str:
        try:
            absences.approve(Absence.objects.get(pk=pk), by=cast.eko.user, now=NOW)
        except DomainError as refused:
            return refused.code
        return "approved"

    assert sorted(race(approve, waiting)) == ["approved"] + ["overlapping_absence"] * 4
    assert Absence.objects.filter(status="approved").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_request_is_decided_once_by_two_who_decide_at_once(cast):
    request = ask(cast.ani).pk

    def go(what: str) -> str:
        row = Absence.objects.get(pk=request)
        if what == "reject":
            with transaction.atomic():
                absences.reject(row, by=cast.citra.user, now=NOW, note="x")
                time.sleep(0.6)
            return "rejected"
        time.sleep(0.2)
        return refusal(absences.approve, row, by=cast.eko.user, now=NOW)

    assert sorted(race(go, ["reject", "approve"])) == ["already_decided", "rejected"]
    assert Absence.objects.get().status == "rejected"


@pytest.mark.django_db(transaction=True)
def test_of_many_recalls_at_once_one_is_given(cast):
    def order(minute: int) -> str:
        try:
            recall(cast.ani, f"10:{minute:02}", by=cast.citra.user)
        except DomainError as refused:
            return refused.code
        return "recalled"

    assert sorted(race(order, list(range(6)))) == ["already_recalled"] * 5 + ["recalled"]


@pytest.mark.django_db(transaction=True)
def test_papers_sent_at_once_are_at_most_ten(cast):
    request = ask(cast.ani)
    for n in range(8):
        attach(request, PDF + bytes([n]))

    def send(n: int) -> str:
        try:
            attach(Absence.objects.get(pk=request.pk), PDF + b"x" + bytes([n]))
        except DomainError as refused:
            return refused.code
        return "kept"

    assert sorted(race(send, list(range(6)))) == ["kept"] * 2 + ["too_many_papers"] * 4


@pytest.mark.django_db(transaction=True)
def test_an_approval_waits_for_whoever_is_closing_days(cast):
    waiting = ask(cast.ani, starts=date(2023, 8, 14)).pk

    def go(what: str) -> str:
        if what == "close":
            with transaction.atomic():
                calendars.close(cast.dki, date(2023, 8, 18), by=cast.eko.user, now=NOW)
                time.sleep(0.6)
            return "closed"
        time.sleep(0.2)
        return refusal(absences.approve, Absence.objects.get(pk=waiting), by=cast.citra.user, now=NOW)

    assert sorted(race(go, ["close", "approve"])) == ["closed", "period_closed"]


def test_a_grant_that_ended_makes_no_hr(cast):
    RoleGrant.objects.filter(user=cast.eko.user).update(ends=date(2023, 8, 20))
    assert refusal(ask, cast.ani, kind="suspended", by=cast.eko.user) == "hr_only"


def test_a_published_rota_stays_when_somebody_goes_on_leave(cast):
    rota = make_rota(cast.section, {cast.bayu: "wfh"}, FRIDAY + timedelta(days=3))
    granted(cast.bayu, cast.citra, starts=FRIDAY, ends=FRIDAY + timedelta(days=5))
    assert rota.entries.filter(in_force=True).count() == 1
    assert mode(cast.bayu, FRIDAY + timedelta(days=3))[0] == "leave"


def test_a_newcomer_without_a_user_can_be_recorded_by_hr(cast):
    person = make_employee(cast.section, cast.office, "Baru", cast.citra)
    assert ask(person, kind="sick", by=cast.eko.user).requested_by == cast.eko.user
