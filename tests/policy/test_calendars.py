"""The agency's calendar: seeded once, changed with a reason, and closed days that stay as they are."""

from __future__ import annotations

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from policy import calendars
from policy.errors import DomainError
from policy.models import CalendarChange, CalendarDay
from policy.roster import expectation
from tests.make import MONDAY, wib
from tests.test_races import race

pytestmark = pytest.mark.django_db

NOW = wib("09:00")
MAULID = date(2023, 9, 28)


def mode(person, day: date) -> tuple[str, str]:
    plan = expectation(person.pk, day, NOW).expectation
    return plan.mode, plan.why_detail


def set_day(cast, day=MAULID, kind="public_holiday", name="Maulid Nabi", reason="SKB 3 Menteri", by=None):
    return calendars.set_day(cast.dki, day, kind, name, reason=reason, by=by or cast.eko.user, now=NOW)


def clear_day(cast, day=MAULID, reason="SKB diubah"):
    calendars.clear_day(cast.dki, day, reason=reason, by=cast.eko.user, now=NOW)


def close(cast, until, agency=None):
    return calendars.close(agency or cast.dki, until, by=cast.eko.user, now=NOW)


def refusal(call, *args, **named) -> str:
    with pytest.raises(DomainError) as refused:
        call(*args, **named)
    return refused.value.code


# The seed


def test_2023_is_the_amended_decree(cast):
    """SKB 3 Menteri as changed twice in 2023: 16 public holidays and eleven days of joint leave."""
    calendars.seed(cast.dki, 2023, by=None, now=NOW)
    kinds = CalendarDay.objects.filter(agency=cast.dki).values_list("kind", flat=True)
    assert (list(kinds).count("public_holiday"), list(kinds).count("joint_leave")) == (16, 11)
    assert not CalendarDay.objects.filter(agency=cast.tangsel).exists()


@pytest.mark.parametrize(
    ("day", "kind", "name"),
    [
        ("2023-08-17", "public_holiday", "Hari Kemerdekaan Republik Indonesia"),
        ("2023-09-28", "public_holiday", "Maulid Nabi Muhammad"),
        ("2023-04-19", "joint_leave", "Cuti Bersama Hari Raya Idul Fitri"),
        ("2023-06-30", "joint_leave", "Cuti Bersama Hari Raya Idul Adha"),
        ("2023-12-26", "joint_leave", "Cuti Bersama Hari Raya Natal"),
    ],
)
def test_a_seeded_day_has_its_indonesian_name(cast, day, kind, name):
    calendars.seed(cast.dki, 2023, by=None, now=NOW)
    row = CalendarDay.objects.get(agency=cast.dki, date=day)
    assert (row.kind, row.name) == (kind, name)


def test_a_seed_leaves_what_the_agency_entered_and_what_is_closed(cast):
    own = set_day(cast, kind="local_holiday", name="Hari jadi")
    close(cast, date(2023, 8, 17))
    new = calendars.seed(cast.dki, 2023, by=None, now=NOW)
    assert {row.date for row in new} == {date(2023, 12, 25), date(2023, 12, 26)}
    assert CalendarDay.objects.get(agency=cast.dki, date=MAULID).name == own.name
    assert calendars.seed(cast.dki, 2023, by=None, now=NOW) == []


def test_every_seeded_day_says_where_it_comes_from(cast):
    new = calendars.seed(cast.dki, 2024, by=cast.eko.user, now=NOW)
    assert CalendarChange.objects.filter(reason="Pengisian awal kalender 2024").count() == len(new) == 29
    first = CalendarChange.objects.get(date=date(2024, 1, 1))
    assert (first.before, first.after) == ("", "Hari libur nasional: Tahun Baru Masehi")


def test_the_command_seeds_several_years_and_may_be_repeated(cast):
    out = StringIO()
    call_command("seed_calendar", "pemprov-dki", "2023", "2024", "2050", stdout=out)
    call_command("seed_calendar", "pemprov-dki", "2023", stdout=out)
    assert out.getvalue().splitlines() == [
        "2023: 27 days added.",
        "2024: 29 days added.",
        "2050: 17 days added.",
        "2050: no joint leave is known yet; enter it when the decree is out.",
        "2023: 0 days added.",
    ]


@pytest.mark.parametrize("said", [["tidak-ada", "2023"], ["pemprov-dki", "1999"], ["pemprov-dki", "2101"]])
def test_the_command_refuses_what_it_does_not_know(cast, said):
    with pytest.raises(CommandError):
        call_command("seed_calendar", *said)
    assert not CalendarDay.objects.exists()


# Changes


