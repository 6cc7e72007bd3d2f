"""What came of a run: frozen values, and the words in which a deadlock is told."""

from __future__ import annotations

import dataclasses
from typing import Any

from grader.bubble import messages
from grader.wire import Event


@dataclasses.dataclass(frozen=True, slots=True)
class ThreadRecord:
    """One thread that was started in a run; the main thread has none.

    Attributes:
        name: its lane: the thread's name, made distinct by ``#2`` and so on.
        started, ended: virtual seconds since the run began; `ended` is None if it never came to its end.
        file, line: the learner's line that started it; ``""`` and 0 if none did.
        daemon: whether the run did not have to wait for it.
        error: the exception that nobody handled in it, if any.
    """

    name: str
    started: float
    ended: float | None
    file: str
    line: int
    daemon: bool
    error: BaseException | None


@dataclasses.dataclass(frozen=True, slots=True)
class Stuck:
    """One thread that can't go on.

    Attributes:
        name: the thread's lane.
        waits_for: in words: "the lock made at bank.py:7", "an item in a Queue", "the end of Thread-2".
        held_by: the lane of the thread that holds the lock waited for; ``""`` if it is no lock, or nobody's.
        file, line: the learner's line at which it stands; ``""`` and 0 if it stands in none.
    """

    name: str
    waits_for: str
    held_by: str
    file: str
    line: int

    @property
    def words(self) -> str:
        """What it does: "waits at bank.py:9 for the lock made at bank.py:7"."""
        place = f"{self.file}:{self.line}" if self.line else ""
        return messages.waits(self.waits_for, place, self.held_by, itself=self.held_by == self.name)

    def __str__(self) -> str:
        return f"{self.name} {self.words}"


@dataclasses.dataclass(frozen=True, slots=True)
class Deadlock:
    """Nobody can run and nobody sleeps: each thread waits for another, or for what never comes.

    >>> import threading
    >>> from grader.bubble import run
    >>> print(run(lambda: threading.Event().wait()).deadlock)
    Nobody can go on: MainThread waits for an Event to be set.
    """

    stuck: tuple[Stuck, ...]

    def __str__(self) -> str:
        return messages.deadlock(map(str, self.stuck))


@dataclasses.dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one call of `run`.

    Attributes:
        value: what the function returned; None if it did not return.
        error: what it raised; None if it returned, or never could.
        seconds: virtual seconds until it returned, raised or was given up, rounded to 1 µs.
        events: what the threads did, in order; at most `MAX_EVENTS` and a last one that says how many more.
        threads: the threads that were started, in that order.
        left: names of the non-daemon threads still alive when the function returned.
        deadlock: why the function could never return, if so.
        over_limit: a sentence if the limit of virtual time was reached; else ``""``.
    """

    value: Any
    error: BaseException | None
    seconds: float
    events: tuple[Event, ...]
    threads: tuple[ThreadRecord, ...]
    left: tuple[str, ...]
    deadlock: Deadlock | None
    over_limit: str
