"""A process in which threads run one at a time and time is virtual.

`install` once, before anything that makes locks is imported; then `run` a function. In it real ``threading`` code,
unchanged, runs on real threads, but only one at a time, in an order that is always the same; ``time.sleep``, timeouts
and clocks follow a clock that jumps to the next event when nobody can run. So two threads that sleep 5 × 2 s take
exactly 10 virtual seconds and a few real milliseconds, and a deadlock is seen the moment it happens.

Or `explore` it: the bubble then chooses who goes on at each operation, and runs all orders that differ or searches for
one that fails; `replay` runs a failing one again, and `story` tells it. `follow` runs one that a person wrote down.

The standard library only, and nothing of the grader but `grader.wire`.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from grader.bubble.calling import run
from grader.bubble.current import here, running
from grader.bubble.durations import seconds
from grader.bubble.exploring import Exploration, Failure, explore, replay
from grader.bubble.following import Entry, Followed, follow
from grader.bubble.marks import execute
from grader.bubble.operations import Abandoned, BubbleThread, Operation
from grader.bubble.outcome import Deadlock, Outcome, Stuck, ThreadRecord
from grader.bubble.patches import install
from grader.bubble.pictures import picture
from grader.bubble.schedules import Schedule, Unfit
from grader.bubble.stories import story

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "Abandoned",
    "BubbleThread",
    "Deadlock",
    "Entry",
    "Exploration",
    "Failure",
    "Followed",
    "Operation",
    "Outcome",
    "Schedule",
    "Stuck",
    "ThreadRecord",
    "Unfit",
    "active",
    "execute",
    "explore",
    "follow",
    "install",
    "note",
    "now",
    "picture",
    "quiesce",
    "replay",
    "run",
    "story",
    "thread_name",
    "unexplored",
]


def active() -> bool:
    """Return whether the caller is a thread of a run.

    >>> active(), run(active).value
    (False, True)
    """
    return here() is not None


def now() -> float:
    """Return the virtual seconds since the run began, without moving the clock, rounded to 1 µs; 0.0 outside a run.

    >>> import time
    >>> run(lambda: (time.sleep(1.5), now())).value
    (None, 1.5)
    """
    scheduler = running()
    return 0.0 if scheduler is None else seconds(scheduler.now)


def thread_name() -> str:
    """Return the lane of the calling thread; ``""`` if it is not of a run.

    >>> thread_name(), run(thread_name).value
    ('', 'MainThread')
    """
    thread = here()
    return "" if thread is None else thread.name


def note(what: str, detail: str) -> None:
    """Add an event of the calling thread; outside a run do nothing.

    With ``print`` as `what`, others may run first if there is a chooser. A stream calls this *before* it writes: in a
    thread that the run has given up it raises `Abandoned`, so that nothing is printed while it unwinds.

    >>> outcome = run(note, "note", "half way")
    >>> [(event.lane, event.detail) for event in outcome.events if event.what == "note"]
    [('MainThread', 'half way')]
    """
    thread = here()
    if thread is not None:
        thread.scheduler.note(thread, what, detail)


@contextlib.contextmanager
def unexplored() -> Iterator[None]:
    """Let threads go on in the default order, and take nothing down, while this lasts; outside a run do nothing.

    For what comes before that which is explored, such as loading a module that tries itself out with threads.

    >>> import threading
    >>> def prints_in_threads():
    ...     told = []
    ...     def work():
    ...         told.append(1)
    ...     with unexplored():
    ...         threads = [threading.Thread(target=work) for _ in range(5)]
    ...         for thread in threads:
    ...             thread.start()
    ...         for thread in threads:
    ...             thread.join()
    ...     return told
    >>> explore(prints_in_threads).words
    'proved: the only schedule'
    """
    scheduler = running()
    if scheduler is None:
        yield
        return
    scheduler.silent = True
    try:
        yield
    finally:
        scheduler.silent = False


def quiesce() -> None:
    """Return when all other threads of the run are blocked or done; outside a run do nothing.

    Who sleeps, or waits with a timeout, is blocked: time does not move meanwhile. So "this blocks" and "nobody else got
    in" are facts that a probe can look at, without a sleep.

    >>> import queue, threading
    >>> def is_blocked_when_full():
    ...     full = queue.Queue(maxsize=1)
    ...     full.put(1)
    ...     done = []
    ...     thread = threading.Thread(target=lambda: (full.put(2), done.append("put")))
    ...     thread.start()
    ...     quiesce()
    ...     before = list(done)
    ...     full.get()
    ...     quiesce()
    ...     return before, done
    >>> run(is_blocked_when_full).value
    ([], ['put'])
    """
    thread = here()
    if thread is not None:
        thread.scheduler.quiesce(thread)
