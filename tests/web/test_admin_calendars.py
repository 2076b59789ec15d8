"""The pages for holidays, hours and dress: HR changes them with a reason, closed days stay."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from policy import calendars
from policy.admin.calendars import weekdays_of
from policy.models import Agency, CalendarChange, CalendarDay, DressCode, WorkingHours
from policy.roster import expectation
from tests import make
from tests.make import MONDAY, wib
from tests.web.pages import STAFF, matrix, only, queries, shown, url
from tests.web.test_admin import desk, words

pytestmark = pytest.mark.django_db

MAULID = date(2023, 9, 28)
CLOSED = date(2023, 8, 18)


@pytest.fixture
def maulid(staff) -> CalendarDay:
    return set_day(staff)


def set_day(cast, day=MAULID, name="Maulid Nabi", **changes) -> CalendarDay:
    agency, by = changes.get("agency", cast.dki), changes.get("by", cast.eko.user)
    return calendars.set_day(agency, day, "public_holiday", name, reason="SKB", by=by, now=wib("08:00"))


def close(cast) -> None:
    calendars.close(cast.dki, CLOSED, by=cast.eko.user, now=wib("08:00"))


def entry(cast, **changes) -> dict:
    said = {"agency": cast.dki.pk, "date": "2023-10-05", "kind": "local_holiday", "name": "Hari jadi"}
    return said | {"reason": "Kepgub 1/2023"} | changes


# Holidays


def test_who_changes_the_calendar(staff, maulid):
    """Everybody with a role reads it; HR changes it; other agencies do not see it."""
    reads = dict.fromkeys(STAFF, 200) | {"hasan": 404, "joni": 404}
    assert matrix(staff, "get", url("calendarday_change", maulid.pk)) == reads
    writes = only(200, "eko") | {"hasan": 404, "joni": 404}
    for form in ("calendarday_edit", "calendarday_clear"):
        for method in ("get", "post"):
            assert matrix(staff, method, url(form, maulid.pk)) == writes
    assert matrix(staff, "post", url("calendarday_add")) == only(200, "eko", "hasan")
    assert CalendarDay.objects.get() == maulid and CalendarChange.objects.count() == 1


def test_hr_adds_a_day_and_reads_its_history(staff):
    text = words(desk(staff.eko).post(url("calendarday_add"), entry(staff), follow=True).content.decode())
    assert "Kalender telah diperbarui." in text
    assert "Hari libur daerah: Hari jadi" in text and "Kepgub 1/2023" in text and "Eko" in text


def test_hr_changes_a_day_and_takes_it_out_again(staff, maulid):
    client = desk(staff.eko)
    said = {"kind": "working_day", "name": "Hari kerja pengganti", "reason": "SKB diubah"}
    text = words(client.post(url("calendarday_edit", maulid.pk), said, follow=True).content.decode())
    assert "Hari kerja pengganti: Hari kerja pengganti" in text
    client.post(url("calendarday_clear", maulid.pk), {"reason": "Batal"})
    assert not CalendarDay.objects.exists()
    history = shown(staff.fajar, url("calendarchange_changelist"))
    assert "Batal" in history and "SKB diubah" in history


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"reason": ""}, "wajib diisi"),
        ({"reason": "  "}, "wajib diisi"),
        ({"name": ""}, "wajib diisi"),
        ({"kind": "party"}, "tidak tersedia"),
        ({"date": "1999-12-31"}, "2000 dan 2100"),
        ({"date": "2023-02-30"}, "tanggal yang benar"),
        ({"date": "2023-08-18"}, "sudah dikunci"),
    ],
)
def test_a_day_that_cannot_be_is_shown_again(staff, changes, sentence):
    close(staff)
    before = CalendarChange.objects.count()
    answer = desk(staff.eko).post(url("calendarday_add"), entry(staff, **changes))
    assert answer.status_code == 200 and sentence in words(answer.content.decode())
    assert CalendarDay.objects.count() == 0 and CalendarChange.objects.count() == before


def test_hr_writes_into_no_calendar_of_another_agency(staff):
    answer = desk(staff.eko).post(url("calendarday_add"), entry(staff, agency=staff.tangsel.pk))
    assert answer.status_code == 200 and not CalendarDay.objects.exists()


def test_a_closed_day_offers_no_form_and_takes_none(staff):
    row = set_day(staff, date(2023, 8, 17), "Hari Kemerdekaan")
    close(staff)
    text = desk(staff.eko).get(url("calendarday_change", row.pk)).content.decode()
    assert "sudah dikunci" in text and url("calendarday_edit", row.pk) not in text
    answer = desk(staff.eko).post(url("calendarday_clear", row.pk), {"reason": "x"})
    assert "sudah dikunci" in words(answer.content.decode()) and CalendarDay.objects.get() == row


def test_the_history_is_for_keepers_of_files(staff, maulid):
    assert "SKB" in shown(staff.dewi, url("calendarday_change", maulid.pk))
    assert "SKB" not in shown(staff.citra, url("calendarday_change", maulid.pk))
    listing = matrix(staff, "get", url("calendarchange_changelist"))
    assert listing == only(200, "dewi", "indra", "eko", "fajar", "hasan")
    assert "SKB" not in shown(staff.hasan, url("calendarchange_changelist"))


def test_the_technical_administrator_cannot_open_closed_days(staff):
    close(staff)
    said = {"code": "pemprov-dki", "name": "Pemprov DKI", "video_call_url": "", "closed_until": ""}
    desk(staff.joni).post(url("agency_change", staff.dki.pk), said)
    agency = Agency.objects.get(pk=staff.dki.pk)
    assert (agency.name, agency.closed_until) == ("Pemprov DKI", CLOSED)


# Hours and dress


def hours(cast, **changes) -> dict:
    said = {
        "agency": cast.dki.pk,
        "unit": "",
        "name": "Ramadan",
        "code": "",
        "weekdays": ["1", "2", "3", "4"],
    }
    said |= {
        "begins": "07:00",
        "finishes": "14:00",
        "flex_minutes": "0",
        "starts": "21-08-2023",
        "ends": "31-08-2023",
    }
    said |= {"break_begins": "12:00", "break_finishes": "12:30", "in_opens": "06:00", "in_closes": "07:30"}
    return said | {"out_opens": "14:00", "out_closes": "18:00"} | changes


def dress(cast, **changes) -> dict:
    said = {"agency": cast.dki.pk, "unit": "", "dress": "Batik Korpri", "weekdays": ["1"]}
    return said | {"starts": "21-08-2023", "ends": "21-08-2023"} | changes


@pytest.mark.parametrize("name", ["workinghours", "dresscode"])
def test_who_keeps_hours_and_dress(staff, name):
    model = {"workinghours": WorkingHours, "dresscode": DressCode}[name]
    row, said = model.objects.get(agency=staff.dki), {"workinghours": hours, "dresscode": dress}[name](staff)
    assert matrix(staff, "get", url(f"{name}_add")) == only(200, "eko", "hasan")
    reads = dict.fromkeys(["citra", "head", "dewi", "indra", "eko", "fajar"], 200) | {
        "hasan": 404,
        "joni": 404,
    }
    assert matrix(staff, "get", url(f"{name}_change", row.pk)) == reads
    for person in (staff.citra, staff.dewi, staff.fajar):
        assert desk(person).post(url(f"{name}_change", row.pk), said).status_code == 403
    assert desk(staff.hasan).post(url(f"{name}_change", row.pk), said).status_code == 404
    assert model.objects.count() == 2


def test_new_hours_and_a_days_dress_hold_at_once(staff):
    desk(staff.eko).post(url("workinghours_add"), hours(staff))
    desk(staff.eko).post(url("dresscode_add"), dress(staff))
    plan = expectation(staff.bayu.pk, MONDAY, wib("09:00")).expectation
    assert (plan.hours.finishes, plan.dress) == (time(14), "Batik Korpri")
    friday = expectation(staff.bayu.pk, MONDAY + timedelta(days=4), wib("09:00")).expectation
    assert (friday.hours.finishes, friday.dress) == (time(16), "PDH")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"weekdays": []}, "diisi"),
        ({"weekdays": ["0"]}, "bukan"),
        ({"ends": "20-08-2023"}, "lebih awal"),
        ({"break_finishes": ""}, "jam mulai dan jam selesai"),
        ({"starts": "18-08-2023"}, "18 Agu 2023 sudah dikunci"),
        ({"starts": "01-01-1900"}, "2000 dan 2100"),
    ],
)
def test_hours_that_cannot_be_are_shown_again(staff, changes, sentence):
    close(staff)
    answer = desk(staff.eko).post(url("workinghours_add"), hours(staff, **changes))
    assert answer.status_code == 200 and sentence in words(answer.content.decode())
    assert not WorkingHours.objects.filter(name="Ramadan").exists()


def test_units_of_another_agency_are_no_choice(staff):
    far = staff.gita.postings.get().unit
    for changes in ({"unit": far.pk}, {"agency": staff.tangsel.pk}):
        assert desk(staff.eko).post(url("dresscode_add"), dress(staff, **changes)).status_code == 200
    assert not DressCode.objects.filter(dress="Batik Korpri").exists()


def form_of(row: DressCode, **changes) -> dict:
    said = {"agency": row.agency_id, "unit": row.unit_id or "", "dress": row.dress}
    said |= {"weekdays": row.weekdays, "starts": f"{row.starts:%d-%m-%Y}"}
    return said | {"ends": f"{row.ends:%d-%m-%Y}" if row.ends else ""} | changes


@pytest.mark.parametrize(
    ("changes", "allowed"),
    [
        ({"ends": "18-08-2023"}, True),
        ({"ends": "31-12-2023"}, True),
        ({"ends": "17-08-2023"}, False),
        ({"dress": "Batik"}, False),
        ({"weekdays": ["1"]}, False),
        ({"starts": "01-09-2023"}, False),
        ({"starts": "01-01-2022"}, False),
        ({}, True),
    ],
)
def test_a_row_that_held_on_closed_days_may_only_end(staff, changes, allowed):
    """Dress since 2023-01-01, closed up to 2023-08-18."""
    close(staff)
    row = DressCode.objects.get(agency=staff.dki)
    answer = desk(staff.eko).post(url("dresscode_change", row.pk), form_of(row, **changes))
    assert (answer.status_code == 302) == allowed
    now = DressCode.objects.get(pk=row.pk)
    assert allowed or (now.dress, now.weekdays, now.starts, now.ends) == (
        row.dress,
        row.weekdays,
        row.starts,
        None,
    )


def test_a_row_that_ended_on_a_closed_day_is_not_prolonged(staff):
    """It would cover closed days that it did not."""
    DressCode.objects.filter(agency=staff.dki).update(ends=date(2023, 8, 10))
    close(staff)
    row = DressCode.objects.get(agency=staff.dki)
    answer = desk(staff.eko).post(url("dresscode_change", row.pk), form_of(row, ends="31-12-2023"))
    assert answer.status_code == 200 and DressCode.objects.get(pk=row.pk).ends == date(2023, 8, 10)


def test_the_other_agencys_open_row_is_not_closed_by_ours(staff):
    close(staff)
    row = DressCode.objects.get(agency=staff.tangsel)
    desk(staff.hasan).post(url("dresscode_change", row.pk), form_of(row, dress="Batik"))
    assert DressCode.objects.get(pk=row.pk).dress == "Batik"


@pytest.mark.parametrize(
    ("days", "text"),
    [
        ([1, 2, 3, 4, 5], "Senin–Jumat"),
        ([5], "Jumat"),
        ([4, 1], "Senin, Kamis"),
        ([6, 7], "Sabtu, Minggu"),
        ([1, 2, 4], "Senin, Selasa, Kamis"),
    ],
)
def test_weekdays_are_written_as_people_say_them(days, text):
    assert weekdays_of(days) == text


# Lists


def more_of_everything(cast, first: int, last: int) -> None:
    for n in range(first, last):
        row = set_day(cast, date(2024, 1, n + 1), f"Libur {n}")
        DressCode.objects.create(agency=cast.dki, unit=cast.section, starts=row.date, dress=f"Batik {n}")
        WorkingHours.objects.create(
            agency=cast.dki,
            unit=cast.section,
            starts=row.date,
            begins=time(8),
            finishes=time(16),
            **make.WINDOWS,
        )


def test_lists_take_as_many_queries_for_twenty_rows_as_for_one(staff):
    lists = ["calendarday", "calendarchange", "workinghours", "dresscode"]
    addresses = [url(f"{name}_changelist") for name in lists]
    more_of_everything(staff, 0, 1)
    before = [queries(staff.eko, address) for address in addresses]
    more_of_everything(staff, 1, 20)
    assert [queries(staff.eko, address) for address in addresses] == before
