"""Runs a function under all schedules that differ, or as many as the budget allows, and shows the first that fails.

What is proved, and what not. "Proved" means that the function was run under each order of the operations that were
seen, up to orders that make no difference, and that nothing was wrong with any. This holds as far as

- what is seen is all that threads share: operations on locks and all that the standard library makes of them, the ends
  of threads, prints; and in `files` what is done there with attributes, globals, variables of outer functions and
  built-in containers. What code outside of `files` does with data is not seen; nor is that ``x += y`` changes a list
  which has another name too, nor what C code does with objects that it is given.
- the function does the same under the same schedule. If it is seen not to, that is told, and it is searched by chance.
- computing takes no time: a timed wait ends by its deadline only when nobody could go on otherwise, and a thread that
  asks busily lets the others go on first.

What is known not to be seen (``setattr`` with a name that is made up, a busy wait, a file), and what is too large,
turns "proved" into "searched", and is told in `Exploration.doubts`.
"""

from __future__ import annotations

import contextlib
import dataclasses
import itertools
import os
from typing import TYPE_CHECKING, Any, Final

from grader.bubble import messages
from grader.bubble.chosen import Diverged
from grader.bubble.drivers import Follow
from grader.bubble.points import Points
from grader.bubble.schedules import Schedule, Unfit, digest_of
from grader.bubble.searching import Bounded, Random
from grader.bubble.shrinking import ATTEMPTS, Whole, plain, run_whole, whole_of
from grader.bubble.telling import Deed, Telling
from grader.bubble.trees import Tree
from grader.bubble.trials import Subject, Trial

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from grader.bubble.outcome import Outcome
    from grader.bubble.traces import Trace

LONG: Final = 500
"""Steps after which a run counts as two schedules of the budget, and so on: who polls makes thousands in each."""

EXAMPLES: Final = 16
"""Different values of which a schedule is told."""

_PART_WITH_DOUBTS: Final = 4
"""The first such part of the budget is for trying all schedules, where that can't be a proof."""

_TRIES: Final = 3
"""How often it is tried to make a failing schedule fail again."""

_MOST_FLUKES: Final = 20
"""Failing schedules that did not fail again after which no more are tried."""

_PART_TO_SEARCH: Final = 4
"""The last such part of the budget is for searching, if all schedules are too many; half of it in random order."""


@dataclasses.dataclass(frozen=True, slots=True)
class Failure:
    """A schedule under which something is wrong.

    Attributes:
        kind: ``deadlock``, ``limit`` (it does not end), ``error`` (the function raised), ``thread error``, ``check``,
            ``lock`` (one of the answer's is still held) or ``left`` (a thread waits for ever); ``""`` if nothing is
            wrong, as `replay` may find.
        message: what is wrong, in a sentence.
        outcome: of that run.
        schedule: by which `replay` makes it again: it was replayed, and was wrong again. None if no failing schedule
            was wrong again, because what the function does hangs on more than its schedule: then there is no story.
        preemptions: how often a thread that could have gone on was stopped.
        deeds: what the threads did; `story` tells it.
        trace: the same as steps that depend on each other or not.
    """

    kind: str
    message: str
    outcome: Outcome
    schedule: Schedule | None
    preemptions: int
    deeds: tuple[Deed, ...] = dataclasses.field(repr=False)
    trace: Trace = dataclasses.field(repr=False)


@dataclasses.dataclass(frozen=True, slots=True)
class Exploration:
    """What came of `explore`.

    Attributes:
        proved: whether all schedules that differ were run, and nothing was wrong with any.
        schedules: how many were run to their end.
        values: what the function returned, each value once (told apart by its repr), in order of first appearance.
        examples: of the first `EXAMPLES` values the repr, each with a schedule under which it is returned.
        failure: the first schedule under which something was wrong, made plain; None if there was none.
        failed_at: the number of the schedule that failed first, from 1; 0 if none did.
        doubts: sentences: why this is no proof, though nothing was wrong.
        sample: if none failed, one of those with many switches, told; None if it could not be made again.
    """

    proved: bool
    schedules: int
    values: tuple[Any, ...]
    examples: tuple[tuple[str, Schedule], ...]
    failure: Failure | None
    failed_at: int
    doubts: tuple[str, ...]
    sample: Failure | None = None

    @property
    def words(self) -> str:
        """What was done, in a few words: "proved: all 40 different schedules"."""
        if self.failure is not None:
            return messages.failed_at(self.failed_at)
        return messages.proved(self.schedules) if self.proved else messages.searched(self.schedules)


