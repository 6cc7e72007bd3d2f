"""Runs: the last answer that was asked for is judged, by judges that stay alive as long as watch does."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Callable
from typing import Final

from grader.course import CourseError
from grader.grading import Options, Stop, get_ready, grade
from grader.judge.pool import Judges, JudgesError
from grader.submission import Answer
from grader.verdict import Check, Status, Verdict
from grader.watch import messages
from grader.watch.model import Broke, Event, Finished, Judge, Judged, Said

_CLOCKS: Final = ("bubble", "real")
_MANY: Final = 20
"""How many verdicts may wait to be noted while one answer follows the other."""


class Runner:
    """Judges answers, by a thread: the one that was asked for last. What is judged before it is ended.

    Args:
        tell: hears what comes of it.
        note: is given each verdict and its answer when there is nothing else to do; what it returns is told.
        time_scale: how much longer real-time limits are.
    """

    def __init__(
        self, tell: Callable[[Event], None], note: Callable[[Verdict, Answer], str], time_scale: float = 1.0
    ) -> None:
        self._tell = tell
        self._options = Options(time_scale=time_scale, real_time_last=True, bubbles_at_once=min(2, os.cpu_count() or 1))
        self._note = note
        self._changed = threading.Condition()
        self._wanted: Judge | None = None
        self._stop: Stop | None = None
        self._over = False
        self._unnoted: list[tuple[Verdict, Answer]] = []
        self._remark = ""
        self._judges: Judges | None = None
        self._thread = threading.Thread(target=self._serve, name="runs")
        self._thread.start()

    def judge(self, wanted: Judge) -> None:
        """Judge this, in place of what is judged now."""
        with self._changed:
            self._wanted = wanted
            self._end()

    def close(self) -> None:
        """End what is judged, and every process that is there for it."""
        with self._changed:
            self._over = True
            self._end()
        self._thread.join()

    def _end(self) -> None:
        if self._stop is not None:
            self._stop.now()
        self._changed.notify()

    def _serve(self) -> None:
        try:
            self._warm_up()
            while (next_one := self._next()) is not None:
                self._run(*next_one)
        finally:
            self._note_all()
            if self._judges is not None:
                self._judges.close()

    def _warm_up(self) -> None:
        with contextlib.suppress(OSError):  # the first run will tell
            self._judges = Judges(_CLOCKS, keep=True)

    def _next(self) -> tuple[Judge, Stop] | None:
        """Wait for what is to be judged; None at the end."""
        with self._changed:
            self._stop = None
            idle = self._wanted is None
        if idle or len(self._unnoted) >= _MANY:
            self._note_all()
        with self._changed:
            self._changed.wait_for(lambda: self._over or self._wanted is not None)
            if self._over or self._wanted is None:
                return None
            wanted, self._wanted = self._wanted, None
            self._stop = Stop()
            return wanted, self._stop

    def _run(self, wanted: Judge, stop: Stop) -> None:
        if not wanted.kata.folder.is_dir():
            self._tell(Broke(wanted.run, messages.no_folder(wanted.kata.folder)))
            return
        listener = _Listener(wanted.run, self._tell)
        try:
            answers = {wanted.kata.name: wanted.answer}
            result = grade([wanted.kata], answers, self._options, listener, judges=self._living(), stop=stop)
        except (CourseError, JudgesError, OSError) as error:
            self._tell(Broke(wanted.run, messages.unjudged(str(error))))
            return
        except Exception as error:  # noqa: BLE001 - a fault of ours must not end watch
            self._tell(Broke(wanted.run, messages.fault(f"{type(error).__name__}: {error}")))
            return
        verdict = result.katas[0]
        self._unnoted.append((verdict, wanted.answer))
        if not result.interrupted:
            self._tell(Finished(wanted.run, verdict, time.strftime("%H:%M:%S"), result.notes))
        if verdict.status is Status.NOT_STARTED:
            with contextlib.suppress(JudgesError, OSError):  # the first run will tell
                get_ready(wanted.kata, self._living())

    def _note_all(self) -> None:
        while self._unnoted:
            remark = self._note(*self._unnoted.pop(0))
            if remark not in ("", self._remark):
                self._tell(Said(remark))
            self._remark = remark or self._remark

    def _living(self) -> Judges:
        """Return judges that live: those that there are, or others if their host has died."""
        if self._judges is None or not self._judges.alive:
            if self._judges is not None:
                self._judges.close()
            self._judges = Judges(_CLOCKS, keep=True)
        return self._judges


class _Listener:
    """Hands on each check as it is judged."""

    def __init__(self, run: int, tell: Callable[[Event], None]) -> None:
        self._run = run
        self._told = tell
        self._waits = False

    def planned(self, kata: str, count: int) -> None:
        """Take note that checks are to come: the course has told which."""

    def check(self, kata: str, check: Check) -> None:  # noqa: ARG002 - there is one kata
        """Hand it on."""
        if self._waits:
            self._waits = False
            self._told(Said(""))  # it was true until now
        self._told(Judged(self._run, check))

    def verdict(self, verdict: Verdict) -> None:
        """Take note of it: the result tells it once more."""

    def waits(self, sentence: str) -> None:
        """Say why nothing happens, until something does."""
        self._waits = True
        self._told(Said(sentence))
