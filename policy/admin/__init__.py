"""The web admin of policy: people, units, places, schemes and rotas, scoped for who looks."""

from policy.admin import (
    absences,
    calendars,
    duties,
    imports,
    organisation,
    people,
    places,
    rosters,
    schemes,
    users,
)

__all__ = [
    "absences",
    "calendars",
    "duties",
    "imports",
    "organisation",
    "people",
    "places",
    "rosters",
    "schemes",
    "users",
]
