"""Where a row of a file falls in somebody's postings: the same, a correction, a transfer, or a new one. PURE."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from policy.imports.cells import Fault


@dataclass(slots=True, eq=False)
class Held:
    """A posting: unit, office, position, post, category and superior in `what`, from a date to a date inclusive.

    `pk` is None until it is stored, `row` the row of the file that speaks of it. `ends_given` tells an end that
    a file names from one that follows from another row.
    """

    starts: date
    ends: date | None
    what: tuple[Any, ...]
    pk: int | None = None
    row: int | None = None
    ends_given: bool = False

    def holds_on(self, day: date) -> bool:
        """Whether it holds on a date."""
        return self.starts <= day and (self.ends is None or day <= self.ends)


@dataclass(frozen=True, slots=True)
class Move:
    """What a row does to the postings of somebody: `added` or `altered`, and since when days are other than before."""

    added: Held | None = None
    altered: Held | None = None
    since: date | None = None


def base_of(held: list[Held], start: date) -> Held | None:
    """The last posting that begins on `start` or before."""
    return max((one for one in held if one.starts <= start), key=lambda one: one.starts, default=None)


def place(held: list[Held], new: Held) -> Move:
    """Puts a row's posting into `held`. Raises Fault where it would overlap another.

    Same start: a correction of that posting. Later start and something changed: a transfer, the old posting
    ends the day before. Later start and nothing changed: the posting goes on. No end given: it stays as it is.
    """
    base = base_of(held, new.starts)
    if base is None or not base.holds_on(new.starts):
        return _add(held, new)
    if base.starts == new.starts or base.what == new.what:
        return _alter(held, base, new)
    return _transfer(held, base, new)


def _add(held: list[Held], new: Held) -> Move:
    _refuse_overlap(held, new.starts, new.ends, but=None)
    held.append(new)
    return Move(added=new, since=new.starts)


def _alter(held: list[Held], base: Held, new: Held) -> Move:
    if base.starts == new.starts:
        if base.row is not None:
            raise Fault("duplicate_row", row=base.row)
        base.row = new.row
    ends = new.ends or base.ends
    if (base.what, base.ends) == (new.what, ends):
        return Move()
    _refuse_overlap(held, base.starts, ends, but=base)
    since = base.starts if base.what != new.what else _day_after(min(filter(None, (base.ends, ends))))
    base.what, base.ends = new.what, ends
    return Move(altered=base, since=since)


def _transfer(held: list[Held], base: Held, new: Held) -> Move:
    if base.row is not None and base.ends_given:
        raise Fault("posting_overlap_row", row=base.row)
    new.ends = new.ends or base.ends
    _refuse_overlap(held, new.starts, new.ends, but=base)
    base.ends = new.starts - timedelta(days=1)
    held.append(new)
    return Move(added=new, altered=base, since=new.starts)


def _refuse_overlap(held: list[Held], starts: date, ends: date | None, but: Held | None) -> None:
    for other in held:
        if other is but or (ends is not None and other.starts > ends):
            continue
        if other.ends is not None and other.ends < starts:
            continue
        if other.row is not None:
            raise Fault("posting_overlap_row", row=other.row)
        raise Fault("posting_overlap", period=f"{other.starts} – {other.ends or '…'}")


def _day_after(day: date) -> date:
    return day + timedelta(days=1)