def explore(
    function: Callable[..., Any],
    *args: Any,
    files: Iterable[str] = (),
    budget: int = 2000,
    limit: float = 3600.0,
    check: Callable[[Outcome], str] | None = None,
    early_timeouts: bool = False,
    naps: int = 0,
    course: tuple[str, ...] = (),
    thread_errors: bool = False,
    digest: str | None = None,
    on_lost: Callable[[Outcome], None] | None = None,
    **kwargs: Any,
) -> Exploration:
    """Call ``function(*args, **kwargs)`` under chosen schedules, until one fails, all were run or the budget is spent.

    `install` must have been called. What the function prints goes nowhere but to `Outcome.events`.

    >>> import threading
    >>> def lose_an_update():
    ...     balance = [0]
    ...     def add():
    ...         with lock:
    ...             seen = balance[0]
    ...         with lock:
    ...             balance[0] = seen + 1
    ...     lock = threading.Lock()
    ...     threads = [threading.Thread(target=add) for _ in range(2)]
    ...     for thread in threads:
    ...         thread.start()
    ...     for thread in threads:
    ...         thread.join()
    ...     return balance[0]
    >>> found = explore(lose_an_update)
    >>> found.words, sorted(found.values)
    ('proved: all 6 different schedules', [1, 2])

    Args:
        function: what to call, with the other arguments. It must build all that it needs afresh each time.
        files: paths of the learner's files, or of folders of them: there threads are stopped at shared data too.
        budget: schedules that may be run, but for those that make a failing one plain. One of many steps counts as
            one more for each `LONG` of them.
        limit: virtual seconds that one may take.
        check: gets the outcome of each; returns a sentence that says what is wrong, or ``""``.
        early_timeouts: whether timed waits are tried to end by their deadlines while others can run, too. Such
            schedules are searched, never exhausted.
        naps: schedules more that may be run if the learner's own code sleeps, or waits for a time otherwise than for a
            lock, and nothing has failed: in these such waits may end while others can run, as on a machine that is slow
            just then. Who does not come to an end in one of them has not failed.
        course: names of `files` whose waits are not the learner's own.
        thread_errors: whether threads may end by exceptions: then `function` has to see to them, and none is a failure.
        digest: told in names of schedules instead of that of the text of `files`.
        on_lost: as for `run`.
        kwargs: for the function.
    """
    files = tuple(os.fspath(path) for path in files)
    subject = Subject(
        function,
        args,
        kwargs,
        files,
        limit,
        check,
        early="early" if early_timeouts else "",
        course=course,
        thread_errors=thread_errors,
        on_lost=on_lost,
    )
    explorer = _Explorer(subject, budget, naps, digest_of(files) if digest is None else digest)
    with subject.watched():
        explorer.explore()
        return explorer.exploration()


def replay(
    function: Callable[..., Any],
    schedule: Schedule | str,
    *args: Any,
    files: Iterable[str] = (),
    limit: float = 3600.0,
    check: Callable[[Outcome], str] | None = None,
    course: tuple[str, ...] = (),
    thread_errors: bool = False,
    digest: str | None = None,
    on_lost: Callable[[Outcome], None] | None = None,
    plainer: bool = False,
    **kwargs: Any,
) -> Failure:
    """Run exactly `schedule`, or the one of that name, and return what came of it: kind ``""`` if nothing is wrong.

    The other arguments are those of `explore`, and `plainer`: whether to look for a schedule with fewer switches first,
    of which the same comes.

    >>> import threading
    >>> def bank():
    ...     a, b = threading.Lock(), threading.Lock()
    ...     def pay(source, target):
    ...         with source, target:
    ...             pass
    ...     threads = [threading.Thread(target=pay, args=locks, name="payer") for locks in ((a, b), (b, a))]
    ...     for thread in threads:
    ...         thread.start()
    ...     for thread in threads:
    ...         thread.join()
    >>> found = explore(bank)
    >>> found.words, found.failure.kind
    ('failed at schedule 2', 'deadlock')
    >>> again = replay(bank, str(found.failure.schedule))
    >>> again.kind, again.message == found.failure.message
    ('deadlock', True)

    Raises:
        Unfit: if the schedule is of another version of Python or of other files, or does not fit the function.
    """
    schedule = Schedule.parse(schedule) if isinstance(schedule, str) else schedule
    files = tuple(os.fspath(path) for path in files)
    schedule.check(digest_of(files) if digest is None else digest)
    subject = Subject(
        function,
        args,
        kwargs,
        files,
        limit,
        check,
        early=schedule.early,
        course=course,
        thread_errors=thread_errors,
        on_lost=on_lost,
    )
    with subject.watched():
        whole = run_whole(subject, Follow(schedule.choices), Telling())
        if whole is None or whole.choices != schedule.choices:  # what it chooses must have come
            raise Unfit(messages.DOES_NOT_FIT)
        if plainer:
            whole = plain(subject, whole, _same_as(whole.trial)) or whole
            schedule = dataclasses.replace(schedule, choices=whole.choices)
    return _told(whole, schedule)


