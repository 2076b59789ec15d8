"""The edge cases of the domain that concern policy, each by its number, as somebody from HR would put them.

The number stands in the name of each test; where the documents leave a question open, the row says what was decided and
which setting changes it. A last test sees to it that no number is missing.
"""

from __future__ import annotations

import re
from datetime import date, time, timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from policy import absences, calendars, domiciles, enactment, postings, rotas
from policy.allowances import allowance
from policy.calendar import Hours, Windows, finish_of, late_minutes, local_day, timing
from policy.errors import DomainError
from policy.models import (
    AdditionalDuty,
    CalendarDay,
    Cap,
    Delegation,
    DressCode,
    Exclusion,
    Ground,
    Phase,
    Pooling,
    Posting,
    Roster,
    Scheme,
    WorkingHours,
)
from policy.roster import current, expectation
from policy.rotas import Cell
from policy.scope import scope_of
from tests.make import (
    BEFORE,
    MALL,
    MONDAY,
    WINDOWS,
    make_absence,
    make_domicile,
    make_employee,
    make_phase,
    make_rota,
    make_scheme,
    make_site,
    make_unit,
    wib,
)

SUMMIT = (date(2023, 9, 4), date(2023, 9, 7))
CONCERN_POLICY = [*range(1, 19), *range(22, 28), *range(29, 34), *range(37, 45), 47]


def code_of(call) -> str:
    """The code with which a use case refuses; nothing of it is kept."""
    with pytest.raises(DomainError) as refused, transaction.atomic():
        call()
    return refused.value.code


def staffed(cast, size: int, name: str = "Seksi Arsip", parent=None, site=None, **fields):
    """A unit with `size` civil servants, all with an approved domicile."""
    unit = make_unit(cast.dki, name, parent or cast.other, **fields)
    people = [make_employee(unit, site or cast.office, f"{name} {n}") for n in range(size)]
    for person in people:
        make_domicile(person, by=cast.eko.user)
    return unit, people


def planned(unit, people, day=MONDAY, mode="wfh") -> Roster:
    return rotas.draft(unit, day, day, [Cell(person.pk, day, mode) for person in people])


def found(roster) -> set[str]:
    return {finding.code for finding in rotas.check(roster)}


def publish(roster, cast, by=None, now=BEFORE) -> Roster:
    return rotas.publish(roster, by=(by or cast.dewi).user, now=now)


def day_of(person, day=MONDAY, clock: str = "07:00"):
    held = expectation(person.pk, day, wib(clock, day))
    return held.expectation if held else None


# -- Caps and rounding --


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("people", "ordinary", "summit"),
    [(1, 0, 0), (2, 1, 1), (3, 1, 2), (4, 2, 3), (5, 2, 3), (7, 3, 5), (33, 16, 24)],
)
def test_edge_1_at_most_half_is_rounded_down(cast, people, ordinary, summit):
    make_phase(cast.scheme, *SUMMIT, 75)
    unit = make_unit(cast.dki, "Seksi", cast.other)
    for n in range(people):
        make_employee(unit, cast.office, f"Pegawai {n}")
    assert (allowance(unit, MONDAY).allowed, allowance(unit, SUMMIT[0]).allowed) == (ordinary, summit)


@pytest.mark.django_db
def test_edge_2_a_unit_of_one_stays_unless_it_is_counted_with_its_parent_by_a_recorded_decision(cast):
    parent, _three = staffed(cast, 3, "Subbagian")
    unit, [alone] = staffed(cast, 1, "Seksi Seorang", parent)
    assert found(planned(unit, [alone])) == {"cap_exceeded"}
    Pooling.objects.create(scheme=cast.scheme, unit=unit, reason="Nota dinas 12/2023 (contoh)")
    assert allowance(unit, MONDAY).counted_with == ("Subbagian",)
    assert allowance(unit, MONDAY).headcount == 4 and found(planned(unit, [alone])) == set()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "counted"),
    [
        ("is on leave", True),
        ("travels on duty", True),
        ("holds an exempt post", True),
        ("is CPNS", True),
        ("is contract staff", False),
        ("is seconded out", False),
        ("has left", False),
    ],
)
def test_edge_3_all_asn_of_the_unit_on_that_date_are_counted(cast, change, counted):
    unit, [*_others, person] = staffed(cast, 4)
    everybody = type(person).objects.filter(pk=person.pk)
    Exclusion.objects.create(scheme=cast.scheme, post="treasurer", reason="Bendahara")
    {
        "is on leave": lambda: make_absence(person),
        "travels on duty": lambda: make_absence(person, "travel"),
        "holds an exempt post": lambda: person.postings.update(post="treasurer"),
        "is CPNS": lambda: everybody.update(kind="cpns"),
        "is contract staff": lambda: everybody.update(kind="contract_staff"),
        "is seconded out": lambda: make_absence(person, "seconded"),
        "has left": lambda: everybody.update(is_active=False),
    }[change]()
    explained = allowance(unit, MONDAY)
    assert explained.headcount == 3 + counted
    assert (person.pk in [worker.id for worker in explained.counted]) == counted


