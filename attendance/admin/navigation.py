"""The menu of a role, the banner of a rehearsal and the style sheet."""

from __future__ import annotations

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from attendance.models import CheckIn, DaySecret, Draw, Prompt
from policy import models as policy
from policy.admin.texts import at_clock, on_day
from policy.calendar import local_day

GROUPS = (
    (_("Kehadiran"), (CheckIn, Prompt, Draw, DaySecret, policy.Absence, policy.Recall)),
    (_("Kerja hibrida"), (policy.Domicile, policy.Roster, policy.Scheme)),
    (
        _("Kepegawaian"),
        (policy.Employee, policy.Posting, policy.Delegation, policy.AdditionalDuty, policy.Ground),
    ),
    (_("Organisasi"), (policy.Unit, policy.Site)),
    (_("Kalender"), (policy.CalendarDay, policy.CalendarChange, policy.WorkingHours, policy.DressCode)),
    (_("Pertukaran data"), (policy.ImportJob,)),
    (_("Pengawasan"), (policy.LocationRead,)),
    (_("Administrasi"), (policy.User, policy.RoleGrant, policy.Agency)),
)


def navigation(request: HttpRequest) -> list[dict]:
    """The groups of the sidebar with what the reader's role can use."""
    home = reverse("admin:index")
    first = {"title": _("Hari ini"), "icon": "today", "link": home, "active": request.path == home}
    groups = [{"title": title, "items": _items(request, models)} for title, models in GROUPS]
    return [{"items": [first]}, *[group for group in groups if group["items"]]]


def _items(request: HttpRequest, models) -> list[dict]:
    pages = [(model, admin.site.get_model_admin(model)) for model in models]
    return [
        item
        for model, page in pages
        if page.has_module_permission(request)
        for item in _entries(request, capfirst(model._meta.verbose_name_plural), page)
    ]


def _entries(request: HttpRequest, title: str, page) -> list[dict]:
    """The list of a model and the pages that stand beside it (`also`); the longest address that fits is active."""
    entries = [(title, page.icon, page.url("changelist"))]
    entries += [(label, icon, page.url(name)) for name, icon, label in getattr(page, "also", ())]
    here = max((link for *_, link in entries if request.path.startswith(link)), key=len, default=None)
    return [
        {"title": label, "icon": icon, "link": link, "active": link == here} for label, icon, link in entries
    ]


def surroundings(request: HttpRequest) -> dict:
    """What every page knows: the simulated time of a rehearsal."""
    if not settings.HADIR_REHEARSAL:
        return {}
    day = local_day(request.now, settings.TIME_ZONE)  # type: ignore[attr-defined]
    return {"rehearsal_now": f"{on_day(day)}, {at_clock(request.now)}"}  # type: ignore[attr-defined]


def style_sheet(request: HttpRequest) -> str:
    """The colours and tables of Hadir's own pages."""
    return static("hadir/admin.css")


def favicon(request: HttpRequest) -> str:
    """The mark in a browser's tab."""
    return static("hadir/favicon.svg")
