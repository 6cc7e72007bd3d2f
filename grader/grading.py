"""Katas × answers → verdicts: the story of a run, and what runs beside what.

A kata's checks go to judges: each real-time check has one of its own, started first, so that the longest wait hides
the rest; the others of a kata share one. Judges of waiting and I/O katas run side by side; those of CPU katas one at
a time beside them, since they read CPU time.
"""

from __future__ import annotations

import collections
import contextlib
import dataclasses
import datetime
import os
import platform
import queue
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final, Protocol

import msgspec

from grader import __version__, excerpts, messages, notes
from grader.course import CourseError, Kata, Planned, checks, fitting
from grader.crowding import CROWD, lacked_something
from grader.interrupts import ended_by_signals
from grader.judge.folders import PREFIX, is_held, remove, run_folder
from grader.judge.orders import Line, Order
from grader.judge.pool import Judge, Judges
from grader.sandbox.survey import survey
from grader.submission import Answer
from grader.verdict import FAILURES, Check, Result, Status, Verdict, pointed, worst

CHECK_LIMIT: Final = 480.0
"""Wall seconds after which a judge that says nothing is ended."""

_BUBBLE: Final = "bubble"
_AT_ONCE: Final = {"real": 24, _BUBBLE: os.cpu_count() or 2}
_CPU: Final = "cpu"

_ENDING: Final = 10.0
"""Seconds that a judge that was killed may take to be gone."""

_LONG: Final = 2.0
"""Seconds for which nothing is started without a word."""

_ALONE: Final = "alone"
"""The kind of a job that is run when no other is."""


@dataclasses.dataclass(frozen=True, slots=True)
class Options:
    """How to grade.

    Attributes:
        only_bubble: skip the real-time checks (practice).
        stop_at_first: start nothing more once a check did not pass.
        time_scale: how much longer real-time limits are.
        submission: what to call what is graded.
        commit: of the grader's clone, if known.
        checks: kata → the names of the checks to run; all, for a kata that is not in it.
        cpu_at_once: how many judges of CPU katas may run side by side; each reads CPU time, and is quickest alone.
        schedule: the name of the one schedule to run where schedules are chosen; "" for all. What it does is told as a
            failure, whatever came of it.
        real_time_last: start the real-time checks of a kata when its others are judged: for who waits for the first.
        bubbles_at_once: how many judges share the bubble's checks of one kata: quicker for one, slower for many.
    """

    only_bubble: bool = False
    stop_at_first: bool = False
    time_scale: float = 1.0
    submission: str = "exercises"
    commit: str | None = None
    checks: Mapping[str, frozenset[str]] = dataclasses.field(default_factory=dict)
    schedule: str = ""
    cpu_at_once: int = 1
    real_time_last: bool = False
    bubbles_at_once: int = 1


class Stop:
    """Ends a run from another thread: at once, or as soon as it begins. What was judged by then is its result."""

    def __init__(self) -> None:
        self.asked = False
        self._wake: Callable[[], None] = _nobody

    def now(self) -> None:
        """End the run."""
        self.asked = True
        self._wake()

    def wakes(self, wake: Callable[[], None]) -> None:
        """Let `wake` be called when the end is asked for, which it may have been already."""
        self._wake = wake
        if self.asked:
            wake()


def _nobody() -> None:
    """Wake nobody: no run has begun."""


class Listener(Protocol):
    """Hears how the run goes."""

    def planned(self, kata: str, count: int) -> None:
        """`kata` has `count` checks to come."""

    def check(self, kata: str, check: Check) -> None:
        """A check of `kata` is judged."""

    def verdict(self, verdict: Verdict) -> None:
        """A kata is done."""

    def waits(self, sentence: str) -> None:
        """For a while nothing could be started, for a reason that `sentence` tells; told once."""


