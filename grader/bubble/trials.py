"""Runs one function again and again, each time afresh and under another driver, and says what is wrong each time."""

from __future__ import annotations

import contextlib
import dataclasses
import random
import sys
import threading
from typing import TYPE_CHECKING, Any

from grader.bubble import messages
from grader.bubble.calling import Call
from grader.bubble.chosen import ChosenRun, Diverged
from grader.bubble.current import here
from grader.bubble.durations import nanoseconds
from grader.bubble.patches import is_installed
from grader.bubble.places import Places
from grader.bubble.scheduler import MAX_REFUSALS
from grader.bubble.watching import watched

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from grader.bubble.chosen import Driver
    from grader.bubble.outcome import Outcome
    from grader.bubble.points import Points
    from grader.bubble.telling import Deed, Telling
    from grader.bubble.traces import Trace
    from grader.bubble.watching import Watch


@dataclasses.dataclass(frozen=True, slots=True)
class Trial:
    """What came of one run.

    Attributes:
        outcome: as of `run`; of the events only what was printed or noted.
        trace: its steps.
        points: what was known when it began.
        cut: whether the driver ended it, so that the outcome says nothing.
        kind, problem: what is wrong, as `Failure` has it; ``""`` if nothing is.
        deeds: what was done, if it was to be told.
        stubborn: whether a thread could not be ended.
    """

    outcome: Outcome
    trace: Trace
    points: Points
    cut: bool
    kind: str
    problem: str
    deeds: tuple[Deed, ...] = ()
    stubborn: bool = False


@dataclasses.dataclass
class Subject:
    """What is run: a function that builds all that it needs afresh each time.

    Attributes:
        function, args, kwargs: what to call, with what.
        files: the learner's own files.
        limit: virtual seconds that it may take.
        check: says in a sentence what is wrong with an outcome, or ``""``.
        early: which waits may end by their deadlines while others can run, as `Schedule` has it.
        course: files whose waits are not the learner's own.
        thread_errors: whether threads may end by exceptions.
        on_lost: as for `run`.
    """

    function: Callable[..., Any]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    files: tuple[str, ...]
    limit: float
    check: Callable[[Outcome], str] | None
    early: str = ""
    course: tuple[str, ...] = ()
    thread_errors: bool = False
    on_lost: Callable[[Outcome], None] | None = None
    _watch: Watch | None = dataclasses.field(default=None, init=False)

    @contextlib.contextmanager
    def watched(self) -> Iterator[None]:
        """Make runs possible, as long as this lasts: data is watched, and nothing is written to the outside.

        Raises:
            RuntimeError: if the bubble is not installed.
        """
        if not is_installed():
            raise RuntimeError(messages.NOT_INSTALLED)
        state = random.getstate()
        hook, stdout = threading.excepthook, sys.stdout
        with watched(Places(self.files), self.files) as self._watch:
            try:
                yield
            finally:
                random.setstate(state)
                threading.excepthook, sys.stdout = hook, stdout

    def run(self, driver: Driver, points: Points, telling: Telling | None = None) -> Trial:
        """Call the function once under `driver`.

        Raises:
            Diverged: if that wants what can't be done.
        """
        known = points.copy()
        random.seed(0)
        threading.excepthook = _say_nothing
        sys.stdout = _Lines()
        call = Call()
        limit = nanoseconds(self.limit)
        run = ChosenRun(limit, self.files, driver, points, self._watch, early=self.early, course=self.course)
        run.telling = telling
        if self.on_lost is not None:
            on_lost = self.on_lost
            run.on_lost = lambda: on_lost(call.outcome(run))
        outcome = call.conduct(run, self._watched_call, (), {})
        held = [lock for lock in run.held.values() if not lock.inner]
        kind, problem = ("", "") if run.cut else self._judge(outcome, list(filter(None, map(run.called, held))))
        for lock in held:
            lock._at_fork_reinit()  # it may be a global one, and the next run is to find it free
        if run.diverged:
            raise Diverged
        return Trial(
            outcome,
            run.trace,
            known,
            run.cut,
            kind,
            problem,
            () if telling is None else tuple(telling.deeds),
            any(thread.refusals > MAX_REFUSALS for thread in run.threads),
        )

    def _watched_call(self) -> Any:
        if self._watch is None:
            return self.function(*self.args, **self.kwargs)
        self._watch.enter()
        try:
            return self.function(*self.args, **self.kwargs)
        finally:
            self._watch.leave()

    def _judge(self, outcome: Outcome, held: list[str]) -> tuple[str, str]:
        """Return the kind of what is wrong and a sentence that says it."""
        if outcome.deadlock is not None:
            return "deadlock", str(outcome.deadlock)
        if outcome.over_limit:
            return "limit", messages.no_end(outcome.over_limit)
        return (
            _judge_errors(outcome, of_threads=not self.thread_errors)
            or self._judge_by_check(outcome)
            or _judge_locks(held)
            or _judge_threads(outcome)
            or ("", "")
        )

    def _judge_by_check(self, outcome: Outcome) -> tuple[str, str] | None:
        said = "" if self.check is None else self.check(outcome)
        return ("check", said) if said else None


def _judge_errors(outcome: Outcome, *, of_threads: bool) -> tuple[str, str] | None:
    if outcome.error is not None:
        return "error", messages.raised(_in_words(outcome.error))
    for thread in outcome.threads if of_threads else ():
        if thread.error is not None:
            return "thread error", messages.ended_by(thread.name, _in_words(thread.error))
    return None


def _judge_locks(held: list[str]) -> tuple[str, str] | None:
    return ("lock", messages.still_held(held)) if held else None


def _judge_threads(outcome: Outcome) -> tuple[str, str] | None:
    left = [thread.name for thread in outcome.threads if thread.ended is None and not thread.daemon]
    return ("left", messages.still_waiting(left)) if left else None


def _in_words(error: BaseException) -> str:
    try:
        text = str(error)
    except BaseException:  # noqa: BLE001 - it is the learner's code, which may raise anything
        text = ""
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def _say_nothing(args: Any) -> None:
    """Stand for ``threading.excepthook``: the outcome has the error."""


class _Lines:
    """A stdout that tells the run of each line, and keeps none."""

    encoding = "utf-8"

    def __init__(self) -> None:
        self._rest = ""

    def write(self, text: str) -> int:
        *whole, self._rest = (self._rest + text).split("\n")
        thread = here()
        for line in whole:
            if thread is not None:
                thread.scheduler.note(thread, "print", line)
        return len(text)

    def flush(self) -> None:
        """Do nothing."""

    def isatty(self) -> bool:
        return False