@pytest.mark.django_db
def test_edge_4_whoever_goes_on_leave_frees_no_place_without_a_new_rota(cast):
    unit, people = staffed(cast, 4)
    publish(planned(unit, people[:2]), cast)
    make_absence(people[0])
    assert day_of(people[0]).mode == "leave"
    assert found(planned(unit, people[:3])) == {"cap_exceeded"}
    assert found(planned(unit, people[1:3])) == set()


@pytest.mark.django_db
def test_edge_5_the_cap_holds_at_any_one_time(cast):
    unit, people = staffed(cast, 4)
    swap = [Cell(p.pk, MONDAY, "wfh", "am" if n < 2 else "pm") for n, p in enumerate(people)]
    assert found(rotas.draft(unit, MONDAY, MONDAY, swap)) == set()
    crowd = [Cell(p.pk, MONDAY, "wfh", "pm") for p in people[:3]]
    assert found(rotas.draft(unit, MONDAY, MONDAY, crowd)) == {"cap_exceeded"}


@pytest.mark.django_db
def test_edge_6_a_transfer_that_breaks_the_cap_warns_and_deletes_nothing(cast):
    unit, people = staffed(cast, 4)
    roster = publish(planned(unit, people[:2]), cast)
    Posting.objects.filter(employee=people[3]).update(unit=cast.section)
    assert rotas.revalidate(cast.dki, now=BEFORE) == 1
    roster.refresh_from_db()
    assert [warning["code"] for warning in roster.warnings] == ["cap_exceeded"]
    assert roster.warnings[0]["numbers"] == {"planned": 2, "allowed": 1}
    assert roster.entries.filter(in_force=True).count() == 2


@pytest.mark.django_db
def test_edge_7_the_75_percent_hold_from_4_to_7_september_and_not_on_the_8th(cast):
    make_phase(cast.scheme, *SUMMIT, 75)
    unit, people = staffed(cast, 4)
    assert [allowance(unit, date(2023, 9, d)).allowed for d in (1, 4, 5, 6, 7, 8)] == [2, 3, 3, 3, 3, 2]
    assert found(planned(unit, people[:3], date(2023, 9, 7))) == set()
    assert found(planned(unit, people[:3], date(2023, 9, 8))) == {"cap_exceeded"}
    publish(planned(unit, people[:3], date(2023, 9, 7)), cast)
    assert code_of(lambda: rotas.copy_week(unit, date(2023, 9, 4), date(2023, 9, 11))) == "cap_changed"


@pytest.mark.django_db
def test_edge_8_a_phase_for_a_place_is_decided_by_the_units_own_office(cast):
    """Q1, the territory of the 75 %: everywhere unless the phase names regions or units (a setting of the phase)."""
    venue = make_phase(cast.scheme, *SUMMIT, 75)
    venue.regions = ["31.74"]
    venue.save()
    city_hall, kuningan = make_site(cast.dki), make_site(cast.dki)
    type(kuningan).objects.filter(pk=kuningan.pk).update(region="31.74.02")
    parent, _ = staffed(cast, 4, "Dinas Pariwisata", site=city_hall)
    near, _ = staffed(cast, 4, "Seksi Kuningan", parent)
    type(near).objects.filter(pk=near.pk).update(site=kuningan)
    assert allowance(parent, SUMMIT[0]).allowed == 2
    assert allowance(near, SUMMIT[0]).allowed == 3


