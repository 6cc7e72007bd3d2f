"""Which run this process is in: the one thing that stand-ins for global functions have to look up."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grader.bubble.operations import BubbleThread
    from grader.bubble.scheduler import Scheduler


class _Process:
    run: Scheduler | None = None
    gave_up = False


def running() -> Scheduler | None:
    """Return the run that this process is in, if any."""
    return _Process.run


def set_running(run: Scheduler | None) -> None:
    """Make `run` the one that this process is in."""
    _Process.run = run


def here() -> BubbleThread | None:
    """Return the calling thread as the run knows it; None outside a run, or if it is not of the run."""
    run = _Process.run
    return None if run is None else run.here()


def note_given_up() -> None:
    """Remember that a run was given up; what it left may be reported by finalizers long after."""
    _Process.gave_up = True


def is_heard() -> bool:
    """Return False if what the standard library reports now comes of a run's or a thread's being given up."""
    thread = here()
    return not _Process.gave_up if thread is None else not thread.abandoned
