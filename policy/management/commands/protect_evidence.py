"""Gives the roles their rights. Run as the owner after every migrate; safe to repeat."""

from __future__ import annotations

from django.apps import apps
from django.core.management.base import BaseCommand
from django.db import connection, transaction
from psycopg import sql

from policy.models.evidence import Evidence


class Command(BaseCommand):
    help = "Takes UPDATE, DELETE and TRUNCATE on evidence from the application's database role."
    requires_system_checks: list = []

    def add_arguments(self, parser) -> None:
        parser.add_argument("--app-role", default="hadir_app")

    def handle(self, *args, app_role: str, **options) -> None:
        protect(app_role)
        self.stdout.write(f"{len(evidence_tables())} evidence tables are append-only for {app_role}.")


def evidence_tables() -> list[str]:
    """The tables of every model that is Evidence."""
    return sorted(model._meta.db_table for model in apps.get_models() if issubclass(model, Evidence))


@transaction.atomic
def protect(app_role: str) -> None:
    """Grants the application what it needs and no more; PostgreSQL refuses the rest."""
    role = sql.Identifier(app_role)
    with connection.cursor() as cursor:
        for statement in (
            "GRANT USAGE ON SCHEMA public TO {}",
            "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}",
            "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}",
        ):
            cursor.execute(sql.SQL(statement).format(role))
        for table in evidence_tables():
            revoke = sql.SQL("REVOKE UPDATE, DELETE, TRUNCATE ON {} FROM {}")
            cursor.execute(revoke.format(sql.Identifier(table), role))
