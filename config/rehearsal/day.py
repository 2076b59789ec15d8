"""The simulated day: a heap of what happens when, and a few threads that do it."""

from __future__ import annotations

import heapq
import itertools
import queue
import random
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from config.rehearsal.client import Surprise, Tally
from config.rehearsal.console import Console
from policy import clock

THREADS = 12
STEP_SECONDS = 0.02
FAREWELL_SECONDS = 20.0
SHOWN_WARNINGS = 10

Action = Callable[..., None]


class Day:
    """What everybody of the rehearsal shares: the time, the agenda, the hands that work it off."""

    def __init__(self, seed: str, console: Console, tally: Tally) -> None:
        self.seed, self.console, self.tally = seed, console, tally
        self.furthest_behind = timedelta()
        self._agenda: list[tuple[datetime, int, Action, tuple]] = []
        self._order = itertools.count()
        self._lock = threading.Lock()
        self._hands: queue.Queue[tuple[datetime | None, Action, tuple]] = queue.Queue()
        for _ in range(THREADS):
            threading.Thread(target=self._work, daemon=True).start()

    def now(self) -> datetime:
        """The simulated present (UTC)."""
        return clock.now()

    def dice(self, *what: object) -> random.Random:
        """Chance that is the same at every rehearsal: one source for each person and purpose."""
        return random.Random(":".join([self.seed, *map(str, what)]))

    def at(self, moment: datetime, action: Action, *arguments: object) -> None:
        """Puts something on the agenda of the day."""
        with self._lock:
            heapq.heappush(self._agenda, (moment, next(self._order), action, arguments))

    def do(self, action: Action, *arguments: object) -> None:
        """Has something done at once."""
        self._hands.put((None, action, arguments))

    def is_idle(self) -> bool:
        """Whether everything that was handed out is done."""
        return self._hands.unfinished_tasks == 0

    def live(self, until: datetime) -> None:
        """Hands out everything at its moment until the day is over, then waits for what is under way."""
        while self.now() < until:
            self._hand_out()
            time.sleep(STEP_SECONDS)
        deadline = time.monotonic() + FAREWELL_SECONDS
        while not self.is_idle() and time.monotonic() < deadline:
            time.sleep(STEP_SECONDS)

    def _hand_out(self) -> None:
        now = self.now()
        with self._lock:
            while self._agenda and self._agenda[0][0] <= now:
                moment, _order, action, arguments = heapq.heappop(self._agenda)
                self._hands.put((moment, action, arguments))

    def _work(self) -> None:
        while True:
            moment, action, arguments = self._hands.get()
            try:
                if moment is not None:
                    self.furthest_behind = max(self.furthest_behind, self.now() - moment)
                action(*arguments)
            except Surprise as surprise:
                self.warn(str(surprise))
            except Exception as error:  # one phone's trouble must not stop the others
                self.warn(f"{getattr(action, '__qualname__', action)} failed: {error!r}")
            finally:
                self._hands.task_done()

    def warn(self, text: str) -> None:
        """Counts something that should not have happened, and says so for the first few."""
        self.tally.add("surprises")
        if self.tally.counts["surprises"] <= SHOWN_WARNINGS:
            self.console.line(f"WARNING  {text}")
