"""The pages for leave, travel and recalls: who sees, records, decides and reads what."""

from __future__ import annotations

import logging
from datetime import date, timedelta
from urllib.parse import unquote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from attendance.models import Message
from policy import absences
from policy.models import Absence, AbsencePaper, Recall
from policy.papers import MOST_BYTES
from tests import make
from tests.make import MONDAY, wib
from tests.web.pages import STAFF, matrix, only, queries, shown, status_of, url
from tests.web.test_admin import desk, home, words

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7 surat keterangan dokter"
FRIDAY = MONDAY + timedelta(days=4)


def ask(person, kind="annual_leave", starts=MONDAY, ends=FRIDAY, by=None) -> Absence:
    return absences.request(
        person,
        kind=kind,
        starts=starts,
        ends=ends,
        document="851/CT/2023",
        note="Keperluan keluarga",
        by=by or person.user,
        now=wib("08:00"),
    )


# Who sees and decides


def test_who_sees_a_request_and_who_decides_on_it(staff):
    """404: not yours to see. 403: seen, and not yours to decide."""
    request = ask(staff.ani)
    page, decide = url("absence_change", request.pk), url("absence_decide", request.pk)
    sees = {"citra": 200, "head": 404, "dewi": 200, "indra": 404, "eko": 200, "fajar": 200, "hasan": 404}
    assert matrix(staff, "get", page) == sees | {"joni": 404}
    said = {"decision": "whatever"}
    decides = {"citra": 400, "head": 404, "dewi": 400, "indra": 404, "eko": 400, "fajar": 403, "hasan": 404}
    assert matrix(staff, "post", decide, said) == decides | {"joni": 404}
    assert set(matrix(staff, "get", decide).values()) == {405}
    request.refresh_from_db()
    assert request.status == "proposed"


@pytest.mark.parametrize("who", ["citra", "dewi", "eko"])
@pytest.mark.parametrize(
    ("decision", "note", "status"),
    [("approve", "", "approved"), ("reject", "Mohon ditunda.", "rejected"), ("reject", " ", "proposed")],
)
def test_a_decision_is_made_with_its_note(staff, who, decision, note, status):
    request, person = ask(staff.ani), getattr(staff, who)
    said = {"decision": decision, "note": note}
    text = words(desk(person).post(url("absence_decide", request.pk), said, follow=True).content.decode())
    request.refresh_from_db()
    assert request.status == status
    assert ("Mohon tuliskan alasan" in text) == (status == "proposed")
    assert status == "proposed" or request.decided_by == person.user


def test_nobody_decides_on_his_own(staff):
    for person in (staff.citra, staff.dewi, staff.eko):
        request = ask(person)
        said = {"decision": "approve"}
        assert status_of(desk(person), "post", url("absence_decide", request.pk), said) in (403, 404)
        request.refresh_from_db()
        assert request.status == "proposed"


def test_a_second_decision_and_an_overlap_are_sentences(staff):
    first, second = ask(staff.ani), ask(staff.ani, starts=FRIDAY)
    client = desk(staff.citra)
    for request, sentence in [(first, ""), (first, "sudah diputuskan"), (second, "sudah memiliki cuti")]:
        address = url("absence_decide", request.pk)
        text = words(client.post(address, {"decision": "approve"}, follow=True).content.decode())
        assert sentence in text
    assert Absence.objects.filter(status="approved").count() == 1


def test_the_home_page_names_what_waits_for_the_reader(staff):
    ask(staff.ani)
    ask(staff.gita)
    ask(staff.citra)
    seen = {
        name: "Cuti tahunan" in home(getattr(staff, name))
        for name in ("citra", "dewi", "eko", "fajar", "indra")
    }
    assert seen == {"citra": True, "dewi": True, "eko": True, "fajar": False, "indra": False}
    assert "Gita" not in home(staff.eko) and "Ani" in home(staff.citra)
    assert "Citra" not in home(staff.citra).split("menunggu keputusan")[1].split("</section>")[0]
    assert "Tidak ada cuti atau dinas luar yang menunggu" in words(home(staff.indra))