@pytest.mark.django_db
def test_edge_9_two_documents_at_once_the_agencys_own_decides_and_the_other_is_named(cast):
    """Q4."""
    make_phase(cast.scheme, *SUMMIT, 75)
    national = make_scheme(None, "17/2023")
    national.phases.update(starts=date(2023, 8, 28), ends=date(2023, 9, 7))
    unit, people = staffed(cast, 4)
    explained = allowance(unit, SUMMIT[0])
    assert (explained.document, explained.rules.terms.phase, explained.allowed) == (
        "34/SE/2023",
        "WFH paling banyak 75 %",
        3,
    )
    assert explained.warnings == ("17/2023: WFH paling banyak 50 %",)
    basis = publish(planned(unit, people[:3], SUMMIT[0]), cast).basis
    assert (basis[0]["document"], basis[0]["phase"]) == ("34/SE/2023", "WFH paling banyak 75 %")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("measure", "bound", "percent", "at_home"),
    [
        ("wfh", "max", 75, (0, 6)),
        ("wfo", "min", 25, (0, 6)),
        ("wfo", "max", 25, (6, 8)),
        ("wfh", "min", 25, (2, 8)),
        ("wfh", "target", 50, (0, 8)),
        ("wfh", "max", 70, (0, 5)),
    ],
)
def test_edge_10_every_measure_and_bound_is_understood(cast, measure, bound, percent, at_home):
    Cap.objects.filter(phase__scheme=cast.scheme).update(measure=measure, bound=bound, percent=percent)
    unit, _people = staffed(cast, 8)
    explained = allowance(unit, MONDAY)
    assert (explained.least, explained.allowed) == at_home
    assert explained.target == (4 if bound == "target" else None)


@pytest.mark.django_db
def test_edge_11_a_percentage_always_names_what_it_is_a_percentage_of(cast):
    unit, people = staffed(cast, 4)
    contract = make_employee(unit, cast.office, "Kontrak", kind="contract_staff")
    explained = allowance(unit, MONDAY)
    assert explained.percent == "WFH paling banyak 50 %" and explained.headcount == 4
    assert {worker.id for worker in explained.counted} == {person.pk for person in people}
    assert [(w.id, why) for w, why in explained.not_counted] == [(contract.pk, "contract_staff")]


@pytest.mark.django_db
def test_edge_12_open_ended_draft_single_day_and_revoked_schemes(cast):
    unit, _people = staffed(cast, 4)
    cast.scheme.phases.update(ends=None)
    assert allowance(unit, date(2026, 1, 5)).allowed == 2
    draft = Scheme.objects.create(agency=cast.dki, code="tangsel", name="Tanpa nomor")
    Phase.objects.create(scheme=draft, name="Satu hari", starts=MONDAY, ends=MONDAY)
    assert code_of(lambda: enactment.activate(draft, by=cast.eko.user, now=BEFORE)) == "document_missing"
    assert allowance(unit, MONDAY).allowed == 2
    single = make_scheme(cast.dki, "e-0021/SE/2025", 75)
    single.phases.update(starts=date(2023, 8, 29), ends=date(2023, 8, 29))
    assert [allowance(unit, date(2023, 8, d)).allowed for d in (28, 29, 30)] == [2, 3, 2]
    enactment.revoke(
        cast.scheme, last_day=date(2023, 9, 1), by=cast.eko.user, now=wib("09:00"), reason="Dicabut"
    )
    assert allowance(unit, date(2023, 9, 1)).allowed == 2
    assert allowance(unit, date(2023, 9, 4)) is None


# -- Dates and times --


@pytest.mark.django_db
def test_edge_13_the_last_day_of_se_34_is_a_saturday_so_friday_is_the_last_working_day(cast):
    unit, people = staffed(cast, 4)
    assert allowance(unit, date(2023, 10, 21)) is not None and allowance(unit, date(2023, 10, 22)) is None
    assert found(planned(unit, people[:1], date(2023, 10, 20))) == set()
    assert found(planned(unit, people[:1], date(2023, 10, 21))) == {"not_a_working_day"}


