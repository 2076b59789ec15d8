"""The nouns of policy, one file a noun."""

from policy.models.absences import Absence
from policy.models.calendars import CalendarDay, WorkingHours
from policy.models.evidence import LocationRead
from policy.models.installation import Installation
from policy.models.organisation import Agency, Unit
from policy.models.people import Delegation, Employee, Posting, RoleGrant, User
from policy.models.places import Domicile, DomicileLocation, Site
from policy.models.rosters import Roster, RosterEntry
from policy.models.schemes import Cap, Exclusion, LegalBasis, Phase, Scheme
from policy.models.sessions import RefreshToken

__all__ = [
    "Absence",
    "Agency",
    "CalendarDay",
    "Cap",
    "Delegation",
    "Domicile",
    "DomicileLocation",
    "Employee",
    "Exclusion",
    "Installation",
    "LegalBasis",
    "LocationRead",
    "Phase",
    "Posting",
    "RefreshToken",
    "RoleGrant",
    "Roster",
    "RosterEntry",
    "Scheme",
    "Site",
    "Unit",
    "User",
    "WorkingHours",
]
