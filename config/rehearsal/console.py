"""Lines for whoever watches: whole ones for a file, and below them a bar on a terminal."""

from __future__ import annotations

import shutil
import sys
import threading

WIPE = "\r\033[K"


class Console:
    """Prints from any thread; the bar always stays the last line."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._bar = ""
        self.is_terminal = sys.stdout.isatty()

    def line(self, text: str = "") -> None:
        """One whole line."""
        with self._lock:
            wiped = WIPE if self._bar else ""
            print(f"{wiped}{text}\n{self._bar}", end="", flush=True)

    def bar(self, done: float, text: str) -> None:
        """The bar of a terminal: `done` from 0 to 1, and what is said beside it."""
        if not self.is_terminal:
            return
        filled = round(24 * min(max(done, 0.0), 1.0))
        drawn = f"[{'#' * filled}{'.' * (24 - filled)}] {done:4.0%}  {text}"
        with self._lock:
            self._bar = drawn[: shutil.get_terminal_size().columns - 1]
            print(f"{WIPE}{self._bar}", end="", flush=True)

    def no_bar(self) -> None:
        """Takes the bar away."""
        with self._lock:
            if self._bar:
                print(WIPE, end="", flush=True)
            self._bar = ""