def _told(whole: Whole, schedule: Schedule) -> Failure:
    trial = whole.trial
    return Failure(trial.kind, trial.problem, trial.outcome, schedule, whole.preemptions, trial.deeds, trial.trace)


def _same_as(one: Trial) -> Callable[[Trial], bool]:
    """Return what tells whether the same came of another trial."""
    return lambda other: other.kind == one.kind and repr(other.outcome.value) == repr(one.outcome.value)


def _switches(trial: Trial) -> int:
    return sum(one.key != other.key for one, other in itertools.pairwise(trial.trace.steps))


class _Stop(Exception):
    """Enough is known."""


class _Explorer:
    """One exploration.

    Args:
        subject: what is run.
        budget: how many schedules may be run.
        naps: how many more, in which the learner's own sleeps may end early.
        digest: of the learner's files.
    """

    def __init__(self, subject: Subject, budget: int, naps: int, digest: str) -> None:
        self._subject = subject
        self._budget = budget
        self._naps = naps
        self._digest = digest
        self._points = Points()
        self._proved = False
        self._runs = 0
        self._spent = 0
        self._whole_runs = 0
        self._longest = 0
        self._values: dict[str, tuple[Any, Trial]] = {}
        self._kept: list[Trial] = []
        self._failure: Failure | None = None
        self._failed_at = 0
        self._fluke: tuple[Trial, int] | None = None
        self._flukes = 0
        self._differs = False

    def explore(self) -> None:
        """Run schedules until it is known what there is to know."""
        self._explore()
        failed = self._failure or self._fluke or messages.SOMEBODY_CANT_BE_ENDED in self._points.doubts
        if self._naps and self._points.naps and not failed and not self._subject.early:
            self._subject.early = "naps"
            self._budget = self._spent + self._naps
            self._points.doubt(messages.NAPS)
            with contextlib.suppress(_Stop):
                self._search()

    def _explore(self) -> None:
        try:
            if self._subject.early:
                self._points.doubt(messages.TOO_MANY_TIMES)
            else:
                with self._doing_the_same():
                    self._exhaust(self._budget - self._budget // _PART_TO_SEARCH)
            self._search()
        except _Stop:
            pass

    @contextlib.contextmanager
    def _doing_the_same(self) -> Iterator[None]:
        """Run schedules that follow earlier ones, until the function is seen not to do the same again."""
        try:
            yield
        except Diverged:
            self._points.doubt(messages.DIVERGED)
            if not self._differs:
                self._differs = True
                self._budget = self._spent + (self._budget - self._spent) // _PART_WITH_DOUBTS

    def _exhaust(self, budget: int) -> None:
        """Run all schedules that differ, from the start again when more is found out to be shared.

        Raises:
            _Stop: if that was done.
        """
        tree = Tree()
        while self._spent < (budget // _PART_WITH_DOUBTS if self._points.doubts else budget):
            trial = self._run(tree)
            if self._points.late:
                self._points.late = False
                self._whole_runs = 0
                tree = Tree()
            elif trial.kind:
                raise Diverged
            elif not tree.learn(trial.trace):
                if not tree.is_whole:
                    return
                self._proved = True
                raise _Stop

    def _search(self) -> None:
        with self._doing_the_same():
            self._search_in_order(self._spent + (self._budget - self._spent) // 2)
        for seed in itertools.count():
            if self._spent >= self._budget:
                break
            self._run(Random(seed, self._longest))
        self._points.doubt(messages.only_some(self._runs))

    def _search_in_order(self, budget: int) -> None:
        bounded = Bounded()
        while self._spent < budget and bounded.begin():
            trial = self._run(bounded)
            if self._points.late:
                self._points.late = False
                bounded = Bounded()
            else:
                bounded.learn(trial.trace)

    def _run(self, driver: Tree | Bounded | Random) -> Trial:
        """Make one run.

        Raises:
            _Stop: if something is wrong with it.
        """
        trial = self._subject.run(driver, self._points)
        self._runs += 1
        self._spent += 1 + len(trial.trace.steps) // LONG
        self._longest = max(self._longest, len(trial.trace.steps))
        if trial.cut:
            return trial
        self._whole_runs += 1
        if trial.kind == "limit" and self._subject.early == "naps":
            return trial  # who sleeps to let others go on may never be let
        if trial.kind:
            self._take(trial)
        if trial.stubborn:
            self._kept.clear()
            self._points.doubt(messages.SOMEBODY_CANT_BE_ENDED)
            raise _Stop
        if not trial.kind:
            self._values.setdefault(repr(trial.outcome.value), (trial.outcome.value, trial))
            if not self._whole_runs & (self._whole_runs - 1):  # the 1st, 2nd, 4th, 8th and so on
                self._kept.append(trial)
        return trial

    # --- what is wrong

    def _take(self, trial: Trial) -> None:
        """Take note of a run with which something is wrong.

        Raises:
            _Stop: unless it is wrong only now and then, so that another one may be told better.
        """
        whole = self._repeated(trial)
        if whole is not None:
            self._failure, self._failed_at = _told(whole, self._schedule(whole.choices)), self._runs
            raise _Stop
        self._points.doubt(messages.failed_once(trial.problem))
        if trial.kind != "limit":  # that it did not end in so many steps is no proof that it never would
            self._fluke = self._fluke or (trial, self._runs)
        self._flukes += 1
        if self._flukes == _MOST_FLUKES:
            raise _Stop

    def _repeated(self, failed: Trial) -> Whole | None:
        """Return a plain run that is wrong as `failed` is, each time; None if there is none."""

        def is_so(trial: Trial) -> bool:
            return trial.kind == failed.kind

        attempts = ATTEMPTS if failed.kind != "limit" else ATTEMPTS // 20  # these runs are long
        for _ in range(_TRIES):
            whole = whole_of(self._subject, failed, is_so)
            whole = whole and plain(self._subject, whole, is_so, attempts)
            if whole is not None:
                return whole
        return None

    def _told_fluke(self) -> Failure | None:
        """Return what was wrong, but not again: an answer that is right is right each time."""
        if self._fluke is None:
            return None
        trial, self._failed_at = self._fluke
        message = messages.not_again(trial.problem)
        return Failure(trial.kind, message, trial.outcome, None, 0, (), trial.trace)

    # --- what came of it

    def exploration(self) -> Exploration:
        """Return what came of it, with the failing schedule made plain."""
        failure = self._failure or self._told_fluke()
        doubts = tuple(self._points.doubts)
        return Exploration(
            proved=self._proved and not doubts,
            schedules=self._whole_runs,
            values=tuple(value for value, _ in self._values.values()),
            examples=tuple(self._examples()),
            failure=failure,
            failed_at=self._failed_at,
            doubts=doubts,
            sample=self._sample() if failure is None else None,
        )

    def _sample(self) -> Failure | None:
        """Return a run with which nothing is wrong, told: of those that were kept the one with the most switches."""
        found = max(self._kept, key=_switches, default=None)
        whole = found and whole_of(self._subject, found, _same_as(found))
        told = whole and run_whole(self._subject, Follow(whole.choices), Telling())
        return _told(told, self._schedule(told.choices)) if told and not told.trial.kind else None

    def _examples(self) -> Iterator[tuple[str, Schedule]]:
        if len(self._values) < 2 or self._failure is not None:  # noqa: PLR2004 - one value needs no example
            return
        for text, (_, found) in list(self._values.items())[:EXAMPLES]:
            whole = whole_of(self._subject, found, _same_as(found))
            if whole is not None:
                yield text, self._schedule(whole.choices)

    def _schedule(self, choices: tuple[tuple[int, int], ...]) -> Schedule:
        return Schedule(choices, digest=self._digest, early=self._subject.early)