def grade(
    katas: Sequence[Kata],
    answers: Mapping[str, Answer],
    options: Options,
    listener: Listener,
    *,
    judges: Judges | None = None,
    stop: Stop | None = None,
) -> Result:
    """Judge `answers` (by the kata's name) to `katas` and return what came of it.

    Ctrl-C ends the run and returns what was judged so far, marked as interrupted; so does `stop`. Judges are started by
    `judges`, which live on, or else by some that this run has for itself.

    Raises:
        grader.course.CourseError: if a kata's checks cannot be read.
        grader.judge.pool.JudgesError, OSError: if nothing can be judged here.
    """
    began, started = time.monotonic(), datetime.datetime.now(datetime.UTC)
    books = [_Book(kata, answers[kata.name], checks(kata), options) for kata in katas]
    interrupted = False
    run = _Run(books, options, listener, judges)
    if stop is not None:
        stop.wakes(run.interrupt)
    with ended_by_signals(run.interrupt):
        try:
            interrupted = not run.go()
        except KeyboardInterrupt:  # a listener's
            interrupted = True
        finally:
            run.close()
    found = survey()
    verdicts = tuple(book.verdict() for book in books)
    counted = [check for verdict in verdicts for check in verdict.checks if check.status.counts]
    return Result(
        grader=__version__,
        commit=options.commit,
        started=started.strftime("%Y-%m-%dT%H:%M:%SZ"),
        submission=options.submission,
        python=platform.python_version(),
        tier=found.tier,
        guards=found.guards,
        score=sum(check.points for check in counted),
        max_score=sum(check.max_points for check in counted),
        seconds=round(time.monotonic() - began, 3),
        katas=verdicts,
        leftovers=tuple(left for book in books for left in book.leftovers),
        notes=(*_notes(options), *(note for book in books for note in book.notes())),
        time_scale=options.time_scale,
        practice=options.only_bubble,
        interrupted=interrupted,
    )


def get_ready(kata: Kata, judges: Judges) -> None:
    """Let `judges` get ready for the checks of `kata` before there is an answer to it, where they keep what they do.

    Raises:
        grader.judge.pool.JudgesError, OSError: if nothing can be judged here.
    """
    if judges.keeps:
        lines = judges.start(_order(kata, (), kata.folder, Options())).lines()
        # Of no checks there is nothing to hear but the end, for which nobody has to wait.
        threading.Thread(target=collections.deque, args=(lines, 0), daemon=True).start()


def _notes(options: Options) -> Iterable[str]:
    if options.only_bubble:
        yield messages.PRACTICE
    if options.time_scale != 1.0:
        yield messages.widened(options.time_scale)


class _Book:
    """What is known of one kata in this run."""

    def __init__(self, kata: Kata, answer: Answer, plan: tuple[Planned, ...], options: Options) -> None:
        self.kata = kata
        self.answer = answer
        self.plan = plan
        self.leftovers: list[str] = []
        self._done: dict[str, Check] = {}
        self._began: float | None = None
        self._seconds = 0.0
        self._told = False
        self._cut_short = False
        lacking = kata.missing_here()
        for planned in plan:
            if lacking:
                self._settle(planned, Status.NOT_HERE, lacking)
            elif answer.status is not None:
                self._settle(planned, answer.status, answer.message)
            elif planned.name not in options.checks.get(kata.name, {planned.name}):
                self._settle(planned, Status.NOT_RUN, messages.NOT_ASKED_FOR)
            elif options.only_bubble and planned.real_time:
                self._settle(planned, Status.NOT_RUN, messages.NOT_IN_PRACTICE)

    def _settle(self, planned: Planned, status: Status, message: str) -> None:
        self._done[planned.name] = Check(planned.name, planned.title, status, 0, planned.points, message=message)

    def open(self) -> list[Planned]:
        """Return the checks that are not judged."""
        return [planned for planned in self.plan if planned.name not in self._done]

    def begin(self) -> None:
        """A judge of this kata starts."""
        self._began = self._began or time.monotonic()

    def take(self, check: Check) -> bool:
        """Take a judged check; False if it is none of ours, or known already."""
        if check.name not in {planned.name for planned in self.open()}:
            return False
        self._done[check.name] = check
        self._seconds = time.monotonic() - (self._began or time.monotonic())
        return True

    def give_up(self, names: Iterable[str], status: Status, message: str) -> list[Check]:
        """Settle those of `names` that are open."""
        lost = [planned for planned in self.open() if planned.name in set(names)]
        for planned in lost:
            self._settle(planned, status, message)
        self._cut_short = self._cut_short or (bool(lost) and status is Status.NOT_RUN)
        return [self._done[planned.name] for planned in lost]

    def just_finished(self) -> bool:
        """Tell, once, that nothing is open any more."""
        finished = not self.open() and not self._told
        self._told = self._told or finished
        return finished

    def notes(self) -> list[str]:
        """Return what is to be said of the answer besides its checks."""
        return [*([self.answer.note] if self.answer.note else []), *map(self.answer.led_back, notes.read(self.answer))]

    def verdict(self) -> Verdict:
        """Return what came of this kata; what is open was not run."""
        self.give_up([planned.name for planned in self.plan], Status.NOT_RUN, messages.NOT_RUN)
        judged = tuple(self._done[planned.name] for planned in self.plan)
        judged = _only_with_the_real_check(judged, self.plan) if "waits" in self.kata.needs else judged
        judged = tuple(excerpts.added(check, self.answer.parts) for check in judged)
        judged = self._with_hints(judged)
        status = self.answer.status or worst(check.status for check in judged)
        if any(check.status is Status.NOT_HERE for check in judged):
            status = Status.NOT_HERE
        if self._cut_short and status is Status.PASSED:
            status = Status.NOT_RUN  # what is half judged has not passed
        first = next((c for c in judged if c.status is status and c.message), None)
        return Verdict(
            kata=self.kata.name,
            title=self.kata.title,
            needs=self.kata.needs,
            status=status,
            points=sum(check.points for check in judged),
            max_points=sum(check.max_points for check in judged if check.status.counts),
            seconds=round(self._seconds, 3),
            message="" if status is Status.PASSED or first is None else first.message,
            checks=judged,
        )

    def _with_hints(self, judged: tuple[Check, ...]) -> tuple[Check, ...]:
        """Point each failure to the hint that fits it; nothing fits a file that can't even be read."""
        hints: dict[str, int] = {}
        if self.answer.status is None and any(check.status in FAILURES for check in judged):
            with contextlib.suppress(CourseError):  # a file of hints that can't be read costs nobody a verdict
                hints = pointed(fitting(self.kata), judged)
        return tuple(msgspec.structs.replace(check, hint=hints.get(check.name, 0)) for check in judged)


