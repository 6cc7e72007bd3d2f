"""One run under a schedule that people write: a list of the names of the threads that go on."""

from __future__ import annotations

import dataclasses
import linecache
import os
from typing import TYPE_CHECKING, Any, Final

from grader.bubble import messages
from grader.bubble.exploring import Failure
from grader.bubble.marks import STEP
from grader.bubble.points import Points
from grader.bubble.schedules import Schedule
from grader.bubble.telling import Telling
from grader.bubble.trials import Subject

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from grader.bubble.chosen import ChosenRun
    from grader.bubble.operations import BubbleThread
    from grader.bubble.outcome import Outcome
    from grader.bubble.trials import Trial

MAIN: Final = "MainThread"


@dataclasses.dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a schedule, and where it led.

    Attributes:
        name: of the thread.
        words: where that came to: "stands before line 7: total = seen + 1", "has ended".
    """

    name: str
    words: str


@dataclasses.dataclass(frozen=True, slots=True)
class Followed:
    """What came of `follow`.

    Attributes:
        impossible: a sentence with the number, from 0, of the entry that can't be followed, and why; the run was ended
            there. ``""`` if all could.
        entries: those that were followed.
        rest: who went on after them, told as if they were entries too.
        run: what came of the run, as `Failure` has it, which `story` tells. Its kind is ``""`` if nothing is wrong, its
            schedule has no name, and its deeds are those of the named threads.
    """

    impossible: str
    entries: tuple[Entry, ...]
    rest: tuple[Entry, ...]
    run: Failure


def follow(
    function: Callable[..., Any],
    names: Iterable[str],
    *args: Any,
    files: Iterable[str] = (),
    limit: float = 3600.0,
    on_lost: Callable[[Outcome], None] | None = None,
    **kwargs: Any,
) -> Followed:
    """Call ``function(*args, **kwargs)`` once, while its threads go on in the order of `names`.

    `install` must have been called. The function's text must have been run by `execute`, which makes the marks.

    Each name lets that thread go on until it stands just before its next line marked ``# step``, or has to wait for
    another, or has ended; the first time from its start. When the names are used up, the first thread that can go
    on, in order of start, is named again and again, until all is over. The main thread is not named: it goes
    first whenever it can.

    >>> program = '''
    ... import threading
    ...
    ... def deposits():
    ...     balance = [0]
    ...     def deposit():
    ...         seen = balance[0]
    ...         balance[0] = seen + 1  # step
    ...     threads = [threading.Thread(target=deposit, name=name) for name in ("ann", "bob")]
    ...     for thread in threads:
    ...         thread.start()
    ...     for thread in threads:
    ...         thread.join()
    ...     return balance[0]
    ... '''
    >>> names = {}
    >>> execute(program, "program.py", names)
    >>> follow(names["deposits"], ["ann", "ann", "bob"]).run.outcome.value
    2
    >>> follow(names["deposits"], ["ann", "bob"]).run.outcome.value
    1
    >>> follow(names["deposits"], ["ann", "ann", "ann"]).impossible
    "Entry 2, 'ann', is impossible: ann has ended by then."

    Args:
        function: what to call, with the other arguments.
        names: the schedule.
        files: paths of the program's files, as `execute` was told them.
        limit: virtual seconds that it may take.
        on_lost: as for `run`.
        kwargs: for the function.

    Raises:
        ValueError: if it takes too many steps.
    """
    files = tuple(os.fspath(path) for path in files)
    subject = Subject(function, args, kwargs, files, limit, check=None, on_lost=on_lost)
    driver = Named(list(names))
    with subject.watched():
        trial = subject.run(driver, Points(whole=True), Telling())
    driver.end(trial)
    if trial.cut and not driver.impossible:
        raise ValueError(messages.TOO_LONG)
    deeds = tuple(deed for deed in trial.deeds if deed.lane != MAIN)
    run = Failure(trial.kind, trial.problem, trial.outcome, Schedule(()), 0, deeds, trial.trace)
    count = len(driver.names)
    return Followed(driver.impossible, tuple(driver.entries[:count]), tuple(driver.entries[count:]), run)


class Named:
    """Lets threads go on by their names, from mark to mark.

    Args:
        names: the schedule.

    Attributes:
        entries: those of the names that were followed, and those that went on after them.
        impossible: as `Followed` has it.
    """

    def __init__(self, names: Sequence[str]) -> None:
        self.names = names
        self.entries: list[Entry] = []
        self.impossible = ""
        self._moving: BubbleThread | None = None

    def choose(self, run: ChosenRun, enabled: list[BubbleThread]) -> BubbleThread | None:
        """Return who takes the next step; None, and so the end, if the one named can't."""
        if run.main in enabled:
            return run.main
        moving = self._moving
        if moving is not None and moving in enabled and moving.operation.kind != STEP:
            return moving
        self._close(run)
        self._moving = self._named(run, enabled)
        return self._moving

    def _close(self, run: ChosenRun) -> None:
        """Take down where the present entry has led, if one is followed."""
        if self._moving is not None:
            self.entries.append(Entry(self._moving.name, _stand(run, self._moving)))
        self._moving = None

    def _named(self, run: ChosenRun, enabled: list[BubbleThread]) -> BubbleThread | None:
        if len(self.entries) >= len(self.names):
            return min(enabled, key=lambda thread: thread.number)
        name = self.names[len(self.entries)]
        thread = next((thread for thread in run.threads if thread.name == name), None)
        if thread is not None and thread in enabled:
            return thread
        self._refuse(_stand(run, thread) if thread is not None else "", [thread.name for thread in run.threads])
        return None

    def end(self, trial: Trial) -> None:
        """Take down what is left of the names, now that the run is over."""
        if self.impossible:
            return
        stuck = trial.outcome.deadlock.stuck if trial.outcome.deadlock is not None else ()
        stands = {record.name: messages.HAS_ENDED for record in trial.outcome.threads}
        stands |= {one.name: one.words for one in stuck}
        if self._moving is not None:
            self.entries.append(Entry(self._moving.name, stands.get(self._moving.name, messages.HAS_ENDED)))
        if len(self.entries) < len(self.names):
            self._refuse(stands.get(self.names[len(self.entries)], ""), list(stands))

    def _refuse(self, stands: str, known: list[str]) -> None:
        """Say that the next entry is impossible: where its thread stands, or that it names none of the `known` ones."""
        number = len(self.entries)
        name = self.names[number]
        if name == MAIN:
            why = messages.GOES_FIRST
        elif not stands:
            why = messages.not_started(known)
        elif stands == messages.HAS_ENDED:
            why = messages.ended_by_then(name)
        else:
            why = messages.cant_go_on(name, stands)
        self.impossible = messages.impossible(number, name, why)


def _stand(run: ChosenRun, thread: BubbleThread) -> str:
    """Return in words where `thread` stands."""
    if thread.ended is not None:
        return messages.HAS_ENDED
    if thread.operation.kind == STEP:
        path, line = thread.operation.target
        text = linecache.getline(path, line).partition("#")[0].strip()
        return messages.stands_before(line, text)
    frame = next(frame for other, frame in run._standing() if other is thread)
    return run.journal.describe(thread, frame).words