def test_what_waits_on_the_home_page_is_what_the_reader_may_decide(staff):
    rows = [
        ask(person, kind, by=staff.eko.user)
        for person in (staff.ani, staff.eko)
        for kind in ("sick", "travel")
    ]
    rows += [ask(staff.bayu, "suspended", by=staff.eko.user), ask(staff.gita)]
    for name in STAFF:
        if name == "joni":
            continue
        scope = absences.scope_of(getattr(staff, name).user, wib("09:00"))
        waits = set(absences.waiting_for(scope).values_list("pk", flat=True))
        assert waits == {row.pk for row in rows if absences.may_decide(scope, row)}, name


# Recording on behalf of somebody


def said(person, **changes) -> dict:
    body = {"employee": person.pk, "kind": "sick", "starts": "2023-08-21", "ends": "2023-08-23"}
    return body | {"document": "SKD 12", "note": "Demam"} | changes


def test_who_may_record_for_others(staff):
    assert matrix(staff, "get", url("absence_add")) == only(200, "dewi", "indra", "eko", "hasan")


def test_an_officer_records_for_somebody_of_his_units_and_the_superior_decides(staff):
    text = words(desk(staff.dewi).post(url("absence_add"), said(staff.ani), follow=True).content.decode())
    row = Absence.objects.get()
    assert (row.employee, row.status, row.requested_by, row.kind) == (
        staff.ani,
        "proposed",
        staff.dewi.user,
        "sick",
    )
    assert "Berkas pendukung dapat ditambahkan" in text and "Demam" in text


@pytest.mark.parametrize(
    ("who", "whom", "changes", "why"),
    [
        ("indra", "ani", {}, "tidak tersedia"),
        ("hasan", "ani", {}, "tidak tersedia"),
        ("dewi", "eko", {}, "tidak tersedia"),
        ("dewi", "ani", {"kind": "suspended"}, "tidak tersedia"),
        ("dewi", "ani", {"ends": "2023-08-20"}, "tidak sah"),
        ("dewi", "ani", {"starts": "1999-01-01"}, "2000 dan 2100"),
        ("dewi", "ani", {"starts": "kemarin"}, "tanggal yang benar"),
        ("dewi", "ani", {"employee": "999999999999"}, "tidak tersedia"),
        ("dewi", "ani", {"note": "a\x00b"}, "Null"),
    ],
)
def test_a_record_that_cannot_be_is_shown_again_with_the_reason(staff, who, whom, changes, why):
    answer = desk(getattr(staff, who)).post(url("absence_add"), said(getattr(staff, whom), **changes))
    assert answer.status_code == 200 and Absence.objects.count() == 0
    errors = [str(e) for problems in answer.context["form"].errors.values() for e in problems]
    assert len(errors) == 1 and (why in errors[0] or "null" in errors[0].lower()), errors


def test_a_superior_who_is_officer_elsewhere_records_for_no_one_of_his(staff):
    make.make_grant(staff.citra.user, "officer", staff.dki, staff.other)
    answer = desk(staff.citra).post(url("absence_add"), said(staff.ani))
    assert "tidak mengelola" in words(answer.content.decode()) and Absence.objects.count() == 0


def test_the_page_of_a_person_leads_to_the_form_with_his_name(staff):
    text = desk(staff.dewi).get(url("employee_change", staff.ani.pk)).content.decode()
    link = f"{url('absence_add')}?employee={staff.ani.pk}"
    assert link in text
    assert f"Ani ({staff.ani.nrk})" in desk(staff.dewi).get(link).content.decode()
    assert (
        url("absence_add") not in desk(staff.citra).get(url("employee_change", staff.ani.pk)).content.decode()
    )
    foreign = f"{url('absence_add')}?employee={staff.gita.pk}"
    assert "Gita" not in desk(staff.dewi).get(foreign).content.decode()