@pytest.mark.django_db
def test_edge_14_maulid_is_skipped_and_weekly_turns_go_on_by_calendar_week(cast):
    """Daily patterns go on by working day; decided by the pattern that is chosen for a rota."""
    from policy.rota_generation import generate

    CalendarDay.objects.create(agency=cast.dki, date=date(2023, 9, 28), kind="public_holiday", name="Maulid")
    unit, people = staffed(cast, 2)
    home = {}
    for pattern in ("daily", "weekly"):
        roster = generate(unit, date(2023, 9, 18), date(2023, 10, 6), pattern=pattern)
        rows = roster.entries.filter(employee=people[0]).order_by("date").values_list("date", "mode")
        home[pattern] = [mode for _day, mode in rows]
        assert date(2023, 9, 28) not in [day for day, _mode in rows]
    assert all(one != other for one, other in zip(home["daily"], home["daily"][1:], strict=False))
    weeks = [home["weekly"][:5], home["weekly"][5:9], home["weekly"][9:]]
    assert [len(set(week)) for week in weeks] == [1, 1, 1] and weeks[0][0] == weeks[2][0] != weeks[1][0]


@pytest.mark.django_db
def test_edge_15_weekends_and_holidays_are_off_unless_a_shift_says_otherwise(cast):
    saturday, holiday = MONDAY + timedelta(days=5), MONDAY + timedelta(days=1)
    CalendarDay.objects.create(agency=cast.dki, date=holiday, kind="public_holiday", name="Hari libur")
    assert [day_of(cast.bayu, day).why for day in (saturday, holiday)] == ["weekend", "holiday"]
    guard = WorkingHours.objects.create(
        agency=cast.dki, code="piket", starts=MONDAY, begins="07:00", finishes="19:00", **WINDOWS
    )
    rota = make_rota(cast.section, {cast.dewi: "wfo"}, saturday, 1)
    rota.entries.update(hours=guard)
    assert (day_of(cast.dewi, saturday).mode, day_of(cast.dewi, saturday).hours.begins) == ("wfo", time(7))


@pytest.mark.parametrize(
    ("zone", "utc_hour", "date_there"),
    [
        ("Asia/Jakarta", 16, 21),
        ("Asia/Jakarta", 17, 22),
        ("Asia/Pontianak", 16, 21),
        ("Asia/Makassar", 15, 21),
        ("Asia/Makassar", 16, 22),
        ("Asia/Jayapura", 14, 21),
        ("Asia/Jayapura", 15, 22),
    ],
)
def test_edge_16_the_date_is_that_of_the_workplace(zone, utc_hour, date_there):
    from datetime import UTC, datetime

    assert local_day(datetime(2023, 8, 21, utc_hour, tzinfo=UTC), zone) == date(2023, 8, date_there)


@pytest.mark.django_db
def test_edge_17_the_windows_follow_the_posting_of_the_day(cast):
    jayapura = make_site(cast.dki, zone="Asia/Jayapura")
    postings.transfer(
        cast.bayu,
        unit=cast.section,
        site=jayapura,
        position="Analis",
        superior=cast.citra,
        starts=MONDAY + timedelta(days=7),
        by=cast.eko.user,
        now=wib("09:00"),
    )
    zones = [day_of(cast.bayu, day).zone for day in (MONDAY, MONDAY + timedelta(days=7))]
    assert zones == ["Asia/Jakarta", "Asia/Jayapura"]


@pytest.mark.parametrize(
    ("clock", "closing_second", "expected"),
    [
        ("05:59:59", 59, "early"),
        ("06:00:00", 59, "within"),
        ("08:00:59", 59, "within"),
        ("08:01:00", 59, "late"),
        ("08:00:00", 0, "within"),
        ("08:00:01", 0, "late"),
    ],
)
def test_edge_18_the_closing_minute_still_counts_and_that_is_a_setting(clock, closing_second, expected):
    from datetime import datetime

    window = Windows(time(6), time(8), time(16), time(18))
    at = datetime.combine(MONDAY, time.fromisoformat(clock))
    assert timing(window, "in", at, MONDAY, closing_second) == expected


