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
        if app_role == connection.settings_dict["USER"]:
            self.stderr.write(
                f"{app_role} owns the tables: evidence is NOT protected. Set DATABASE_OWNER_URL."
            )
            return
        protect(app_role)
        self.stdout.write(f"{len(evidence_models())} evidence tables are append-only for {app_role}.")


def evidence_models() -> list[type[Evidence]]:
    """Every model that is Evidence."""
    return [model for model in apps.get_models() if issubclass(model, Evidence)]


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
        for model in evidence_models():
            table = sql.Identifier(model._meta.db_table)
            cursor.execute(sql.SQL("REVOKE UPDATE, DELETE, TRUNCATE ON {} FROM {}").format(table, role))
            if model.MAY_UPDATE:
                columns = sql.SQL(", ").join(map(sql.Identifier, model.MAY_UPDATE))
                cursor.execute(sql.SQL("GRANT UPDATE ({}) ON {} TO {}").format(columns, table, role))
