"""One draw for every agency, date, zone and slot; sealed before, recomputable after."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Count, Exists, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from attendance import commitments, lottery
from attendance.models import CheckIn, DaySecret, Draw, Prompt
from attendance.schedule import LATE, SlotKey, due, holding
from policy import roster
from policy.calendar import local_day
from policy.models import Absence, Agency, Phase, Posting, RosterEntry, Scheme
from policy.roster import Expected

ON_TIME = timedelta(minutes=3)  # a draw later than this is marked late

log = logging.getLogger("hadir.draws")


def draw_due(now: datetime) -> list[Draw]:
    """Holds every draw that is due by `now` (UTC); safe to call from any number of tickers at once.

    A draw that fails is logged and tried again at the next tick; it never keeps another agency waiting.
    """
    held = []
    for key in due(now):
        try:
            held.append(hold(key, now))
        except Exception:
            log.exception("draw failed: %s", key)
    return [draw for draw in held if draw is not None]


@transaction.atomic
def hold(key: SlotKey, now: datetime) -> Draw | None:
    """Holds one draw, or records that it was missed. None when another ticker holds or held it.

    1. Lock the agency, skipping if a ticker has it.  2. Look whether the draw exists; the unique constraint
    stands behind.  3. More than 20 minutes late: missed, never silent.  4. Draw, store everything that is
    needed to recompute it, and open the prompts, all in one transaction.
    """
    agency = Agency.objects.select_for_update(no_key=True, skip_locked=True).filter(pk=key.agency).first()
    if agency is None or Draw.objects.filter(**_columns(key)).exists():
        return None
    if now - key.at > LATE:
        log.error("slot missed: %s %s %s", agency.code, key.day, key.slot)
        return Draw.objects.create(**_columns(key), state=Draw.State.MISSED, drawn_at=now)
    return _draw(agency, key, now)


def _columns(key: SlotKey) -> dict:
    return {"agency_id": key.agency, "date": key.day, "zone": key.zone, "slot": key.slot}


def _draw(agency: Agency, key: SlotKey, now: datetime) -> Draw:
    scheme = _scheme(key)
    expected = _home_based(key, now)
    pool, excluded = _pool(expected, key, scheme)
    root = roster.root(agency, key.day)
    secret = commitments.opened(DaySecret.objects.get(agency=agency, date=key.day))
    seed = seed_of(secret, agency, key.day, key.zone, key.slot, root.hex())
    calls = max(1, scheme.answer_minutes // scheme.call_minutes)
    terms = {"percent": scheme.draw_percent, "calls": calls}
    draw = Draw.objects.create(
        **_columns(key),
        state=Draw.State.DRAWN,
        drawn_at=now,
        is_late=now - key.at > ON_TIME,
        seed=seed.hex(),
        roster_root=root.hex(),
        terms=terms,
        pool=[asdict(candidate) for candidate in pool],
        excluded=[{"employee": employee, "reason": reason} for employee, reason in excluded],
    )
    drawn = lottery.draw(seed, pool, **terms)
    _open_prompts(draw, [expected[employee] for employee in drawn], scheme, now)
    return draw


def seed_of(secret: bytes, agency: Agency, day: date, zone: str, slot, root: str) -> bytes:
    """The seed of a slot, from the day's secret and everything that was public beforehand."""
    return lottery.seed_of(secret, agency.code, str(day), zone, f"{slot:%H:%M}", root)


def _scheme(key: SlotKey) -> Scheme:
    """The scheme whose phase asks for the slot, that for the whole agency if there is one."""
    known = Phase.objects.touching(key.day, key.day).filter(scheme__agency=key.agency)
    known = list(known.select_related("scheme__legal_basis").prefetch_related("units"))
    asking = [phase.scheme for phase in holding(known, key.day) if f"{key.slot:%H:%M}" in phase.scheme.slots]
    return asking[-1]


def _home_based(key: SlotKey, now: datetime) -> dict[int, Expected]:
    """Everybody of the agency and zone whose published plan says home, with what is expected of them."""
    planned = RosterEntry.objects.filter(date=key.day, in_force=True, mode="wfh").values("employee")
    here = Posting.objects.on(key.day).filter(unit__agency=key.agency, site__zone=key.zone)
    employees = here.filter(employee__in=planned).values_list("employee", flat=True)
    return roster.expectations(list(employees), key.day, now)


def _pool(
    expected: dict[int, Expected], key: SlotKey, scheme: Scheme
) -> tuple[list[lottery.Candidate], list[tuple[int, str]]]:
    """Who takes part, and who does not with the reason."""
    arrived = _arrivals(expected, key.day)
    drawn_today = dict(
        _prompts(expected).filter(draw__date=key.day).values_list("employee").annotate(Count("pk"))
    )
    overdue = _overdue(expected, key.day, scheme.overdue_days)
    pool, excluded = [], []
    for employee, plan in sorted(expected.items()):
        at_cap = drawn_today.get(employee, 0) >= scheme.daily_cap
        reason = _excuse(plan, key.slot, arrived.get(employee), at_cap)
        if reason:
            excluded.append((employee, reason))
        else:
            stratum = "overdue" if employee in overdue else "regular"
            pool.append(lottery.Candidate(employee, plan.superior_id, stratum))
    return pool, excluded


