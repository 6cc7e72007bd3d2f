"""What the threads of one run did, deed by deed: the stuff that a story is made of."""

from __future__ import annotations

import dataclasses
import sys
from typing import TYPE_CHECKING

from grader.bubble.durations import seconds

if TYPE_CHECKING:
    from grader.bubble.chosen import ChosenRun
    from grader.bubble.operations import BubbleThread


@dataclasses.dataclass(frozen=True, slots=True)
class Deed:
    """One thing that a thread did.

    Attributes:
        step: number of the step of the trace in which it did so.
        lane: the thread's name.
        what: ``start``, ``end``, ``read``, ``write``, ``acquire``, ``release``, ``try`` (in vain), ``wait``, ``join``,
            ``sleep``, ``print`` or ``note``.
        name: what it read or wrote, acquired, waits for, printed; who was started or has ended.
        held_by: who has the lock that it waits for.
        file, line: the learner's line; ``""`` and 0 if it was done in none.
        path: of that file on this machine.
        at: virtual seconds since the run began.
        number: of the object whose attribute or inside was read or written; 0 if that is not known.
    """

    step: int
    lane: str
    what: str
    name: str
    held_by: str
    file: str
    line: int
    path: str
    at: float
    number: int = 0


class Telling:
    """Collects the deeds of one run."""

    def __init__(self) -> None:
        self.deeds: list[Deed] = []

    def add(
        self, run: ChosenRun, thread: BubbleThread, what: str, name: str = "", held_by: str = "", *, number: int = 0
    ) -> None:
        """Add a deed of `thread`, which calls."""
        if thread.abandoned or thread.starting:
            return
        path, place = "", ("", 0)
        frame = sys._getframe(1)
        while frame is not None:
            file = run.journal.places.name(frame.f_code.co_filename)
            if file:
                path, place = frame.f_code.co_filename, (file, frame.f_lineno)
                break
            frame = frame.f_back  # type: ignore[assignment]
        step = len(run.trace.steps) - 1
        self.deeds.append(Deed(step, thread.name, what, name, held_by, *place, path, seconds(run.now), number))

    def add_wait(self, run: ChosenRun, thread: BubbleThread) -> None:
        """Add that `thread`, which calls, can't do yet what it has announced."""
        operation = thread.operation
        if operation.idle or operation.kind in ("finish", "quiesce"):
            return
        if operation.kind == "sleep":
            self.add(run, thread, "sleep", f"{seconds(thread.nap)!r} s")
            return
        stuck = run.journal.describe(thread, sys._getframe(1))
        self.add(run, thread, "wait", stuck.waits_for, stuck.held_by)
