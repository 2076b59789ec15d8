"""Draws: due once, in time or missed, sealed before and recomputable after."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from attendance import commitments, draws, prompts, schedule, tasks
from attendance.models import DaySecret, Draw, Prompt
from attendance.tasks import run_prompts
from policy import roster
from policy.models import CalendarDay, RosterEntry
from tests.make import MONDAY, OFFICE, at, make_absence, make_employee, make_rota, make_scheme, make_site, wib

pytestmark = pytest.mark.django_db


@pytest.fixture
def pool(cast, check_in, settings):
    """Ani has checked in, and everybody who takes part is drawn."""
    cast.scheme.draw_percent = 100
    cast.scheme.save()
    check_in(cast.ani)
    commitments.commit(wib("05:00"))
    return cast


def test_nothing_is_drawn_before_its_time(pool):
    assert draws.draw_due(wib("09:59:59")) == []


def test_a_slot_is_drawn_when_it_comes_and_only_once(pool):
    (draw,) = draws.draw_due(wib("10:00"))
    assert (draw.state, draw.is_late) == ("drawn", False)
    assert [prompt.employee for prompt in draw.prompts.all()] == [pool.ani]
    assert draws.draw_due(wib("10:01")) == []


def test_all_three_slots_come(pool):
    pool.scheme.daily_cap = 5
    pool.scheme.save()
    for text in ("10:00", "14:00", "16:00"):
        assert len(draws.draw_due(wib(text))) == 1
    assert Prompt.objects.count() == 3


def test_a_late_tick_draws_with_a_full_answer_window_and_says_so(pool):
    (draw,) = draws.draw_due(wib("10:20"))
    assert (draw.state, draw.is_late) == ("drawn", True)
    assert draw.prompts.get().expires_at == wib("10:40")


def test_a_tick_that_is_too_late_records_a_missed_slot_with_an_alert(pool, caplog):
    (draw,) = draws.draw_due(wib("10:20:01"))
    assert (draw.state, draw.prompts.count()) == ("missed", 0)
    assert "slot missed" in caplog.text


def test_days_without_any_tick_are_missed_and_not_silent(pool):
    missed = draws.draw_due(wib("16:30", MONDAY + timedelta(days=2)))
    assert len(missed) == 9 and {draw.state for draw in missed} == {"missed"}


def test_weekends_and_holidays_have_no_slots(pool):
    CalendarDay.objects.create(agency=pool.dki, date=MONDAY, kind="public_holiday", name="Libur")
    assert draws.draw_due(wib("18:00")) == []
    assert draws.draw_due(wib("18:00", date(2023, 8, 26))) != []
    assert not Draw.objects.filter(date__in=[MONDAY, date(2023, 8, 26)]).exists()


def test_an_agency_without_a_scheme_draws_nothing(pool):
    draws.draw_due(wib("10:00"))
    assert not Draw.objects.filter(agency=pool.tangsel).exists()


def test_slots_before_the_scheme_was_put_in_force_are_none(pool):
    pool.scheme.activated_at = wib("12:00")
    pool.scheme.save()
    assert draws.draw_due(wib("10:05")) == []


def test_each_zone_where_somebody_works_has_its_own_slots(pool):
    make_site(pool.dki, zone="Asia/Makassar")
    make_employee(pool.other, make_site(pool.dki, zone="Asia/Jayapura"), "Jauh")
    (draw,) = draws.draw_due(wib("08:00"))
    assert draw.zone == "Asia/Jayapura" and draw.pool == []


def reasons() -> dict[int, str]:
    return {row["employee"]: row["reason"] for row in Draw.objects.get().excluded}


def test_who_did_not_check_in_takes_no_part(pool):
    RosterEntry.objects.filter(employee=pool.bayu).update(mode="wfh")
    draws.draw_due(wib("10:00"))
    assert reasons() == {pool.bayu.pk: "not_checked_in"}


@pytest.mark.parametrize("said", [{"is_mock": True}, {"accuracy_m": 90}, {"uniform_photo": False}])
def test_a_check_in_that_waits_for_review_buys_no_immunity(cast, check_in, said):
    commitments.commit(wib("05:00"))
    check_in(cast.ani, **said)
    (draw,) = draws.draw_due(wib("10:00"))
    assert [row["employee"] for row in draw.pool] == [cast.ani.pk]


def test_who_came_to_the_office_takes_no_part(cast, check_in):
    commitments.commit(wib("05:00"))
    check_in(cast.ani, **at(OFFICE))
    draws.draw_due(wib("10:00"))
    assert reasons() == {cast.ani.pk: "at_the_office"}


@pytest.mark.parametrize("said", [{"accuracy_m": 300}, {"is_mock": True}])
def test_an_uncertain_claim_to_be_at_the_office_buys_no_immunity(pool, check_in, said):
    check_in(pool.ani, "07:30", **at(OFFICE), **said)
    (draw,) = draws.draw_due(wib("10:00"))
    assert [row["employee"] for row in draw.pool] == [pool.ani.pk]


def test_days_on_leave_make_nobody_overdue(pool):
    pool.scheme.draw_percent, pool.scheme.overdue_days = 1, 3
    pool.scheme.save()
    make_rota(pool.section, {pool.ani: "wfh"}, day=date(2023, 8, 16), days=3)
    make_absence(pool.ani, "annual_leave", "approved", date(2023, 8, 17), date(2023, 8, 18))
    (draw,) = draws.draw_due(wib("10:00"))
    assert draw.pool[0]["stratum"] == "regular"


def test_terms_that_cannot_be_drawn_by_are_no_terms(cast):
    cast.scheme.call_minutes = 0
    with pytest.raises(IntegrityError), transaction.atomic():
        cast.scheme.save()


def test_a_step_that_fails_keeps_no_other_from_its_work(pool, monday, monkeypatch, caplog):
    def broken(now):
        raise RuntimeError("broken")

    monday("10:00")
    monkeypatch.setattr(tasks, "STEPS", (broken, *tasks.STEPS))
    run_prompts()
    assert "step failed: broken" in caplog.text and Prompt.objects.exclude(notified_at=None).count() == 1


def test_who_is_on_leave_takes_no_part(pool):
    make_absence(pool.ani, "annual_leave", "approved", MONDAY, MONDAY)
    draws.draw_due(wib("10:00"))
    assert reasons() == {pool.ani.pk: "on_leave"}


def test_the_daily_cap_ends_the_day(pool):
    pool.scheme.daily_cap = 1
    pool.scheme.save()
    draws.draw_due(wib("10:00"))
    (second,) = draws.draw_due(wib("14:00"))
    assert second.excluded == [{"employee": pool.ani.pk, "reason": "at_daily_cap"}]


def test_who_was_not_drawn_for_long_is_overdue(pool, check_in):
    pool.scheme.draw_percent, pool.scheme.overdue_days = 1, 3
    pool.scheme.save()
    make_rota(pool.section, {pool.ani: "wfh"}, day=date(2023, 8, 16), days=3)
    (draw,) = draws.draw_due(wib("10:00"))
    assert draw.pool == [{"employee": pool.ani.pk, "superior": pool.citra.pk, "stratum": "overdue"}]
    assert draw.prompts.count() == 1
    (next_draw,) = draws.draw_due(wib("14:00"))
    assert next_draw.pool[0]["stratum"] == "regular"


def test_a_superior_gets_no_more_calls_than_fit_the_window(pool, check_in):
    team = [make_employee(pool.section, pool.office, f"Rekan {n}", pool.citra) for n in range(9)]
    make_rota(pool.section, dict.fromkeys(team, "wfh"))
    for person in team:
        check_in(person, **at(OFFICE))
    pool.scheme.answer_minutes, pool.scheme.call_minutes = 20, 5
    pool.scheme.save()
    (draw,) = draws.draw_due(wib("10:00"))
    assert draw.terms["calls"] == 4 and draw.prompts.count() <= 4


def test_commitments_are_published_days_ahead_and_never_change(cast):
    commitments.commit(wib("05:00"))
    before = dict(DaySecret.objects.values_list("date", "commitment"))
    assert sorted(before) == [MONDAY + timedelta(days=n) for n in (0, 1, 2, 3, 4, 7)]  # no weekend
    commitments.commit(wib("05:01"))
    assert dict(DaySecret.objects.values_list("date", "commitment")) == before


def test_a_draw_that_was_committed_to_ahead_needs_no_note(pool, as_owner, capsys):
    with as_owner():
        DaySecret.objects.update(committed_at=wib("05:00", date(2023, 8, 14)))
    draws.draw_due(wib("10:00"))
    commitments.reveal(wib("17:00"))
    call_command("verify_draw", "2023-08-21")
    assert "drawn: recomputed, identical\n" in capsys.readouterr().out


@pytest.mark.parametrize(
    "phases",
    [
        [(date(2023, 8, 21), date(2023, 8, 21), "09:00")],
        [(date(2023, 8, 14), None, "09:00"), (date(2023, 8, 21), date(2023, 8, 25), "11:00")],
        [(date(2023, 8, 21), date(2023, 10, 21), "09:00")],
        [(date(2023, 8, 1), date(2023, 10, 1), "09:00"), (date(2023, 8, 21), date(2023, 10, 21), "11:00")],
    ],
)
def test_the_slots_drawn_are_those_of_the_phase_that_decides(pool, phases):
    for number, (starts, ends, slot) in enumerate(phases):
        other = make_scheme(pool.dki, f"{number}/SE", slots=[slot])
        other.phases.update(starts=starts, ends=ends)
    drawn = [key.slot for key in schedule.slots([MONDAY])]
    assert tuple(drawn) == roster.expectation(pool.ani.pk, MONDAY, wib("08:00")).expectation.slots


def test_a_day_whose_slots_vanish_keeps_its_secret_until_it_is_over(pool):
    holiday = CalendarDay.objects.create(agency=pool.dki, date=MONDAY, kind="local_holiday", name="Keliru")
    commitments.reveal(wib("11:00"))
    assert DaySecret.objects.get(date=MONDAY).revealed == ""
    commitments.reveal(wib("00:10", MONDAY + timedelta(days=1)))
    assert DaySecret.objects.get(date=MONDAY).revealed != ""
    holiday.delete()


def test_a_secret_is_revealed_only_when_its_last_slot_is_past(pool):
    draws.draw_due(wib("10:00"))
    commitments.reveal(wib("16:20"))
    assert DaySecret.objects.get(date=MONDAY).revealed == ""
    commitments.reveal(wib("16:20:01"))
    secret = DaySecret.objects.get(date=MONDAY)
    assert commitments.commitment_of(bytes.fromhex(secret.revealed)) == secret.commitment
    assert DaySecret.objects.get(date=MONDAY + timedelta(days=1)).revealed == ""


def test_a_secret_that_cannot_be_opened_keeps_no_other_hidden(pool, as_owner, caplog):
    with as_owner():
        DaySecret.objects.filter(date=MONDAY).update(sealed=b"x" * 40)
    commitments.reveal(wib("17:00", MONDAY + timedelta(days=1)))
    assert "cannot be opened" in caplog.text
    assert DaySecret.objects.get(date=MONDAY + timedelta(days=1)).revealed


@pytest.fixture
def revealed(pool):
    for text in ("10:00", "14:00", "16:00"):
        draws.draw_due(wib(text))
    commitments.reveal(wib("17:00"))
    return pool


def test_anybody_can_recompute_a_day(revealed, capsys):
    call_command("verify_draw", "2023-08-21")
    assert capsys.readouterr().out.count("recomputed, identical, committed_on_the_day") == 3


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda day: Prompt.objects.first().delete(), "prompts_differ"),
        (
            lambda day: DaySecret.objects.filter(date=MONDAY).update(revealed="00" * 32),
            "secret_does_not_match",
        ),
        (
            lambda day: DaySecret.objects.filter(date=MONDAY).update(commitment="00" * 32),
            "secret_does_not_match",
        ),
        (lambda day: DaySecret.objects.filter(date=MONDAY).update(revealed=""), "secret_not_revealed"),
    ],
)
def test_tampering_with_a_draw_is_found(revealed, as_owner, capsys, change, fault):
    with as_owner():
        change(revealed)
    with pytest.raises(CommandError):
        call_command("verify_draw", "2023-08-21")
    assert fault in capsys.readouterr().out


def test_a_rota_that_changed_later_is_told_and_is_no_fault(revealed, capsys):
    RosterEntry.objects.filter(employee=revealed.bayu).update(mode="wfh")
    call_command("verify_draw", "2023-08-21")
    assert (
        capsys.readouterr().out.count("recomputed, identical, rota_changed_since, committed_on_the_day") == 3
    )


def test_a_day_without_commitment_cannot_be_verified(cast):
    with pytest.raises(CommandError):
        call_command("verify_draw", "2023-08-21")


def test_a_draw_that_fails_keeps_no_other_waiting_and_is_tried_again(pool, monkeypatch, caplog):
    make_employee(pool.other, make_site(pool.dki, zone="Asia/Pontianak"), "Jauh")
    honest = draws._draw

    def broken(agency, key, now):
        if key.zone == "Asia/Jakarta":
            raise RuntimeError("broken")
        return honest(agency, key, now)

    monkeypatch.setattr(draws, "_draw", broken)
    held = draws.draw_due(wib("10:00"))
    assert [draw.zone for draw in held] == ["Asia/Pontianak"]
    assert "draw failed" in caplog.text


def test_the_task_may_run_twice_at_any_time(pool, monday):
    for text in ("10:00", "10:00", "10:25", "14:00", "14:00", "16:30", "17:00"):
        monday(text)
        run_prompts()
        run_prompts()
    assert list(Draw.objects.order_by("slot").values_list("state", flat=True)) == ["drawn", "drawn", "missed"]
    assert Prompt.objects.filter(notified_at=None).count() == 0
    assert Prompt.objects.filter(state="undelivered").count() == Prompt.objects.count()
    assert prompts.notify_pending(wib("17:00")) == 0