def _excuse(plan: Expected, slot: time, arrived_mode: str | None, at_cap: bool) -> str | None:
    """Why somebody does not take part in a draw, or None."""
    if plan.expectation.mode != "wfh":  # on a split day the other half is at home
        split = plan.expectation.halves and plan.expectation.why == "published_rota"
        return "at_the_office" if split else plan.expectation.why
    if slot not in plan.expectation.slots:
        return "not_a_slot_of_the_phase"
    if arrived_mode is None:
        return "not_checked_in"
    if arrived_mode == "wfo":
        return "at_the_office"
    return "at_daily_cap" if at_cap else None


def _arrivals(employees: Iterable[int], day: date) -> dict[int, str]:
    """Where the last check-in that counts or is in review was: at the office only when that was accepted.

    Uncertainty buys no immunity: neither as a check-in nor as a claim to be at the office.
    """
    arrived = CheckIn.objects.filter(employee__in=list(employees), work_date=day, kind="in")
    arrived = arrived.with_effective_status().exclude(effective="refused").order_by("received_at")
    rows = arrived.values_list("employee", "mode", "effective")
    return {who: "wfo" if (mode, status) == ("wfo", "accepted") else "wfh" for who, mode, status in rows}


def _prompts(employees: Iterable[int]):
    return Prompt.objects.filter(employee__in=list(employees)).order_by()


def _overdue(employees: Iterable[int], day: date, after: int) -> set[int]:
    """Those with at least `after` home-based days, absences left out, since they were last drawn."""
    last = (
        Prompt.objects.filter(employee=OuterRef("employee"))
        .order_by()
        .values("employee")
        .annotate(last=Max("draw__date"))
        .values("last")
    )
    away = Absence.objects.filter(
        Q(ends__isnull=True) | Q(ends__gte=OuterRef("date")),
        employee=OuterRef("employee"),
        status="approved",
        starts__lte=OuterRef("date"),
    )
    entries = RosterEntry.objects.filter(
        ~Exists(away), employee__in=list(employees), in_force=True, mode="wfh", date__lt=day
    ).annotate(last_drawn=Coalesce(Subquery(last), date.min))
    days = Count("pk", filter=Q(date__gt=Subquery(last)) | Q(last_drawn=date.min))
    counted = entries.order_by().values("employee").annotate(days=days).filter(days__gte=after)
    return set(counted.values_list("employee", flat=True))


def _open_prompts(draw: Draw, drawn: list[Expected], scheme: Scheme, now: datetime) -> None:
    expires = now + timedelta(minutes=scheme.answer_minutes)
    Prompt.objects.bulk_create(
        Prompt(
            draw=draw,
            employee_id=plan.employee_id,
            agency_id=draw.agency_id,
            unit_id=plan.unit_id,
            superior_id=plan.superior_id,
            opened_at=now,
            expires_at=expires,
        )
        for plan in drawn
    )


@dataclass(frozen=True, slots=True)
class Finding:
    """What a recomputation of a draw found; `faults` is empty when everything fits."""

    draw: Draw
    prompts: int
    faults: tuple[str, ...]
    notes: tuple[str, ...] = ()


def verify(agency: Agency, day: date) -> list[Finding]:
    """Recomputes the draws of an agency's day from the revealed secret and the stored pools.

    Raises DaySecret.DoesNotExist where nothing was committed. A secret not revealed yet is a fault.
    """
    secret = DaySecret.objects.get(agency=agency, date=day)
    return [_verified(secret, draw) for draw in Draw.objects.filter(agency=agency, date=day).order_by("slot")]


def _verified(secret: DaySecret, draw: Draw) -> Finding:
    drawn = sorted(draw.prompts.values_list("employee", flat=True))
    if draw.state == Draw.State.MISSED:
        return Finding(draw, len(drawn), ("slot_missed",))
    if not secret.revealed:
        return Finding(draw, len(drawn), ("secret_not_revealed",))
    opened = bytes.fromhex(secret.revealed)
    seed = seed_of(opened, draw.agency, draw.date, draw.zone, draw.slot, draw.roster_root)
    again = lottery.draw(seed, [lottery.Candidate(**row) for row in draw.pool], **draw.terms)
    checks = {
        "secret_does_not_match_commitment": commitments.commitment_of(opened) == secret.commitment,
        "seed_differs": seed.hex() == draw.seed,
        "prompts_differ": again == drawn,
    }
    faults = tuple(fault for fault, fits in checks.items() if not fits)
    return Finding(draw, len(drawn), faults, _notes(secret, draw))


def _notes(secret: DaySecret, draw: Draw) -> tuple[str, ...]:
    """What changes nothing in a draw, but whoever checks should know."""
    notes = {
        "rota_changed_since": roster.root(draw.agency, draw.date).hex() != draw.roster_root,
        "committed_on_the_day": local_day(secret.committed_at, draw.zone) >= draw.date,
    }
    return tuple(note for note, applies in notes.items() if applies)