def test_hr_alone_is_offered_what_the_agency_decides(staff):
    for person, offered in [(staff.dewi, False), (staff.eko, True)]:
        assert ("Pemberhentian sementara" in desk(person).get(url("absence_add")).content.decode()) == offered


# Papers


def send(person, row, content=PDF, name="SKD Ani.pdf"):
    file = SimpleUploadedFile(name, content, "text/html")
    return desk(person).post(url("absence_attach", row.pk), {"paper": file}, follow=True)


@pytest.mark.parametrize(
    ("kind", "reads"),
    [
        ("sick", {"citra": 200, "dewi": 200, "eko": 200, "fajar": 403}),
        ("annual_leave", {"citra": 200, "dewi": 200, "eko": 200, "fajar": 200}),
    ],
)
def test_medical_papers_are_for_who_decides(staff, kind, reads):
    row = ask(staff.ani, kind)
    paper = absences.attach(row, name="SKD.pdf", content=PDF, by=staff.ani.user, now=wib("08:00"))
    address = url("absence_paper", row.pk, paper.pk)
    others = {"head": 404, "indra": 404, "hasan": 404, "joni": 404}
    assert matrix(staff, "get", address) == others | reads
    page = url("absence_change", row.pk)
    for name, status in reads.items():
        text = shown(getattr(staff, name), page)
        assert ("SKD.pdf" in text) == (status == 200) == ("Keperluan keluarga" in text)


def test_a_paper_is_a_download_that_no_page_shows_and_no_cache_keeps(staff):
    row = ask(staff.ani)
    send(staff.dewi, row)
    answer = desk(staff.citra).get(url("absence_paper", row.pk, AbsencePaper.objects.get().pk))
    assert answer.content == PDF and answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="SKD Ani.pdf"'
    assert "no-store" in answer["Cache-Control"] and answer["X-Content-Type-Options"] == "nosniff"


def test_a_name_with_accents_downloads_too(staff):
    row = ask(staff.ani)
    send(staff.dewi, row, name="Sürat.pdf")
    answer = desk(staff.citra).get(url("absence_paper", row.pk, AbsencePaper.objects.get().pk))
    assert "Sürat.pdf" in unquote(answer["Content-Disposition"])


def test_a_look_at_somebody_elses_paper_is_in_the_log_and_ones_own_is_not(staff, caplog):
    row = ask(staff.dewi)
    paper = absences.attach(row, name="a.pdf", content=PDF, by=staff.dewi.user, now=wib("08:00"))
    for person, lines in [(staff.dewi, 0), (staff.citra, 1)]:
        caplog.clear()
        with caplog.at_level(logging.INFO, "hadir.papers"):
            assert desk(person).get(url("absence_paper", row.pk, paper.pk)).status_code == 200
        assert [r.message for r in caplog.records if r.name == "hadir.papers"] == [
            f"paper {paper.pk} of absence {row.pk} was read by user {person.user.pk}"
        ] * lines


def test_a_paper_is_found_only_under_its_own_request(staff):
    medical, ordinary = ask(staff.ani, "sick"), ask(staff.bayu)
    paper = absences.attach(medical, name="a.pdf", content=PDF, by=staff.ani.user, now=wib("08:00"))
    assert status_of(desk(staff.fajar), "get", url("absence_paper", ordinary.pk, paper.pk)) == 404


def test_who_may_add_papers(staff):
    row = ask(staff.ani)
    found = matrix(staff, "post", url("absence_attach", row.pk))
    may = {"citra": 403, "head": 404, "dewi": 302, "indra": 404, "eko": 302, "fajar": 403, "hasan": 404}
    assert found == may | {"joni": 404}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"<html><script>", "Berkas harus berupa PDF, JPEG, atau PNG."),
        (b"", "kosong"),
        (PDF.ljust(MOST_BYTES + 1), "paling besar 5 MB"),
    ],
)
def test_a_file_that_is_no_paper_is_a_sentence(staff, content, sentence):
    row = ask(staff.ani)
    assert sentence in words(send(staff.dewi, row, content).content.decode())
    assert AbsencePaper.objects.count() == 0