@pytest.fixture
def night_shift(cast):
    hours = WorkingHours.objects.create(
        agency=cast.dki,
        code="sif-malam",
        name="Sif malam",
        starts=date(2023, 1, 1),
        weekdays=[1, 2, 3, 4, 5, 6, 7],
        begins="22:00",
        finishes="07:00",
        in_opens="21:00",
        in_closes="22:00",
        out_opens="07:00",
        out_closes="10:00",
    )
    make_rota(cast.section, {cast.dewi: "wfo"}).entries.update(hours=hours)
    return cast.dewi


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("day", "clock", "work_date"),
    [
        (21, "20:30", 21),
        (21, "23:30", 21),
        (22, "03:00", 21),
        (22, "07:05", 21),
        (22, "10:00", 21),
        (22, "10:05", 22),
    ],
)
def test_edge_22_a_night_shift_keeps_the_date_on_which_it_began(night_shift, day, clock, work_date):
    now = wib(clock, date(2023, 8, day))
    found_day, expected = current(night_shift.pk, now)
    assert found_day == date(2023, 8, work_date) == expected.expectation.date


@pytest.mark.django_db
def test_edge_23_ramadan_hours_come_and_go_by_date_and_may_change_the_evening_before(cast):
    ramadan = WorkingHours.objects.create(
        agency=cast.dki,
        name="Ramadan",
        starts=date(2023, 3, 23),
        ends=date(2023, 4, 21),
        begins="07:00",
        finishes="14:00",
        **WINDOWS,
    )
    begins = [day_of(cast.bayu, date(2023, *d)).hours.begins for d in ((3, 22), (3, 23), (4, 21), (4, 24))]
    assert begins == [time(7, 30), time(7), time(7), time(7, 30)]
    ramadan.starts = date(2023, 3, 24)  # the session of 22 March decided otherwise
    ramadan.save()
    assert day_of(cast.bayu, date(2023, 3, 23)).hours.begins == time(7, 30)


@pytest.mark.django_db
def test_edge_23_hours_of_one_unit_or_one_month_leave_the_others_their_working_days(cast):
    from policy import planning

    WorkingHours.objects.all().delete()
    ramadan = {"starts": date(2023, 8, 21), "ends": date(2023, 8, 25)}
    for row in ({"unit": cast.other, "starts": date(2023, 1, 1)}, {"agency": cast.dki, **ramadan}):
        WorkingHours.objects.create(**{"agency": cast.dki} | row, begins="07:00", finishes="14:00", **WINDOWS)
    for day in (MONDAY, date(2023, 9, 4)):
        read = planning.read(cast.dki, date(2023, 8, 1), date(2023, 9, 30), [cast.section.pk])
        assert day_of(cast.bayu, day).mode == "wfo" and read.works(cast.section.pk, day)


@pytest.mark.django_db
def test_edge_24_friday_has_hours_of_its_own_and_the_same_credit(cast):
    WorkingHours.objects.create(
        agency=cast.dki,
        name="Jumat",
        starts=date(2023, 1, 2),
        weekdays=[5],
        begins="07:30",
        finishes="16:30",
        break_begins="11:30",
        break_finishes="13:00",
        **WINDOWS,
    )
    thursday, friday = (day_of(cast.bayu, date(2023, 8, d)) for d in (24, 25))
    assert (thursday.hours.finishes, friday.hours.finishes) == (time(16), time(16, 30))
    assert cast.scheme.credit_minutes == 510


@pytest.mark.parametrize(
    ("arrival", "late", "may_leave"), [("07:50", 0, "15:00"), ("08:40", 0, "15:40"), ("09:10", 10, "16:00")]
)
def test_edge_25_flexible_time_moves_the_end(arrival, late, may_leave):
    from datetime import datetime

    ramadan = Hours(
        "Ramadan 2026", time(8), time(15), None, None, 60, Windows(time(6), time(9), time(15), time(18))
    )
    came = datetime.combine(MONDAY, time.fromisoformat(arrival))
    assert late_minutes(ramadan, MONDAY, came) == late
    assert finish_of(ramadan, MONDAY, came).time() == time.fromisoformat(may_leave)


@pytest.mark.django_db
def test_edge_26_the_day_may_change_between_office_and_home_and_a_recall_ends_it_at_the_office(cast):
    halves = make_rota(cast.section, {cast.dewi: "wfh"})
    halves.entries.update(segment="pm")
    make_domicile(cast.dewi, by=cast.eko.user)
    assert [day_of(cast.dewi, clock=at).mode for at in ("07:00", "11:59", "12:00", "16:30")] == [
        "wfo",
        "wfo",
        "wfh",
        "wfh",
    ]
    absences.recall(cast.ani, at=wib("10:00"), reason="Rapat mendesak", by=cast.citra.user, now=wib("09:30"))
    ends = day_of(cast.ani, clock="16:30")
    assert (day_of(cast.ani, clock="07:10").mode, ends.mode, ends.is_recalled) == ("wfh", "wfo", True)


