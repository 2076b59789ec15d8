"""The nouns of policy, one file a noun."""

from policy.models.absences import Absence, AbsencePaper, Recall
from policy.models.calendars import CalendarChange, CalendarDay, DressCode, WorkingHours
from policy.models.evidence import LocationRead
from policy.models.imports import ImportJob
from policy.models.installation import Installation
from policy.models.organisation import Agency, Unit
from policy.models.people import AdditionalDuty, Delegation, Employee, Ground, Posting, RoleGrant, User
from policy.models.places import Domicile, DomicileLocation, Site
from policy.models.rosters import Roster, RosterEntry
from policy.models.schemes import Cap, Exclusion, LegalBasis, Phase, Pooling, Scheme, SchemeChange
from policy.models.sessions import RefreshToken

__all__ = [
    "Absence",
    "AbsencePaper",
    "AdditionalDuty",
    "Agency",
    "CalendarChange",
    "CalendarDay",
    "Cap",
    "Delegation",
    "Domicile",
    "DomicileLocation",
    "DressCode",
    "Employee",
    "Exclusion",
    "Ground",
    "ImportJob",
    "Installation",
    "LegalBasis",
    "LocationRead",
    "Phase",
    "Pooling",
    "Posting",
    "Recall",
    "RefreshToken",
    "RoleGrant",
    "Roster",
    "RosterEntry",
    "Scheme",
    "SchemeChange",
    "Site",
    "Unit",
    "User",
    "WorkingHours",
]