def _only_with_the_real_check(judged: tuple[Check, ...], plan: tuple[Planned, ...]) -> tuple[Check, ...]:
    """Take the points of bubble checks back where the same answer did not work for real.

    The bubble lives in the learner's process, so what it says could be forged; plain threads on the outside's clock
    can't be. Where a fault of ours kept the real check from being judged, those of the bubble are not judged either.
    """
    names = {planned.name for planned in plan if planned.real_time}
    real = worst(check.status for check in judged if check.name in names)
    if real in (Status.PASSED, Status.NOT_RUN, Status.NOT_HERE):
        return judged
    lost = real is Status.GRADER_ERROR
    status, message = (Status.GRADER_ERROR, messages.NOT_CONFIRMED) if lost else (Status.PASSED, messages.NOT_FOR_REAL)
    return tuple(
        msgspec.structs.replace(check, status=status, points=0, message=message)
        if check.name not in names and check.status is Status.PASSED
        else check
        for check in judged
    )


@dataclasses.dataclass(slots=True, eq=False)
class _Job:
    """One judge to be: some checks of a kata."""

    book: _Book
    names: tuple[str, ...]
    kind: str
    real_time: bool = False
    judge: Judge | None = None
    listening: threading.Thread | None = None
    heard: float = 0.0
    postponed: set[str] = dataclasses.field(default_factory=set)
    never_alone: bool = False


