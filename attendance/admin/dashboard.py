"""The home page: what a superior, an officer, HR or an auditor needs to see of a day."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from attendance import recaps
from attendance.admin.boards import people, review_rows, to_review, waiting_calls
from attendance.models import Draw
from attendance.recaps import UnitDay
from policy import absences, rota_gaps
from policy.admin.seats import AUDITOR, HR, OFFICER, SUPERIOR, TECHNICAL, Seat, seat_of
from policy.admin.texts import at_clock, in_words, number_of, on_day, period
from policy.calendar import local_day
from policy.models import Agency, Domicile, Posting, Roster, Unit

EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 31)
MOST_DOMICILES = MOST_ABSENCES = 5

# The columns of recaps.unit_day: (field, heading, what it means).
COLUMNS = (
    ("headcount", gettext_lazy("Pegawai"), gettext_lazy("Pegawai yang ditempatkan pada hari itu")),
    ("planned_wfh", gettext_lazy("WFH"), gettext_lazy("Terjadwal bekerja dari rumah")),
    ("cap", gettext_lazy("Batas"), gettext_lazy("Batas paling banyak WFH, dijumlahkan dari semua seksi")),
    ("planned_wfo", gettext_lazy("WFO"), gettext_lazy("Terjadwal bekerja di kantor")),
    ("present", gettext_lazy("Hadir"), gettext_lazy("Presensi masuk yang dihitung, termasuk sementara")),
    ("late", gettext_lazy("Terlambat"), gettext_lazy("Presensi masuk setelah jendela presensi ditutup")),
    ("uncertain", gettext_lazy("Belum pasti"), gettext_lazy("Lokasi belum dapat dipastikan")),
    ("outside", gettext_lazy("Di luar"), gettext_lazy("Lokasi di luar tempat yang diperbolehkan")),
    ("no_uniform", gettext_lazy("Tanpa foto"), gettext_lazy("Tanpa foto pakaian dinas")),
    ("drawn", gettext_lazy("Diundi"), gettext_lazy("Verifikasi yang diundi")),
    ("answered", gettext_lazy("Dijawab"), gettext_lazy("Verifikasi yang dijawab pegawai")),
    ("verified", gettext_lazy("Terverifikasi"), gettext_lazy("Kehadiran dipastikan melalui panggilan video")),
    ("missed", gettext_lazy("Tanpa jawaban"), gettext_lazy("Tidak dijawab atau tidak tersampaikan")),
)
GROUPS = ((gettext_lazy("Rencana"), 4), (gettext_lazy("Kehadiran"), 5), (gettext_lazy("Verifikasi"), 4))


@dataclass(frozen=True, slots=True)
class Visit:
    """Who looks at which day, and when."""

    seat: Seat
    day: date
    today: date
    now: datetime


def dashboard(request: HttpRequest, context: dict) -> dict:
    """Fills admin/index.html: a section for each role, one below another."""
    seat = seat_of(request)
    today = local_day(request.now, settings.TIME_ZONE)  # type: ignore[attr-defined]
    day, problem = chosen_day(request.GET.get("date", ""), today)
    visit = Visit(seat, day, today, request.now)  # type: ignore[attr-defined]
    unit = _chosen_unit(request.GET.get("unit"), seat)
    keep = f"&unit={unit.pk}" if unit else ""
    return context | {
        "title": _("Hari ini") if day == today else on_day(day),
        "day": day,
        "day_words": in_words(day),
        "is_today": day == today,
        "problem": problem,
        "earlier": f"?date={day - timedelta(days=1)}{keep}",
        "later": f"?date={day + timedelta(days=1)}{keep}",
        "unit": unit,
        "updated": at_clock(visit.now),
        "sections": [_unit_board(visit, unit)] if unit else sections(visit),
    }


def chosen_day(text: str, today: date) -> tuple[date, str]:
    """The day that was asked for, today by default; a text that is no date comes with a friendly sentence."""
    if not text:
        return today, ""
    try:
        chosen = parse_date(text)
    except ValueError:
        chosen = None
    if chosen and EARLIEST < chosen < LATEST:
        return chosen, ""
    return today, _("Tanggal tersebut tidak dapat dibaca sehingga yang ditampilkan adalah hari ini.")


def _chosen_unit(text: str | None, seat: Seat) -> Unit | None:
    """The unit whose board was asked for; 404 where the reader does not look after it."""
    if text is None:
        return None
    if seat.scope is None or not text.isdecimal() or len(text) > 15:
        raise Http404
    unit = Unit.objects.visible_to(seat.scope).filter(pk=int(text)).first()
    if unit is None:
        raise Http404
    return unit


def sections(visit: Visit) -> list[dict]:
    """One section a role, nothing twice."""
    seat, found = visit.seat, []
    if SUPERIOR in seat.roles:
        found.append(_superior(visit))
    if OFFICER in seat.roles:
        found.append(_officer(visit))
    if HR in seat.roles or AUDITOR in seat.roles:
        agencies = Agency.objects.filter(pk__in=seat.scope.agency_wide)
        found += [_agency(visit, agency) for agency in agencies]
    if seat.roles & {SUPERIOR, OFFICER, HR}:
        found.append(_absences(seat))
    if HR in seat.roles or OFFICER in seat.roles:
        found += [_rotas(visit), _domiciles(seat)]
    return [section for section in found if section] or [_nothing(seat)]


def _superior(visit: Visit) -> dict:
    scope = visit.seat.scope
    mine = Posting.objects.filter(superior__in=scope.stands_for).exclude(employee=scope.employee)
    rows = people(mine, visit.day, visit.now, orders=True)
    calls = waiting_calls(scope, visit.day, visit.now)
    reviews = review_rows(to_review(scope, visit.day, visit.now))
    expected = [row for row in rows if row.expected]
    present = sum(row.counted for row in expected)
    return {
        "template": "admin/hadir/home_superior.html",
        "figures": [
            (_("Hadir"), present, _("dari %(n)d pegawai") % {"n": len(expected)}, "how_to_reg", "#pegawai"),
            (
                _("Belum tercatat hadir"),
                len(expected) - present,
                _("pegawai terjadwal"),
                "schedule",
                "#pegawai",
            ),
            (_("Perlu ditinjau"), len(reviews), _("presensi"), "rate_review", "#tinjau"),
            (_("Panggilan"), len(calls), _("menunggu Anda"), "video_call", "#panggilan"),
        ],
        "calls": calls,
        "reviews": reviews,
        "people": rows,
        "people_title": _("Pegawai Anda"),
    }


def _officer(visit: Visit) -> dict:
    """The board of an officer's units, without those whom he sees as their superior already."""
    scope = visit.seat.scope
    postings = Posting.objects.filter(unit__in=scope.units)
    if SUPERIOR in visit.seat.roles:
        own = postings.filter(superior__in=scope.stands_for).exclude(employee=scope.employee)
        postings = postings.exclude(pk__in=own)
    return {
        "template": "admin/hadir/home_unit.html",
        "people": people(postings, visit.day, visit.now),
        "people_title": _("Pegawai unit Anda"),
        "rota": reverse("admin:policy_roster_changelist"),
    }