@pytest.mark.django_db
def test_edge_27_a_changed_joint_leave_changes_open_days_and_never_closed_ones(cast):
    eko = {"by": cast.eko.user, "now": wib("09:00", date(2023, 8, 25))}
    calendars.close(cast.dki, MONDAY, **eko)
    tuesday = MONDAY + timedelta(days=1)
    said = {"kind": "joint_leave", "name": "Cuti bersama", "reason": "SKB perubahan (contoh)"}
    assert code_of(lambda: calendars.set_day(cast.dki, MONDAY, **said, **eko)) == "period_closed"
    calendars.set_day(cast.dki, tuesday, **said, **eko)
    assert (day_of(cast.bayu).mode, day_of(cast.bayu, tuesday).why) == ("wfo", "holiday")


# -- People and organisation --


@pytest.mark.django_db
def test_edge_29_after_a_transfer_each_day_belongs_to_the_unit_and_superior_of_then(cast):
    moved = MONDAY + timedelta(days=3)
    unit, people = staffed(cast, 3)
    postings.transfer(
        people[0],
        unit=cast.section,
        site=cast.office,
        position="Analis",
        superior=cast.citra,
        starts=moved,
        by=cast.eko.user,
        now=wib("09:00"),
    )
    assert [allowance(unit, day).headcount for day in (MONDAY, moved)] == [3, 2]
    assert [expectation(people[0].pk, day, wib("09:00")).unit_id for day in (MONDAY, moved)] == [
        unit.pk,
        cast.section.pk,
    ]
    assert not scope_of(cast.citra.user, wib("09:00")).people_supervised().filter(employee=people[0]).exists()
    later = scope_of(cast.citra.user, wib("09:00", moved))
    assert later.people_supervised().filter(employee=people[0]).exists()


@pytest.mark.django_db
def test_edge_30_somebody_stands_in_for_a_superior_the_top_has_none_and_circles_are_refused(cast):
    Delegation.objects.create(superior=cast.citra, deputy=cast.bayu, kind="plh", starts=MONDAY, ends=MONDAY)
    seen = scope_of(cast.bayu.user, wib("09:00")).people_supervised()
    assert seen.filter(employee=cast.ani).exists()
    assert not scope_of(cast.bayu.user, wib("09:00", MONDAY + timedelta(days=1))).is_superior()
    assert day_of(cast.head).mode == "wfo"  # nobody above him, and all is well
    circle = cast.head.postings.get()
    circle.superior = cast.ani
    with pytest.raises(ValidationError) as refused:
        circle.full_clean()
    assert refused.value.error_dict["superior"][0].code == "superior_cycle"


@pytest.mark.django_db
def test_edge_31_nobody_decides_on_himself(cast):
    wish = absences.request(
        cast.citra,
        kind="annual_leave",
        starts=MONDAY + timedelta(days=7),
        ends=MONDAY + timedelta(days=8),
        document="",
        note="",
        by=cast.citra.user,
        now=wib("09:00"),
    )
    assert code_of(lambda: absences.approve(wish, by=cast.citra.user, now=wib("09:05"))) == "own_absence"
    home = domiciles.propose(cast.eko, latitude=MALL[0], longitude=MALL[1], now=BEFORE)
    assert code_of(lambda: domiciles.approve(home, by=cast.eko.user, now=BEFORE)) == "own_domicile"


@pytest.mark.django_db
def test_edge_32_of_two_domiciles_one_is_in_force_and_a_change_may_begin_later(cast):
    boarding_house = domiciles.propose(cast.ani, latitude=MALL[0], longitude=MALL[1], now=BEFORE)
    wednesday = MONDAY + timedelta(days=2)
    domiciles.approve(boarding_house, by=cast.eko.user, now=BEFORE, since=wib("00:00", wednesday))
    places = [day_of(cast.ani, day).places[0].id for day in (MONDAY, MONDAY + timedelta(days=1), wednesday)]
    assert places == [cast.domicile.pk, cast.domicile.pk, boarding_house.pk]
    assert cast.ani.domiciles.in_force(wib("12:00", wednesday)).count() == 1