def test_no_file_is_a_sentence(staff):
    row = ask(staff.ani)
    answer = desk(staff.dewi).post(url("absence_attach", row.pk), {}, follow=True)
    assert "wajib diisi" in words(answer.content.decode())


def test_a_paper_of_four_megabytes_arrives_whole(staff):
    row = ask(staff.ani)
    content = PDF.ljust(4_000_000, b"x")
    assert "Berkas telah ditambahkan" in words(send(staff.dewi, row, content).content.decode())
    assert bytes(AbsencePaper.objects.get().content) == content


# Cancelling and ending early


def test_who_may_cancel_and_who_may_end_early(staff):
    row = absences.approve(ask(staff.ani), by=staff.citra.user, now=wib("08:00"))
    found = {"citra": 403, "head": 404, "dewi": 403, "indra": 404, "eko": 200, "fajar": 403, "hasan": 404}
    for page in ("absence_cancel", "absence_shorten"):
        assert matrix(staff, "get", url(page, row.pk)) == found | {"joni": 404}
    early = ask(staff.bayu, starts=FRIDAY, by=staff.dewi.user)
    assert status_of(desk(staff.dewi), "get", url("absence_cancel", early.pk)) == 200


def test_hr_cancels_with_a_reason_and_the_row_stays(staff):
    row = absences.approve(ask(staff.ani), by=staff.citra.user, now=wib("08:00"))
    client, address = desk(staff.eko), url("absence_cancel", row.pk)
    assert "wajib diisi" in words(client.post(address, {"note": ""}).content.decode())
    text = words(client.post(address, {"note": "Tugas mendesak."}, follow=True).content.decode())
    assert "Pembatalan telah dicatat." in text and "Dibatalkan" in text
    assert Absence.objects.get().status == "cancelled"


def test_hr_ends_a_leave_early(staff):
    row = absences.approve(ask(staff.ani), by=staff.citra.user, now=wib("08:00"))
    client, address = desk(staff.eko), url("absence_shorten", row.pk)
    later = client.post(address, {"ends": "2023-08-30", "note": "x"})
    assert "Masa tersebut tidak sah" in words(later.content.decode())
    client.post(address, {"ends": "2023-08-22", "note": "Dipanggil kembali."})
    assert Absence.objects.get().ends == date(2023, 8, 22)


def test_forms_are_posted_with_a_token(staff):
    row = ask(staff.ani)
    client = Client(enforce_csrf_checks=True)
    client.force_login(staff.eko.user, "policy.signin.NumberBackend")
    for page in ("absence_decide", "absence_attach", "absence_cancel"):
        assert client.post(url(page, row.pk), {"decision": "approve"}).status_code == 403
    assert client.post(reverse("admin:policy_recall_add"), {}).status_code == 403


# Recalls


def order(person, whom, **changes):
    body = {"employee": whom.pk, "date": "2023-08-21", "time": "10:00", "reason": "Rapat mendadak."}
    return desk(person).post(url("recall_add"), body | changes)


def test_the_board_of_the_superior_leads_to_the_order_for_who_is_at_home(staff):
    html = home(staff.citra)
    assert f"{url('recall_add')}?employee={staff.ani.pk}&amp;date=2023-08-21" in html
    assert f"employee={staff.bayu.pk}&amp;" not in html
    past = desk(staff.citra).get("/admin/", {"date": "2023-08-18"}).content.decode()
    assert url("recall_add") + "?" not in past
    for person in (staff.dewi, staff.fajar):
        assert url("recall_add") + "?" not in home(person)


