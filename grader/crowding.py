"""Who is judged beside others may lack what they have used up: threads, processes, memory, disk, files in flight.

What the kernel counts for a user it counts for all that run, so such a check is judged once more, alone.
"""

from __future__ import annotations

import threading
from typing import Final

from grader.verdict import Check, Status

_LACKS: Final = (
    "can't start new thread",
    "Resource temporarily unavailable",
    "Cannot allocate memory",
    "No space left on device",
    "Too many open files in system",
    "Too many references",  # of files in flight between processes
)
"""Words of Python's and the system's for what there was not enough of."""


def lacked_something(check: Check) -> bool:
    """Return whether `check` did not pass and others may be why: something was used up, or the grader itself failed."""
    if check.status is Status.GRADER_ERROR:
        return True
    return check.status is not Status.PASSED and any(words in check.message for words in _LACKS)


class Crowd:
    """The jobs that run in this process, whosever they are. One that has to be alone waits for all, and all for it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: list[object] = []
        self._alone: list[object] = []

    def enter(self, job: object, *, alone: bool = False) -> bool:
        """Let `job` start, if it may now; else ask again later."""
        with self._lock:
            if alone and job not in self._alone:
                self._alone.append(job)
            if (self._alone and self._alone[0] is not job) or (alone and self._running):
                return False
            self._running.append(job)
            return True

    def leave(self, job: object) -> None:
        """Forget `job`: it has ended, or never will start."""
        with self._lock:
            for jobs in (self._running, self._alone):
                if job in jobs:
                    jobs.remove(job)

    def beside(self, job: object) -> bool:
        """Return whether others than `job` run."""
        with self._lock:
            return any(other is not job for other in self._running)


CROWD: Final = Crowd()
"""Of this process."""
