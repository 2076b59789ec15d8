"""Races with real processes on PostgreSQL: what the constraints and the locks promise."""

from __future__ import annotations

import json
import multiprocessing
import uuid
from collections import Counter
from datetime import date, timedelta

import pytest
from django.db import connection, connections, transaction

from attendance import commitments, draws, prompts
from attendance.models import CheckIn, CheckInLocation, Draw, Message, Prompt
from policy import rotas
from policy.allowances import allowance
from policy.api import tokens
from policy.clock import real_now
from policy.errors import DomainError
from policy.models import Cap, RefreshToken, Roster, RosterEntry
from tests.make import BEFORE, MONDAY, a_check_in, make_domicile, make_employee, make_unit, wib

pytestmark = pytest.mark.django_db(transaction=True)

forks = multiprocessing.get_context("fork")


def race(work, arguments: list) -> list:
    """Runs `work(argument)` in one process each, all let go at once; returns the results in any order."""
    connections.close_all()
    start, results = forks.Barrier(len(arguments)), forks.Queue()

    def run(argument) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET ROLE hadir_app")
        start.wait(60)
        try:
            results.put(work(argument))
        except Exception as error:  # the parent wants to see it
            results.put(repr(error))
        connections.close_all()

    runners = [forks.Process(target=run, args=(argument,)) for argument in arguments]
    for runner in runners:
        runner.start()
    found = [results.get(timeout=60) for _ in runners]
    for runner in runners:
        runner.join(60)
    return found


def test_fifty_posts_of_one_id_at_once_are_one_row_and_fifty_equal_bodies(cast, phone, monday):
    monday("07:10")
    client, body = phone(cast.ani), json.dumps(a_check_in())

    def post(_):
        response = client.generic("POST", "/api/v1/check-ins/", body, content_type="application/json")
        return response.status_code, response.content, response.get("Idempotent-Replayed")

    answers = race(post, list(range(50)))
    assert CheckIn.objects.count() == CheckInLocation.objects.count() == 1
    assert len({content for _status, content, _replayed in answers}) == 1
    assert Counter((status, replayed) for status, _content, replayed in answers) == {
        (201, None): 1,
        (200, "true"): 49,
    }


def test_fifty_different_ids_at_once_are_fifty_rows(cast, phone, monday):
    monday("07:10")
    client = phone(cast.ani)
    bodies = [json.dumps(a_check_in(id=str(uuid.uuid4()))) for _ in range(50)]
    statuses = race(
        lambda body: (
            client.generic("POST", "/api/v1/check-ins/", body, content_type="application/json").status_code
        ),
        bodies,
    )
    assert Counter(statuses) == {201: 50} and CheckIn.objects.count() == 50


@pytest.fixture
def slot(cast, check_in):
    """Six people checked in from home, the ten o'clock slot is due."""
    cast.scheme.draw_percent = 50
    cast.scheme.save()
    check_in(cast.ani)
    commitments.commit(wib("05:00"))
    return cast


def tick(_) -> tuple[int, int]:
    now = wib("10:00:30")
    return len(draws.draw_due(now)), prompts.notify_pending(now)


def test_eight_tickers_on_one_slot_hold_one_draw_and_tell_everybody_once(slot):
    slot.scheme.draw_percent = 100
    slot.scheme.save()
    results = race(tick, list(range(8)))
    assert Draw.objects.count() == 1 and sum(held for held, _told in results) == 1
    prompts.notify_pending(wib("10:01"))
    drawn = Prompt.objects.count()
    assert drawn == 1 and Message.objects.count() == 2
    assert not Prompt.objects.filter(notified_at=None).exists()


def test_a_ticker_killed_in_the_middle_leaves_nothing_and_the_next_draws_the_same(slot, monkeypatch):
    slot.scheme.draw_percent = 100
    slot.scheme.save()

    class Killed(BaseException):
        pass

    def die(*args):
        raise Killed

    with monkeypatch.context() as broken:
        broken.setattr(draws, "_open_prompts", die)
        with pytest.raises(Killed):
            draws.draw_due(wib("10:00"))
    assert not Draw.objects.exists()
    (draw,) = draws.draw_due(wib("10:01"))
    assert draw.prompts.count() == 1