class _Run:
    """Runs jobs side by side and hears their judges. One thread a judge reads; this one decides."""

    def __init__(self, books: list[_Book], options: Options, listener: Listener, judges: Judges | None) -> None:
        self._options = options
        self._listener = listener
        self._books = books
        self._waiting = sorted(_jobs(books, options), key=_real_last if options.real_time_last else _real_first)
        self._running: list[_Job] = []
        self._heard: queue.SimpleQueue[tuple[_Job, Line | None] | None] = queue.SimpleQueue()
        self._interrupted = False
        self._folder: Path | None = None
        self._until_closed = contextlib.ExitStack()
        self._judges = judges
        self._judges_are_ours = judges is None
        self._stands_since = time.monotonic()
        self._told_that_it_stands = False

    def interrupt(self) -> None:
        """Let `go` return at once; for another thread."""
        self._heard.put(None)

    def go(self) -> bool:
        """Run every job to its end; return whether it came to that, and was not interrupted."""
        if self._waiting:
            self._prepare()
        for book in self._books:
            self._listener.planned(book.kata.name, len(book.plan))
        self._tell_finished()
        self._stands_since = time.monotonic()
        while (self._waiting or self._running) and not self._interrupted:
            self._start_what_fits()
            self._tell_that_it_stands()
            self._hear()
        return not self._interrupted

    def _prepare(self) -> None:
        clocks = {"bubble"} if any("waits" in job.book.kata.needs for job in self._waiting) else set()
        if not self._options.only_bubble or not clocks:
            clocks.add("real")
        self._judges = self._judges or Judges(tuple(sorted(clocks)))
        _sweep_stale()
        self._folder = self._until_closed.enter_context(run_folder())
        if survey().user is not None:
            self._folder.chmod(0o711)
        for book in {id(job.book): job.book for job in self._waiting}.values():
            folder = self._folder / book.kata.name
            folder.mkdir()
            for name, data in book.answer.files.items():
                (folder / name).write_bytes(data)

    def _start_what_fits(self) -> None:
        for job in list(self._waiting):
            if self._fits(job) and CROWD.enter(job, alone=job.kind == _ALONE):
                self._waiting.remove(job)
                self._running.append(job)  # whatever comes of the start, it is left in the end
                self._start(job)

    def _fits(self, job: _Job) -> bool:
        if job.kind == _ALONE:
            return not self._running
        if job.real_time and self._options.real_time_last and not all(other.real_time for other in self._running):
            return False
        most = self._options.cpu_at_once if job.kind == _CPU else _AT_ONCE[job.kind]
        return sum(other.kind == job.kind for other in self._running) < most

    def _start(self, job: _Job) -> None:
        assert self._judges is not None
        assert self._folder is not None
        job.book.begin()
        job.heard = time.monotonic()
        job.never_alone = job.kind == _ALONE and CROWD.beside(job, unseen=False)
        answer = self._folder / job.book.kata.name
        job.judge = self._judges.start(_order(job.book.kata, job.names, answer, self._options))
        listening = threading.Thread(target=self._listen, args=(job, job.judge), daemon=True)
        listening.start()
        job.listening = listening

    def _listen(self, job: _Job, judge: Judge) -> None:
        for line in judge.lines():
            self._heard.put((job, line))
        self._heard.put((job, None))

    def _hear(self) -> None:
        self._end_the_silent()
        CROWD.go_on((*self._waiting, *self._running))
        try:
            heard = self._heard.get(timeout=1.0)
        except queue.Empty:
            return
        if heard is None:
            self._interrupted = True
            return
        job, line = heard
        job.heard = time.monotonic()
        if line is None:
            self._over(job)
        elif line.check is not None and self._was_crowded_out(job, line.check):
            job.postponed.add(line.check.name)
            self._waiting.append(_Job(job.book, (line.check.name,), _ALONE))
        elif line.check is not None and job.book.take(check := self._judged(job, line.check)):
            job.book.leftovers += [f"{job.book.kata.name}: {left}" for left in line.leftovers]
            self._tell(job.book, check)

    def _was_crowded_out(self, job: _Job, check: Check) -> bool:
        """Return whether `check` has to be judged once more, alone: others may be why it did not pass."""
        known = check.name not in {planned.name for planned in job.book.open()}
        return not known and job.kind != _ALONE and CROWD.beside(job) and lacked_something(check)

    def _judged(self, job: _Job, check: Check) -> Check:
        """Return the check of `job` as it counts.

        One that had to be alone, could not be, and lacked something again, is not judged: whether that is due to the
        answer or to others, nobody can know, and so nobody loses a point by it. It can't be left as failed. All else
        is what it would be alone too: what passes beside others passes, and what lacks nothing is wrong by itself.
        """
        check = job.book.answer.led_back_check(check)
        if job.kind != _ALONE or not lacked_something(check):
            return check
        if not job.never_alone and not CROWD.beside(job, unseen=False):
            return check
        message = f"{messages.NEVER_ALONE}\n{check.message}".rstrip()
        return msgspec.structs.replace(check, status=Status.GRADER_ERROR, points=0, message=message)

    def _over(self, job: _Job) -> None:
        self._running.remove(job)
        beside = CROWD.beside(job)
        CROWD.leave(job)
        lost = {planned.name for planned in job.book.open()} & (set(job.names) - job.postponed)
        if lost and beside and job.kind != _ALONE:
            self._waiting.append(_Job(job.book, tuple(sorted(lost)), _ALONE))
            return
        for check in job.book.give_up(lost, Status.GRADER_ERROR, messages.JUDGE_ENDED):
            self._tell(job.book, check)

    def _tell(self, book: _Book, check: Check) -> None:
        self._listener.check(book.kata.name, check)
        if self._options.stop_at_first and check.status is not Status.PASSED:
            self._stop()
        self._tell_finished()

    def _tell_that_it_stands(self) -> None:
        """Say, once, that nothing of ours runs because of another grader."""
        if self._running:
            self._stands_since = time.monotonic()
        elif not self._told_that_it_stands and time.monotonic() - self._stands_since > _LONG:
            self._told_that_it_stands = True
            self._listener.waits(messages.WAITS)

    def _tell_finished(self) -> None:
        for book in self._books:
            if book.just_finished():
                self._listener.verdict(book.verdict())

    def _stop(self) -> None:
        """Start nothing more, and end what runs."""
        for job in (*self._waiting, *self._running):
            job.book.give_up(job.names, Status.NOT_RUN, messages.NOT_RUN_AFTER_ANOTHER)
        for job in self._waiting:
            CROWD.leave(job)
        self._waiting.clear()
        for job in self._running:
            if job.judge is not None:
                job.judge.end()

    def _end_the_silent(self) -> None:
        limit = CHECK_LIMIT * max(1.0, self._options.time_scale)
        for job in self._running:
            if job.judge is not None and time.monotonic() - job.heard > limit:
                job.judge.end()

    def _end_all(self) -> None:
        """End the judges that run, and wait until they are gone."""
        for job in self._running:
            if job.judge is not None:
                job.judge.end()
            if job.listening is not None:
                job.listening.join(_ENDING)
            elif job.judge is not None:  # there was no thread to be had for hearing it
                collections.deque(job.judge.lines(), 0)

    def close(self) -> None:
        """End what still runs and remove every file of the run."""
        try:
            if self._judges_are_ours and self._judges is not None:
                self._judges.close()
            else:
                self._end_all()
        finally:  # not before: who has to be alone waits for our judges too
            for job in (*self._waiting, *self._running):
                CROWD.leave(job)
        self._until_closed.close()


