"""A process in which threads run one at a time and time is virtual.

`install` once, before anything that makes locks is imported; then `run` a function. In it real ``threading`` code,
unchanged, runs on real threads, but only one at a time, in an order that is always the same; ``time.sleep``, timeouts
and clocks follow a clock that jumps to the next event when nobody can run. So two threads that sleep 5 × 2 s take
exactly 10 virtual seconds and a few real milliseconds, and a deadlock is seen the moment it happens.

The standard library only, and nothing of the grader but `grader.wire`.
"""

from __future__ import annotations

from grader.bubble.calling import run
from grader.bubble.current import here, running
from grader.bubble.durations import seconds
from grader.bubble.operations import Abandoned, BubbleThread, Operation
from grader.bubble.outcome import Deadlock, Outcome, Stuck, ThreadRecord
from grader.bubble.patches import install

__all__ = [
    "Abandoned",
    "BubbleThread",
    "Deadlock",
    "Operation",
    "Outcome",
    "Stuck",
    "ThreadRecord",
    "active",
    "install",
    "note",
    "now",
    "run",
    "thread_name",
]


def active() -> bool:
    """Return whether the caller is a thread of a run."""
    return here() is not None


def now() -> float:
    """Return the virtual seconds since the run began, without moving the clock, rounded to 1 µs; 0.0 outside a run."""
    scheduler = running()
    return 0.0 if scheduler is None else seconds(scheduler.now)


def thread_name() -> str:
    """Return the lane of the calling thread; ``""`` if it is not of a run."""
    thread = here()
    return "" if thread is None else thread.name


def note(what: str, detail: str) -> None:
    """Add an event of the calling thread; outside a run do nothing.

    With ``print`` as `what`, others may run first if there is a chooser. A stream calls this *before* it writes: in a
    thread that the run has given up it raises `Abandoned`, so that nothing is printed while it unwinds.
    """
    thread = here()
    if thread is not None:
        thread.scheduler.note(thread, what, detail)