def _unit_board(visit: Visit, unit: Unit) -> dict:
    below = Unit.objects.descendants(unit, include_self=True)
    return {
        "template": "admin/hadir/home_unit.html",
        "people": people(Posting.objects.filter(unit__in=below), visit.day, visit.now),
        "people_title": unit.name,
        "back": f"?date={visit.day}",
    }


def _agency(visit: Visit, agency: Agency) -> dict:
    rows = recaps.unit_day(agency, visit.day, visit.now)
    missed = Draw.objects.filter(agency=agency, date=visit.day, state=Draw.State.MISSED).order_by("slot")
    return {
        "template": "admin/hadir/home_agency.html",
        "agency": agency,
        "groups": GROUPS,
        "columns": COLUMNS,
        "units": [_unit_row(row, visit.day) for row in rows],
        "total": _figures(_sum(rows)),
        "missed": [f"{draw.slot:%H.%M}" for draw in missed],
        "draws": reverse("admin:attendance_draw_changelist"),
    }


def _unit_row(row: UnitDay, day: date) -> dict:
    return {"name": row.unit.name, "link": f"?date={day}&unit={row.unit.pk}", "figures": _figures(row)}


def _figures(row: UnitDay) -> list[dict]:
    """The cells of a row; what needs a look is marked."""
    over = row.planned_wfh > row.cap
    alarming = {"planned_wfh": over, "outside": row.outside > 0, "missed": row.missed > 0}
    return [
        {"value": getattr(row, name), "title": title, "alarm": alarming.get(name, False)}
        for name, _heading, title in COLUMNS
    ]