def test_eight_commits_at_once_publish_one_commitment_a_day(cast):
    race(lambda _: commitments.commit(wib("05:00")), list(range(8)))
    from attendance.models import DaySecret

    assert DaySecret.objects.count() == 6  # a working week and the next Monday


def test_eight_refreshes_of_one_token_give_one_successor(cast):
    for _round in range(3):
        token = tokens.issue(cast.ani.user, real_now()).refresh
        successors = race(lambda token: tokens.refresh(token, real_now()).refresh, [token] * 8)
        assert len(set(successors)) == 1
    assert RefreshToken.objects.count() == 6


def test_a_hundred_publications_at_once_never_pass_a_cap_that_five_units_share(cast):
    """Five sections of four under one Perangkat Daerah, where 30 % of all may be at home: 6 of 20."""
    Cap.objects.filter(phase__scheme=cast.scheme).update(denominator="agency_unit", percent=30)
    top = make_unit(cast.dki, "Dinas Perpustakaan")
    sections = [make_unit(cast.dki, f"Seksi {n}", top) for n in range(5)]
    people = {unit: [make_employee(unit, cast.office, f"{unit} {n}") for n in range(4)] for unit in sections}
    for person in [one for team in people.values() for one in team]:
        make_domicile(person, by=cast.eko.user)
    days = [MONDAY + timedelta(days=n) for n in range(3)]
    plans = [_draft(unit, people[unit], days, number).pk for number in range(20) for unit in sections]

    def publish(mine: list[int]) -> Counter:
        return Counter(_published(pk, cast.eko.user) for pk in mine)

    outcomes = sum(race(publish, [plans[n::25] for n in range(25)]), Counter())
    assert sum(outcomes.values()) == 100 and set(outcomes) == {"published", "cap_exceeded"}
    for day in days:
        at_home = RosterEntry.objects.filter(date=day, in_force=True, mode="wfh", roster__unit__parent=top)
        assert 1 <= at_home.count() <= allowance(sections[0], day).allowed == 6


def _published(pk: int, by) -> str:
    try:
        rotas.publish(Roster.objects.get(pk=pk), by=by, now=BEFORE)
    except DomainError as refused:
        return refused.code
    return "published"


def _draft(unit, people, days: list[date], number: int) -> Roster:
    """One, two or three of a section at home, other people each time."""
    home = [people[(number + n) % 4].pk for n in range(1 + number % 3)]
    return rotas.draft(unit, days[0], days[-1], [rotas.Cell(pk, day, "wfh") for pk in home for day in days])


def test_two_approvals_at_once_leave_one_domicile_in_force(cast):
    from policy import domiciles
    from policy.models import Domicile
    from tests.make import MALL

    proposed = [
        domiciles.propose(cast.ani, latitude=MALL[0], longitude=MALL[1], now=wib("07:00")).pk
        for _ in range(4)
    ]

    def approve(pk: int) -> str:
        domiciles.approve(Domicile.objects.get(pk=pk), by=cast.eko.user, now=wib("08:00"))
        return "approved"

    assert race(approve, proposed) == ["approved"] * 4
    in_force = Domicile.objects.filter(employee=cast.ani, status="approved", in_force_until=None)
    assert in_force.count() == 1


def test_the_race_can_be_lost_without_the_constraint(cast):
    """The negative control: check-then-insert alone lets several rows in, so the harness can see a race."""
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute("CREATE TABLE race_control (id uuid)")
        cursor.execute("GRANT ALL ON race_control TO hadir_app")

    def insert(key: str) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM race_control WHERE id = %s", [key])
            if cursor.fetchone()[0] == 0:
                cursor.execute("SELECT pg_sleep(0.02)")
                cursor.execute("INSERT INTO race_control VALUES (%s)", [key])

    try:
        race(insert, [str(uuid.uuid4())] * 20)
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM race_control")
            assert cursor.fetchone()[0] > 1
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE race_control")
