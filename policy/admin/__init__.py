"""The web admin of policy: people, units, places, schemes and rotas, scoped for who looks."""

from policy.admin import calendars, organisation, people, places, rosters, schemes, users

__all__ = ["calendars", "organisation", "people", "places", "rosters", "schemes", "users"]
