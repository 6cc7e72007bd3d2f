"""Who ran when, on the real clock: the inside's own word about threads (the bubble knows it better)."""

from __future__ import annotations

import sys
import threading
import time
from typing import Any

from grader.wire import Event

_MAX_EVENTS = 20_000


class Watch:
    """Notes the starts, prints and ends of threads, as events in seconds since `restart`.

    Args:
        folder: the folder of the learner's files, for the lines of events.
    """

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._clock = time.perf_counter
        self._began = self._clock()
        self.events: list[Event] = []

    def restart(self) -> None:
        """Begin at 0 with no events: the call begins now."""
        self.events.clear()
        self._began = self._clock()

    def note(self, what: str, detail: str = "", lane: str = "") -> None:
        """Add an event of the calling thread, or of `lane`."""
        if len(self.events) < _MAX_EVENTS:
            file, line = learner_line(sys._getframe(1), self._folder)
            lane = lane or threading.current_thread().name
            self.events.append(Event(self._clock() - self._began, lane, what, detail, file, line))

    def install(self) -> None:
        """Note the life of every `threading.Thread` from here on."""
        note = self.note
        start, bootstrap = threading.Thread.start, threading.Thread._bootstrap_inner  # type: ignore[attr-defined]

        def noted_start(self: threading.Thread) -> None:
            note("start", f"by {threading.current_thread().name}", lane=self.name)
            start(self)

        def noted_bootstrap(self: Any) -> None:
            try:
                bootstrap(self)
            finally:
                note("end", lane=self.name)

        threading.Thread.start = noted_start  # type: ignore[method-assign]
        threading.Thread._bootstrap_inner = noted_bootstrap  # type: ignore[attr-defined]


def learner_line(frame: Any, folder: str) -> tuple[str, int]:
    """Return the file (relative to `folder`) and line of the innermost frame of the learner's, or ``("", 0)``."""
    while frame is not None:
        name = frame.f_code.co_filename
        if name.startswith(folder):
            return name[len(folder) :].lstrip("/\\"), frame.f_lineno
        frame = frame.f_back
    return "", 0