def test_the_superior_recalls_and_the_worker_reads_it(staff):
    text = words(order(staff.citra, staff.ani).content.decode())
    recall = Recall.objects.get()
    assert text == "" and (recall.at, recall.ordered_by) == (wib("10:00"), staff.citra.user)
    message = Message.objects.get(recipient=staff.ani)
    assert message.subject == "Perintah hadir di kantor"
    assert message.body == (
        "Anda diperintahkan hadir di kantor pada Senin, 21 Agustus 2023 mulai pukul 10.00 WIB oleh Citra. "
        "Alasan: Rapat mendadak."
    )
    board = words(home(staff.citra))
    assert "ke kantor mulai 10.00 WIB" in board and "Perintahkan ke kantor" not in board


@pytest.mark.parametrize(
    ("who", "whom", "changes", "sentence"),
    [
        ("citra", "ani", {"time": "08:00"}, "tidak dapat berlaku surut"),
        ("citra", "bayu", {}, "tidak dijadwalkan bekerja dari rumah"),
        ("citra", "citra", {}, "tidak dapat memerintahkan diri sendiri"),
        ("citra", "ani", {"reason": ""}, "wajib diisi"),
        ("citra", "ani", {"time": "25:99"}, "waktu"),
        ("citra", "ani", {"date": "2023-09-31"}, "tanggal yang benar"),
        ("citra", "eko", {}, "tidak tersedia"),
        ("hasan", "ani", {}, "tidak tersedia"),
    ],
)
def test_an_order_that_cannot_be_is_shown_again(staff, who, whom, changes, sentence):
    answer = order(getattr(staff, who), getattr(staff, whom), **changes)
    assert answer.status_code == 200 and sentence in words(answer.content.decode())
    assert Recall.objects.count() == Message.objects.count() == 0


def test_a_second_order_is_a_sentence_and_tells_nobody_twice(staff):
    order(staff.citra, staff.ani)
    assert "sudah diperintahkan" in words(order(staff.eko, staff.ani).content.decode())
    assert Recall.objects.count() == Message.objects.count() == 1


def test_superiors_and_hr_have_the_form(staff):
    assert matrix(staff, "get", url("recall_add")) == only(200, "citra", "head", "eko", "hasan")
    assert matrix(staff, "post", url("recall_add"))["dewi"] == 403


def test_who_sees_somebody_gives_no_order_without_being_the_superior(staff):
    """The head supervises Citra, and keeps files of nobody; as an officer he sees Ani and still does not command her."""
    make.make_grant(staff.head.user, "officer", staff.dki, staff.section)
    assert "Hanya atasan langsung" in words(order(staff.head, staff.ani).content.decode())
    assert Recall.objects.count() == 0


def test_who_sees_a_recall(staff):
    order(staff.eko, staff.ani)
    page = url("recall_change", Recall.objects.get().pk)
    sees = {"citra": 200, "head": 404, "dewi": 200, "indra": 404, "eko": 200, "fajar": 200, "hasan": 404}
    assert matrix(staff, "get", page) == sees | {"joni": 404}
    assert "Rapat mendadak." in shown(staff.citra, page)


# Lists


def more_of_everything(cast, first: int, last: int) -> None:
    for n in range(first, last):
        person = make.make_employee(cast.section, cast.office, f"Pegawai {n}", cast.citra)
        row = ask(person)
        ask(person, starts=FRIDAY + timedelta(days=7), ends=FRIDAY + timedelta(days=8))
        absences.attach(row, name="a.pdf", content=PDF, by=person.user, now=wib("08:00"))
        absences.approve(row, by=cast.eko.user, now=wib("08:30"))
        Recall.objects.create(
            employee=person,
            date=MONDAY,
            at=wib("10:00"),
            reason="x",
            ordered_by=person.user,
            ordered_at=wib("09:00"),
        )


def test_lists_and_boards_take_as_many_queries_for_twenty_rows_as_for_one(staff):
    addresses = [
        (person, address)
        for person in (staff.citra, staff.eko)
        for address in (url("absence_changelist"), url("recall_changelist"), "/admin/")
    ]
    more_of_everything(staff, 0, 1)
    before = [queries(*each) for each in addresses]
    more_of_everything(staff, 1, 20)
    assert [queries(*each) for each in addresses] == before