def _sum(rows: list[UnitDay]) -> UnitDay:
    counted = [f.name for f in fields(UnitDay) if f.name in recaps.COLUMNS]
    return UnitDay(None, **{name: sum(getattr(row, name) for row in rows) for name in counted})  # type: ignore[arg-type]


def _rotas(visit: Visit) -> dict | None:
    """Rotas that no longer hold, and units without one for the next week: no rota, no WFH."""
    scope = visit.seat.scope
    broken = Roster.objects.visible_to(scope).with_broken(visit.today).filter(broken=True).count()
    unplanned = len(rota_gaps.without_rota(Unit.objects.visible_to(scope), visit.today))
    if not broken and not unplanned:
        return None
    first, last = rota_gaps.next_week(visit.today)
    return {
        "template": "admin/hadir/home_rotas.html",
        "broken": broken,
        "to_broken": reverse("admin:policy_roster_changelist") + "?check=yes",
        "unplanned": unplanned,
        "to_unplanned": reverse("admin:policy_unit_changelist") + "?rota=none",
        "first": on_day(first),
        "last": on_day(last),
    }


def _domiciles(seat: Seat) -> dict | None:
    """The domiciles on which the reader has to decide, the oldest first."""
    scope = seat.scope
    waiting: QuerySet = Domicile.objects.visible_to(scope).filter(status=Domicile.Status.PROPOSED)
    waiting = waiting.exclude(employee=scope.employee).exclude(
        employee__agency__in=scope.agency_wide - scope.hr
    )
    oldest = list(waiting.select_related("employee").order_by("proposed_at")[: MOST_DOMICILES + 1])
    rows = [
        {
            "name": domicile.employee.name,
            "number": number_of(domicile.employee),
            "district": domicile.district,
            "since": on_day(local_day(domicile.proposed_at, settings.TIME_ZONE)),
            "link": reverse("admin:policy_domicile_change", args=[domicile.pk]),
        }
        for domicile in oldest[:MOST_DOMICILES]
    ]
    return {
        "template": "admin/hadir/home_domiciles.html",
        "rows": rows,
        "more": len(oldest) > MOST_DOMICILES,
        "all": reverse("admin:policy_domicile_changelist") + "?status__exact=proposed",
    }


def _absences(seat: Seat) -> dict | None:
    """The requests for leave and travel on which the reader has to decide, the earliest first."""
    waiting = absences.waiting_for(seat.scope).select_related("employee").order_by("starts", "pk")
    earliest = list(waiting[: MOST_ABSENCES + 1])
    if not earliest and not seat.roles & {OFFICER, HR}:
        return None
    rows = [
        {
            "name": absence.employee.name,
            "number": number_of(absence.employee),
            "kind": absence.get_kind_display(),
            "period": period(absence),
            "link": reverse("admin:policy_absence_change", args=[absence.pk]),
        }
        for absence in earliest[:MOST_ABSENCES]
    ]
    return {
        "template": "admin/hadir/home_absences.html",
        "rows": rows,
        "more": len(earliest) > MOST_ABSENCES,
        "all": reverse("admin:policy_absence_changelist") + "?status__exact=proposed",
    }


def _nothing(seat: Seat) -> dict:
    return {"template": "admin/hadir/home_nothing.html", "technical": TECHNICAL in seat.roles}
