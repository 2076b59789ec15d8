"""What must hold for a scheme as a whole, be it of a file or of stored rows. PURE.

The parts come by their number in the file, so that a place can be named though another part could not be read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, time
from itertools import combinations

from policy.calendar import Windows
from policy.quota import Cap, allowed
from policy.schemes.values import (
    CATEGORIES,
    DENOMINATORS,
    CapFile,
    DressFile,
    ExclusionFile,
    HoursFile,
    PhaseFile,
    PriorityFile,
    Problem,
    SchemeFile,
)

# Every code of this module, for the docs and the sentences of refusals.
CODES = (
    "phase_missing",
    "period_out_of_order",
    "windows_out_of_order",
    "phase_without_cap",
    "cap_given_twice",
    "contradictory_caps",
    "overlapping_phase",
    "slots_out_of_order",
    "names_one_thing",
    "excluded_twice",
    "break_incomplete",
    "hours_out_of_order",
    "national_names_units",
)


def problems(file: SchemeFile) -> list[Problem]:
    """Everything that is wrong with a scheme that could be read."""
    return [
        *phase_problems(dict(enumerate(file.phases))),
        *slot_problems(file.slots or ()),
        *choice_problems(dict(enumerate(file.exclusions)), dict(enumerate(file.priorities))),
        *pattern_problems(dict(enumerate(file.hours)), dict(enumerate(file.dress))),
        *national_problems(file),
    ]


def phase_problems(phases: Mapping[int, PhaseFile]) -> Iterator[Problem]:
    """Phases with their dates, windows and caps, each by itself and beside the others."""
    if not phases:
        yield Problem("phase_missing", "phases", "Skema memerlukan paling sedikit satu tahap.")
    for number, phase in phases.items():
        where = f"phases[{number}]"
        yield from _period(where, phase.starts, phase.ends)
        if phase.windows:
            yield from _windows(where, phase.windows, "in_opens")
        yield from _caps(where, phase.caps)
    yield from _overlaps(phases)


def _period(where: str, starts: date, ends: date | None) -> Iterator[Problem]:
    if ends and ends < starts:
        yield Problem(
            "period_out_of_order", f"{where}.ends", "Tanggal akhir lebih awal daripada tanggal mulai."
        )


def _windows(where: str, windows: Windows, from_key: str) -> Iterator[Problem]:
    """A window opens before it closes, the one for leaving not before the one for coming."""
    times = (windows.in_opens, windows.in_closes, windows.out_opens, windows.out_closes)
    came, left = times[:2], times[2:]
    if came[0] >= came[1] or left[0] >= left[1] or came[0] > left[0] or came[1] > left[1]:
        detail = "Jendela presensi harus dibuka sebelum ditutup, dan presensi pulang tidak mendahului presensi masuk."
        yield Problem("windows_out_of_order", f"{where}.{from_key}", detail)


def _caps(where: str, caps: tuple[CapFile, ...]) -> Iterator[Problem]:
    if not caps:
        detail = "Tahap tanpa batas berarti tidak seorang pun boleh bekerja dari rumah. Tuliskan batasnya."
        yield Problem("phase_without_cap", where, detail)
    seen = set()
    for number, cap in enumerate(caps):
        same = (cap.measure, cap.bound, cap.denominator or "unit", cap.category)
        if same in seen:
            yield Problem("cap_given_twice", f"{where}.caps[{number}]", "Batas yang sama ditulis dua kali.")
        seen.add(same)
    headcount = contradiction(caps)
    if headcount:
        detail = (
            f"Batas saling bertentangan: pada {headcount} pegawai, paling sedikit melebihi paling banyak."
        )
        yield Problem("contradictory_caps", f"{where}.caps", detail)


def contradiction(caps: Iterable[CapFile]) -> int | None:
    """The smallest head count at which some people must and may not work from home; None where there is none.

    A hundred head counts show it: beyond, the rounding repeats and only the difference of the percents grows.
    """
    stated = list(caps)
    for denominator in DENOMINATORS:
        for category in (None, *CATEGORIES):
            here = [cap for cap in stated if _counts(cap, denominator, category)]
            for headcount in range(1, 101) if here else ():
                share = allowed(headcount, (Cap(cap.measure, cap.bound, cap.percent) for cap in here))
                if share.least > share.most:
                    return headcount
    return None


def _counts(cap: CapFile, denominator: str, category: str | None) -> bool:
    return (cap.denominator or "unit") == denominator and cap.category in (None, category)


def _overlaps(phases: Mapping[int, PhaseFile]) -> Iterator[Problem]:
    """Two phases for the same places overlap only where one lies inside the other: then the shorter decides."""
    for (_, one), (number, other) in combinations(phases.items(), 2):
        if (
            same_places(one, other)
            and overlap(one, other)
            and not (lies_in(one, other) or lies_in(other, one))
        ):
            detail = (
                f"Tahap “{one.name}” dan “{other.name}” tumpang tindih, dan tidak jelas mana yang menentukan."
            )
            yield Problem("overlapping_phase", f"phases[{number}]", detail)


def same_places(one: PhaseFile, other: PhaseFile) -> bool:
    """Whether two phases name the same units and regions."""
    return set(one.units) == set(other.units) and set(one.regions) == set(other.regions)


def overlap(one: PhaseFile, other: PhaseFile) -> tuple[date, date] | None:
    """The dates on which both phases hold, both inclusive; an open end is date.max."""
    first = max(one.starts, other.starts)
    last = min(one.ends or date.max, other.ends or date.max)
    return (first, last) if first <= last else None


def lies_in(inner: PhaseFile, outer: PhaseFile) -> bool:
    """Whether a phase holds on some of another's days and on no other day."""
    same = (inner.starts, inner.ends) == (outer.starts, outer.ends)
    return not same and inner.starts >= outer.starts and (inner.ends or date.max) <= (outer.ends or date.max)


