"""Evidence is append-only: PostgreSQL refuses the application, whatever the code does."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import ProgrammingError, connection, transaction

from attendance import commitments, evidence
from attendance.models import CheckIn, DaySecret
from attendance.reports import opened
from policy.management.commands.protect_evidence import evidence_models
from tests.make import wib

pytestmark = pytest.mark.django_db

EVIDENCE = {
    "policy_absencepaper",
    "policy_calendarchange",
    "policy_recall",
    "policy_schemechange",
    "attendance_call",
    "attendance_daysecret",
    "attendance_checkin",
    "attendance_checkinlocation",
    "attendance_draw",
    "attendance_promptanswer",
    "attendance_promptanswerlocation",
    "attendance_review",
    "policy_locationread",
}


def test_these_tables_are_evidence():
    assert {model._meta.db_table for model in evidence_models()} == EVIDENCE


@pytest.mark.parametrize("table", sorted(EVIDENCE))
@pytest.mark.parametrize(
    "statement", ["DELETE FROM {}", "TRUNCATE {} CASCADE", "UPDATE {} SET {column} = {column}"]
)
def test_the_application_cannot_change_it(table, statement):
    model = next(m for m in apps.get_models() if m._meta.db_table == table)
    column = next(f.column for f in model._meta.fields if f.name not in ("id", *model.MAY_UPDATE))
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(statement.format(table, column=column))


def test_a_secret_can_be_revealed_and_its_commitment_not_moved(cast):
    commitments.commit(wib("05:00"))
    with pytest.raises(ProgrammingError), transaction.atomic():
        DaySecret.objects.update(commitment="00" * 32)
    assert DaySecret.objects.update(revealed="00" * 32) == 6


def test_the_application_can_change_what_is_not_evidence():
    with connection.cursor() as cursor:
        cursor.execute("UPDATE attendance_prompt SET state = state")
        cursor.execute("DELETE FROM attendance_message")


@pytest.mark.parametrize("statement", ["CREATE TABLE t (id int)", "ALTER TABLE attendance_checkin DISABLE TRIGGER ALL", "DROP TABLE attendance_checkin"])  # fmt: skip
def test_the_application_owns_nothing(statement):
    with pytest.raises(ProgrammingError), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(statement)


def facts_of(event: CheckIn) -> dict:
    """The facts that a leaf commits to, read back from the row."""
    left_out = {"id", "fingerprint", "leaf"}
    facts = {f.attname: getattr(event, f.attname) for f in event._meta.fields if f.name not in left_out}
    fix = opened(event.location, event)
    return facts | {
        "fix": {"latitude": fix.latitude, "longitude": fix.longitude, "accuracy_m": fix.accuracy_m}
    }


def test_the_leaf_commits_to_every_fact_of_the_row(cast, check_in):
    check_in(cast.ani)
    event = CheckIn.objects.get()
    facts, salt = facts_of(event), bytes(event.location.salt)
    assert evidence.leaf(facts, salt) == bytes(event.leaf)
    for name in facts:
        assert evidence.leaf({**facts, name: "altered"}, salt) != bytes(event.leaf)
    assert evidence.leaf(facts, evidence.new_salt()) != bytes(event.leaf)