@pytest.mark.django_db
def test_edge_33_a_domicile_may_lie_in_another_province_and_zone(cast):
    palu = (-0.8917, 119.8707)
    far = domiciles.propose(cast.ani, latitude=palu[0], longitude=palu[1], now=BEFORE)
    domiciles.approve(far, by=cast.eko.user, now=BEFORE)
    expected = day_of(cast.ani)
    assert (expected.places[0].id, expected.zone) == (far.pk, "Asia/Jakarta")


@pytest.mark.django_db
def test_edge_37_a_pregnant_colleague_goes_first_and_only_those_who_keep_the_files_know_why(cast):
    from policy.rota_generation import generate

    cast.scheme.priorities = [{"ground": "pregnant"}]
    cast.scheme.save()
    unit, people = staffed(cast, 3)
    Ground.objects.create(employee=people[2], ground="pregnant", starts=MONDAY)
    roster = generate(unit, MONDAY, MONDAY + timedelta(days=4))
    home = roster.entries.filter(mode="wfh").values_list("employee", flat=True)
    assert set(home) == {people[2].pk}
    assert "pregnant" not in str(roster.origin)
    citra, dewi = (scope_of(one.user, wib("09:00")) for one in (cast.citra, cast.dewi))
    mine = Ground.objects.create(employee=cast.ani, ground="pregnant", starts=MONDAY)
    assert mine not in Ground.objects.visible_to(citra) and mine in Ground.objects.visible_to(dewi)


@pytest.mark.django_db
def test_edge_37_a_check_does_not_tell_who_has_a_ground(cast):
    cast.scheme.only_grounds = ["pregnant"]
    cast.scheme.save()
    unit, people = staffed(cast, 4)
    Ground.objects.create(employee=people[0], ground="pregnant", starts=MONDAY)
    people[1].domiciles.update(status="rejected")
    assert found(planned(unit, people[1:3])) == {"not_eligible"}


@pytest.mark.django_db
@pytest.mark.parametrize(("day", "code"), [(20, None), (21, "exempt_post"), (25, "exempt_post"), (28, None)])
def test_edge_38_an_exempt_post_held_besides_exempts_for_the_dates_of_its_letter(cast, day, code):
    cast.scheme.phases.update(starts=date(2023, 8, 1))
    unit, people = staffed(cast, 4)
    for domicile in people[0].domiciles.all():
        type(domicile).objects.filter(pk=domicile.pk).update(in_force_from=wib("00:00", date(2023, 8, 1)))
    Exclusion.objects.create(scheme=cast.scheme, post="treasurer", reason="Bendahara")
    AdditionalDuty.objects.create(
        employee=people[0],
        post="treasurer",
        title="Bendahara pembantu",
        starts=date(2023, 8, 21),
        ends=date(2023, 8, 27),
    )
    when = date(2023, 8, 18) if day == 20 else date(2023, 8, day)
    assert found(planned(unit, people[:1], when)) == ({code} if code else set())


@pytest.mark.django_db
def test_edge_39_a_change_of_post_in_the_middle_of_the_week_counts_from_its_day(cast):
    unit, people = staffed(cast, 4)
    Exclusion.objects.create(scheme=cast.scheme, post="treasurer", reason="Bendahara")
    people[0].postings.update(post="treasurer", ends=MONDAY + timedelta(days=1))
    wednesday = MONDAY + timedelta(days=2)
    Posting.objects.create(
        employee=people[0], unit=unit, site=cast.office, position="Analis", starts=wednesday
    )
    assert found(planned(unit, people[:1])) == {"exempt_post"}
    assert found(planned(unit, people[:1], wednesday)) == set()


@pytest.mark.django_db
@pytest.mark.parametrize("how", ["contract ends", "retires on the 1st", "dies"])
def test_edge_40_who_is_gone_is_expected_nowhere_and_in_no_denominator(cast, how):
    unit, people = staffed(cast, 4)
    first = date(2023, 9, 1)
    if how == "dies":
        type(people[0]).objects.filter(pk=people[0].pk).update(is_active=False)
    else:
        people[0].postings.update(ends=first - timedelta(days=1))
    assert allowance(unit, first).headcount == 3
    gone = day_of(people[0], first)
    assert gone is None or gone.why == "not_employed"