def slot_problems(slots: tuple[time, ...]) -> Iterator[Problem]:
    """Slots in the order of the day, each once."""
    if any(one >= other for one, other in zip(slots, slots[1:], strict=False)):
        yield Problem("slots_out_of_order", "slots", "Jadwal verifikasi harus berurutan dan tidak berulang.")


def choice_problems(
    exclusions: Mapping[int, ExclusionFile], priorities: Mapping[int, PriorityFile]
) -> Iterator[Problem]:
    """An exclusion and a priority name one thing each; nothing is excluded twice."""
    seen = set()
    for number, one in exclusions.items():
        where = f"exclusions[{number}]"
        if sum(part is not None for part in (one.unit, one.category, one.post)) != 1:
            yield Problem("names_one_thing", where, "Isi tepat satu: unit, category, atau post.")
        elif (one.unit, one.category, one.post) in seen:
            yield Problem("excluded_twice", where, "Pengecualian yang sama ditulis dua kali.")
        seen.add((one.unit, one.category, one.post))
    for number, first in priorities.items():
        if sum(part is not None for part in (first.ground, first.domicile, first.office)) != 1:
            where = f"priorities[{number}]"
            yield Problem("names_one_thing", where, "Isi tepat satu: ground, domicile, atau office.")


def pattern_problems(hours: Mapping[int, HoursFile], dress: Mapping[int, DressFile]) -> Iterator[Problem]:
    """Working hours and dress with their dates, and the times of a day in the order of that day."""
    for number, row in hours.items():
        where = f"hours[{number}]"
        yield from _period(where, row.starts, row.ends)
        yield from _hours(where, row)
    for number, worn in dress.items():
        yield from _period(f"dress[{number}]", worn.starts, worn.ends)


def _hours(where: str, row: HoursFile) -> Iterator[Problem]:
    if (row.break_begins is None) != (row.break_finishes is None):
        detail = "Istirahat memerlukan jam mulai dan jam selesai."
        yield Problem("break_incomplete", f"{where}.break_begins", detail)
    windows = row.windows or windows_around(row)
    day = windows.in_opens  # a shift over midnight is in order when counted from here
    rising = [
        (row.begins, row.finishes),
        (windows.in_opens, windows.in_closes),
        (windows.out_opens, windows.out_closes),
        (windows.in_closes, windows.out_closes),
    ]
    if row.break_begins and row.break_finishes:
        rising += [(row.begins, row.break_begins), (row.break_begins, row.break_finishes)]
        rising += [(row.break_finishes, row.finishes)]
    if any(_since(day, before) >= _since(day, later) for before, later in rising):
        detail = "Jam kerja, istirahat, dan jendela presensi harus berurutan dalam satu hari kerja."
        yield Problem("hours_out_of_order", f"{where}.begins", detail)


def _since(start: time, at: time) -> int:
    """Minutes from `start` on, over midnight."""
    return ((at.hour - start.hour) * 60 + at.minute - start.minute) % (24 * 60)


def windows_around(row: HoursFile) -> Windows:
    """Windows for hours whose document gives none, after those of special hours in e-0059/SE/2023.

    From an hour before the beginning until the beginning (with the flexible time; later is late), and from the end
    until three hours later.
    """
    late = row.flex_minutes or 0
    opens, closes = _shifted(row.begins, -60), _shifted(row.begins, late)
    return Windows(opens, closes, row.finishes, _shifted(row.finishes, 180))


def _shifted(at: time, minutes: int) -> time:
    """A wall time so many minutes on, over midnight."""
    of_the_day = (at.hour * 60 + at.minute + minutes) % (24 * 60)
    return time(of_the_day // 60, of_the_day % 60)


def national_problems(file: SchemeFile) -> Iterator[Problem]:
    """A national scheme has no units of an agency, and no hours or dress of one."""
    if not file.national:
        return
    named = {
        "exclusions": any(one.unit for one in file.exclusions),
        "phases": any(phase.units for phase in file.phases),
        "poolings": bool(file.poolings),
        "hours": bool(file.hours),
        "dress": bool(file.dress),
    }
    for where, found in named.items():
        if found:
            detail = "Skema nasional tidak dapat menyebut unit kerja, jam kerja, atau pakaian satu instansi."
            yield Problem("national_names_units", where, detail)