def _order(kata: Kata, names: tuple[str, ...], answer: Path, options: Options) -> Order:
    """Return the order to judge the checks `names` of `kata`; the answer's folder lies in that of the run."""
    return Order(
        test_file=str(kata.test_file),
        names=names,
        module=kata.module,
        file=kata.files[0],
        waits="waits" in kata.needs,
        probes=kata.probes.read_text(encoding="utf-8") if kata.probes is not None else "",
        answer=str(answer),
        runs=str(answer.parent),
        time_scale=options.time_scale,
        user=survey().user,
        schedule=options.schedule,
    )


def _jobs(books: list[_Book], options: Options) -> Iterable[_Job]:
    for book in books:
        left = book.open()
        alone = [planned.name for planned in left if planned.real_time]
        together = tuple(planned.name for planned in left if not planned.real_time)
        for name in alone:
            yield _Job(book, (name,), _CPU if "cpu" in book.kata.needs else "real", real_time=True)
        kind = _kind(book.kata)
        parts = min(options.bubbles_at_once if kind == _BUBBLE else 1, len(together))
        for first in range(parts):
            yield _Job(book, together[first::parts], kind)


def _real_first(job: _Job) -> bool:
    return job.kind != "real"


def _real_last(job: _Job) -> bool:
    return job.real_time


def _kind(kata: Kata) -> str:
    if "cpu" in kata.needs:
        return _CPU
    return _BUBBLE if "waits" in kata.needs else "real"


def _sweep_stale() -> None:
    """Remove the folders of runs whose process was killed before it could."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*-*"):
        owner = folder.name.removeprefix(PREFIX).partition("-")[0]
        with contextlib.suppress(OSError):
            if owner.isdigit() and not _alive(int(owner)) and not is_held(folder):
                remove(folder)


def _alive(pid: int) -> bool:
    import psutil  # noqa: PLC0415 - costs start-up time, and there is seldom anything to ask

    return bool(psutil.pid_exists(pid))
