"""The clock of a rehearsal, and that it can't be had in earnest."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from policy import checks, clock
from policy.models import Installation


@pytest.fixture
def rehearsal(tmp_path, monkeypatch):
    """Writes clock.json and puts this process into the rehearsal."""
    monkeypatch.setenv("HADIR_CLOCK", "2023-08-21T06:55+07:00@60")
    monkeypatch.setenv("HADIR_REHEARSAL", "1")
    monkeypatch.setenv("HADIR_STATE", str(tmp_path))
    clock._started.cache_clear()

    def write(real):
        pair = {"simulated": "2023-08-21T06:55+07:00", "real": real, "speed": 60}
        (tmp_path / "clock.json").write_text(json.dumps(pair))

    yield write
    clock._started.cache_clear()


def test_real_time_is_real():
    assert abs((clock.now() - clock.real_now()).total_seconds()) < 5


def test_simulated_time_runs_at_its_speed():
    pair = clock.Rehearsal(datetime(2023, 8, 20, 23, 55, tzinfo=UTC), real=1000.0, speed=60)
    assert pair.at(1000) == datetime(2023, 8, 20, 23, 55, tzinfo=UTC)
    assert pair.at(1010) == datetime(2023, 8, 21, 0, 5, tzinfo=UTC)
    assert pair.at(900) == pair.simulated


def test_a_held_clock_stands_still_until_somebody_starts_it(rehearsal):
    rehearsal(None)
    held = clock.now()
    assert held == clock.now() == datetime(2023, 8, 20, 23, 55, tzinfo=UTC)
    rehearsal(0.0)
    assert clock.now() > held


def ids(messages) -> list[str]:
    return [message.id for message in messages]


def test_simulated_time_needs_the_word_rehearsal_and_loopback(rehearsal, monkeypatch, settings):
    assert checks.a_rehearsal_stays_a_rehearsal() == []
    settings.HADIR_BIND = "0.0.0.0"
    assert ids(checks.a_rehearsal_stays_a_rehearsal()) == ["hadir.E002"]
    monkeypatch.setenv("HADIR_REHEARSAL", "0")
    assert ids(checks.a_rehearsal_stays_a_rehearsal()) == ["hadir.E001", "hadir.E002"]


@pytest.mark.django_db
def test_simulated_time_needs_a_database_marked_as_a_rehearsal(rehearsal):
    assert ids(checks.installation_errors()) == ["hadir.E004"]
    Installation.objects.create(is_rehearsal=True)
    assert checks.installation_errors() == []


@pytest.mark.django_db
def test_a_rehearsals_database_never_serves_in_real_time():
    Installation.objects.create(is_rehearsal=True)
    assert ids(checks.installation_errors()) == ["hadir.E005"]
    with pytest.raises(SystemExit, match="hadir.E005"):
        checks.refuse_to_start()