def test_a_change_reaches_the_open_days_by_itself(cast):
    tuesday = MONDAY + timedelta(days=1)
    assert mode(cast.ani, tuesday)[0] == "wfh"
    set_day(cast, tuesday, "joint_leave", "Cuti bersama tambahan")
    assert mode(cast.ani, tuesday) == ("off", "Cuti bersama tambahan")
    clear_day(cast, tuesday)
    assert mode(cast.ani, tuesday)[0] == "wfh"


def test_a_saturday_can_be_worked_instead(cast):
    saturday = MONDAY + timedelta(days=5)
    assert mode(cast.ani, saturday)[0] == "off"
    set_day(cast, saturday, "working_day", "Pengganti hari kejepit")
    assert mode(cast.ani, saturday)[0] == "wfo"


def test_every_change_is_written_down_with_who_and_why(cast):
    set_day(cast)
    set_day(cast, kind="local_holiday", name="Maulid (daerah)", reason="Kepgub 1/2023")
    clear_day(cast)
    changes = CalendarChange.objects.order_by("pk").values_list("before", "after", "reason")
    assert list(changes) == [
        ("", "Hari libur nasional: Maulid Nabi", "SKB 3 Menteri"),
        ("Hari libur nasional: Maulid Nabi", "Hari libur daerah: Maulid (daerah)", "Kepgub 1/2023"),
        ("Hari libur daerah: Maulid (daerah)", "", "SKB diubah"),
    ]
    last = CalendarChange.objects.first()
    assert (last.changed_by, last.changed_at, last.date) == (cast.eko.user, NOW, MAULID)


def test_the_same_once_more_is_no_change(cast):
    assert set_day(cast) == set_day(cast)
    assert CalendarChange.objects.count() == 1


def test_a_change_needs_a_reason(cast):
    assert refusal(set_day, cast, reason=" ") == "reason_missing"
    assert refusal(clear_day, cast, reason="") == "reason_missing"


def test_what_does_not_stand_there_cannot_be_taken_out(cast):
    assert refusal(clear_day, cast) == "not_in_calendar"


def test_agencies_have_calendars_of_their_own(cast):
    set_day(cast, MONDAY)
    assert mode(cast.ani, MONDAY)[0] == "off" and mode(cast.gita, MONDAY)[0] == "wfo"


# Closing


def test_closed_days_keep_their_calendar(cast):
    set_day(cast, date(2023, 8, 17), name="Hari Kemerdekaan")
    close(cast, date(2023, 8, 18))
    assert refusal(clear_day, cast, date(2023, 8, 17)) == "period_closed"
    assert refusal(set_day, cast, date(2023, 8, 18)) == "period_closed"
    assert set_day(cast, date(2023, 8, 19)).pk


@pytest.mark.parametrize(
    ("until", "code"),
    [
        (date(2023, 8, 18), "period_closed"),
        (date(2023, 8, 10), "period_closed"),
        (MONDAY, "not_yet_over"),
        (date(2023, 12, 31), "not_yet_over"),
    ],
)
def test_days_are_closed_forwards_and_once_they_are_over(cast, until, code):
    close(cast, date(2023, 8, 18))
    assert refusal(close, cast, until) == code
    assert close(cast, date(2023, 8, 20)).closed_until == date(2023, 8, 20)


def test_a_day_is_over_when_it_is_over_in_the_west(cast):
    """00:30 of the 22nd in Jayapura is 22:30 of the 21st in Jakarta."""
    late = wib("22:30")
    with pytest.raises(DomainError):
        calendars.close(cast.dki, MONDAY, by=cast.eko.user, now=late)
    assert calendars.close(cast.dki, MONDAY, by=cast.eko.user, now=wib("00:00", MONDAY + timedelta(days=1)))


def test_closing_is_written_down(cast):
    close(cast, date(2023, 7, 31))
    close(cast, date(2023, 8, 18))
    change = CalendarChange.objects.first()
    assert (change.before, change.after) == ("Terkunci s.d. 31-07-2023", "Terkunci s.d. 18-08-2023")


@pytest.mark.django_db(transaction=True)
def test_of_many_changes_of_a_day_at_once_each_knows_the_one_before(cast):
    race(lambda n: set_day(cast, name=f"Nama {n}").pk, list(range(6)))
    assert CalendarDay.objects.count() == 1
    changes = list(CalendarChange.objects.order_by("pk"))
    assert [change.before for change in changes] == ["", *[change.after for change in changes[:-1]]]


@pytest.mark.django_db(transaction=True)
def test_many_seeds_at_once_fill_a_year_once(cast):
    added = race(lambda _: len(calendars.seed(cast.dki, 2023, by=None, now=NOW)), list(range(4)))
    assert sorted(added) == [0, 0, 0, 27] and CalendarChange.objects.count() == 27