@pytest.mark.django_db
def test_edge_40_a_cpns_without_a_nip_is_a_person_too(cast):
    newcomer = make_employee(cast.section, cast.office, "CPNS baru", kind="cpns")
    newcomer.nip = None
    newcomer.full_clean()
    newcomer.save()
    assert day_of(newcomer).mode == "wfo"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "counted_by_default"),
    [("suspended", True), ("study_assignment", True), ("seconded", False), ("travel", True)],
)
def test_edge_41_who_is_away_for_long_is_planned_nowhere_and_counted_as_the_scheme_says(
    cast, kind, counted_by_default
):
    from policy.rota_generation import generate

    unit, people = staffed(cast, 4)
    make_absence(people[0], kind)
    assert allowance(unit, MONDAY).headcount == 3 + counted_by_default
    assert not generate(unit, MONDAY, MONDAY).entries.filter(employee=people[0], mode="wfh").exists()
    cast.scheme.not_counted = [] if not counted_by_default else [kind]
    cast.scheme.save()
    assert allowance(unit, MONDAY).headcount == 4 - counted_by_default


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("own_category", "code"),
    [("", "excluded_category"), ("admin", None), ("public_service", "excluded_category")],
)
def test_edge_42_the_category_is_inherited_and_may_be_a_units_own(cast, own_category, code):
    """RSUD's administration: blocked by default, a setting of the unit (or of one posting)."""
    Exclusion.objects.create(scheme=cast.scheme, category="public_service", reason="Layanan langsung")
    hospital = make_unit(cast.dki, "RSUD", service_category="public_service")
    unit, people = staffed(cast, 4, "Subbagian Keuangan", hospital, service_category=own_category)
    assert found(planned(unit, people[:1])) == ({code} if code else set())
    people[1].postings.update(service_category="admin")
    assert found(planned(unit, people[1:2])) == set()


@pytest.mark.django_db
def test_edge_43_a_direct_service_that_works_digitally_may_be_given_from_home(cast):
    Exclusion.objects.create(scheme=cast.scheme, category="public_service", reason="Layanan langsung")
    unit, people = staffed(cast, 4, service_category="digital_service")
    assert found(planned(unit, people[:2])) == set()


@pytest.mark.django_db
def test_edge_44_before_publication_nobody_is_at_home_and_the_past_is_planned_by_hr_only(cast):
    unit, people = staffed(cast, 4)
    roster = planned(unit, people[:2])
    assert day_of(people[0]).why == "no_published_rota"
    late = wib("09:00", MONDAY + timedelta(days=1))
    assert code_of(lambda: publish(roster, cast, now=late)) == "retroactive"
    assert publish(roster, cast, by=cast.eko, now=late).is_retroactive


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("unit_is_field", "day", "dress"),
    [
        (False, date(2023, 8, 21), "PDH khaki"),
        (False, date(2023, 8, 25), "Baju sadariah"),
        (False, date(2023, 8, 17), "Batik Korpri"),
        (True, date(2023, 8, 21), "PDL"),
    ],
)
def test_edge_47_the_dress_is_that_of_weekday_date_and_unit(cast, unit_is_field, day, dress):
    DressCode.objects.all().delete()
    since = {"agency": cast.dki, "starts": date(2023, 1, 1)}
    DressCode.objects.create(**since, dress="PDH khaki", weekdays=[1, 2])
    DressCode.objects.create(**since, dress="Baju sadariah", weekdays=[5])
    DressCode.objects.create(
        agency=cast.dki, starts=date(2023, 8, 17), ends=date(2023, 8, 17), weekdays=[4], dress="Batik Korpri"
    )
    if unit_is_field:
        DressCode.objects.create(**since, unit=cast.section, dress="PDL", weekdays=[1, 2, 3, 4, 5])
    assert day_of(cast.bayu, day).dress == dress


def test_every_edge_that_concerns_policy_has_its_row():
    rows = {
        int(number)
        for number in re.findall(r"^def test_edge_(\d+)_", Path(__file__).read_text(), re.MULTILINE)
    }
    # 16 and 17 are seen over HTTP in test_check_in, 19 to 21 and 28 belong to attendance.
    assert set(CONCERN_POLICY) - rows == set()
