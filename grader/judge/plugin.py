"""The pytest side of the judge: the `learner` fixture, and one verdict a check.

A judged run (`grader.judge.host`) registers a `JudgePlugin` of its own. Plain ``pytest exercises/01_print_tasks``
loads this module by name, and gets the same fixtures and the same verdicts for the learner's own files.
"""

from __future__ import annotations

import contextlib
import random
import traceback
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Final

import pytest

from grader import course, lanes, submission
from grader.judge import messages
from grader.judge.faults import LearnerFault
from grader.judge.folders import run_folder
from grader.judge.learner import Learner
from grader.judge.run import Run, brief
from grader.judge.setup import Setup, Starters
from grader.printable import clean
from grader.verdict import Check, Event, Status, Where

_GRADER: Final = Path(__file__).parents[1]
NAME: Final = "grader-judge"
_MARKERS: Final = (
    "points(n): what a check is worth (default 1)",
    "real_time: a check at full length on the real clock, run in a judge of its own",
)
_MAX_MESSAGE: Final = 20_000
_MAX_OUTPUT: Final = 20_000
_MAX_TOLD: Final = 20
_MAX_EVENTS: Final = 2_000
_MAX_SAMPLE: Final = 300
_MAX_THREADS: Final = 3

Sink = Callable[[Check, tuple[str, ...]], None]


def pytest_configure(config: pytest.Config) -> None:
    """Serve a plain pytest run, unless a judged run has its plugin already."""
    if not config.pluginmanager.has_plugin(NAME):
        config.pluginmanager.register(JudgePlugin(None, None), NAME)
    for marker in _MARKERS:
        config.addinivalue_line("markers", marker)


class JudgePlugin:
    """Hands out learners, and turns what comes of each check into a `Check`.

    Args:
        setup: the answer to judge; None to judge the one that lies beside each test file.
        sink: takes each check and what it left behind; None in a plain pytest run.
    """

    def __init__(self, setup: Setup | None, sink: Sink | None) -> None:
        self._setup = setup
        self._sink = sink
        self._local = _LocalSetups()
        self._final: dict[Path, LearnerFault] = {}
        self._learners: dict[str, Learner] = {}

    def serve(self, setup: Setup, sink: Sink) -> None:
        """Judge the answer of `setup` from now on, and tell `sink`."""
        self._setup, self._sink = setup, sink

    def pytest_unconfigure(self) -> None:
        """End what plain runs started."""
        self._local.close()

    @pytest.fixture
    def learner(self, request: pytest.FixtureRequest) -> Learner:
        """The answer under judgement."""
        known = self._final.get(request.node.path)
        if known is not None:
            raise known
        setup = self._setup or self._local.of(request.node.path)
        made = Learner(setup, real_time=request.node.get_closest_marker("real_time") is not None)
        self._learners[request.node.nodeid] = made
        return made

    @pytest.fixture
    def rng(self) -> random.Random:
        """Random inputs, new in each run: an answer that only knows the examples fails."""
        return random.Random()  # noqa: S311 - inputs of a check, no secret

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Judge the check: its status, and a message without frames of ours."""
        report = yield
        if "learner" not in getattr(item, "fixturenames", ()):
            return report
        if call.when == "call" or (call.when == "setup" and call.excinfo is not None):
            check, leftovers = self._judge(item, call)
            if check.status is not Status.PASSED:
                report.outcome = "failed"
                report.longrepr = f"{check.title}\n\n{check.message}"
            if self._sink is not None:
                self._sink(check, leftovers)
        return report

    def _judge(self, item: pytest.Item, call: pytest.CallInfo[None]) -> tuple[Check, tuple[str, ...]]:
        learner = self._learners.pop(item.nodeid, None)
        runs = learner.runs if learner is not None else []
        error = call.excinfo.value if call.excinfo is not None else None
        if error is None or isinstance(error, AssertionError):
            unseen = next((found.fault for found in learner.explored if found.fault), None) if learner else None
            # What a check finds wrong with a call that raised comes of that.
            error = unseen or _unseen_error([run for run in runs if error is None or not run.aside]) or error
        status, message, where = outcome(error, runs, item.path)
        real_time = item.get_closest_marker("real_time") is not None
        if real_time and status in (Status.FAILED, Status.TIMED_OUT) and any(run.disturbed for run in runs):
            status, message = Status.GRADER_ERROR, messages.DISTURBED
        if isinstance(error, LearnerFault) and error.final:
            self._final[item.path] = error
        last = None if isinstance(error, LearnerFault) and error.alone else _last(runs)
        events = _events(last)
        marker = item.get_closest_marker("points")
        points = int(marker.args[0]) if marker is not None else 1
        check = Check(
            name=item.name,
            title=_title(item),
            status=status,
            points=points if status is Status.PASSED else 0,
            max_points=points,
            seconds=round(call.duration, 3),
            message=clean(_with_picture(message, events), _MAX_MESSAGE) if status is not Status.PASSED else "",
            output=_output(last),
            where=where,
            timeline=events or _sample(last, status),
            story=last.story if last is not None else None,
            schedules=tuple(found.told() for found in learner.explored[:_MAX_TOLD]) if learner is not None else (),
        )
        left = [left for run in runs for left in run.leftovers]
        if status is not Status.PASSED:  # threads may well be left where that is no fault: then nothing is told
            left += [thread for run in runs for thread in run.left_threads][:_MAX_THREADS]
        return check, tuple(left)


def _last(runs: list[Run]) -> Run | None:
    """Return the last of `runs`, which a failure is about; those that only explain it come after that."""
    return next((run for run in reversed(runs) if not run.aside), None)


def _unseen_error(runs: list[Run]) -> BaseException | None:
    """Return the fault of a run that raised, where the check never looked: it must not pass by that."""
    for run in runs:
        if not run.error_seen:
            try:
                run.raise_error()
            except LearnerFault as fault:
                return fault
    return None


def outcome(error: BaseException | None, runs: list[Run], checks: Path) -> tuple[Status, str, Where | None]:
    """Return what becomes of a check of the file `checks` that asked `runs` and raised `error`, or nothing."""
    if error is None:
        return Status.PASSED, "", None
    if isinstance(error, LearnerFault):
        return error.status, error.message, error.where
    if isinstance(error, pytest.fail.Exception):
        status = Status.TIMED_OUT if "from pytest-timeout" in str(error) else Status.FAILED
        return status, str(error), None
    if isinstance(error, AssertionError):
        return Status.FAILED, _without_rewriting(str(error)), None
    if runs and isinstance(error, Exception) and _comes_of_data(error, checks):
        return Status.FAILED, messages.not_usable(runs[-1].described(), brief(error)), None
    return Status.GRADER_ERROR, messages.our_fault(brief(error)), None


def _comes_of_data(error: Exception, checks: Path) -> bool:
    """Tell whether `error` was raised by the code of a check, and so by a value that it did not expect.

    Were that a fault of ours, an answer could take checks that it fails out of the count, by values that it forges.
    Ours is what is raised in the grader's own code, or below it, and what the system has to say.
    """
    files = [Path(frame.filename) for frame in traceback.extract_tb(error.__traceback__)]
    last = next((file for file in reversed(files) if file == checks or file.is_relative_to(_GRADER)), None)
    return last == checks and not isinstance(error, OSError)


def _without_rewriting(text: str) -> str:
    """Return an assertion's own message, without what pytest's rewriting adds to it."""
    return text.partition("\nassert ")[0].strip()


def _title(item: pytest.Item) -> str:
    doc = getattr(getattr(item, "function", None), "__doc__", None) or item.name
    return str(doc).strip().splitlines()[0]


def _output(run: Run | None) -> str:
    if run is None:
        return ""
    stderr = run.stderr.partition("Fatal Python error")[0].strip()  # the stacks that follow are in the message
    return (run.text + (f"\n{messages.STDERR}\n{stderr}" if stderr else ""))[:_MAX_OUTPUT]


def _events(run: Run | None) -> tuple[Event, ...]:
    """Return what was done in a run, or the beginning of it and what tells most of the rest."""
    return lanes.thinned(run.history(), _MAX_EVENTS) if run is not None else ()


def _sample(run: Run | None, status: Status) -> tuple[Event, ...]:
    """Return what was done under one of the schedules that were explored, if the check passed."""
    few = run is not None and status is Status.PASSED and len(run.sample) <= _MAX_SAMPLE
    return run.sample if run is not None and few else ()


def _with_picture(message: str, events: tuple[Event, ...]) -> str:
    if len({event.lane for event in events}) < 2:  # noqa: PLR2004 - one lane is no picture
        return message
    return f"{message}\n\n{lanes.text(events)}"


class _LocalSetups:
    """The setups of a plain pytest run: each kata's answer is what lies beside its checks."""

    def __init__(self) -> None:
        self._folder: Path | None = None
        self._until_closed = contextlib.ExitStack()
        self._starters = Starters()
        self._known: dict[Path, Setup] = {}

    def of(self, test_file: Path) -> Setup:
        """Return the setup for the kata of `test_file`."""
        if test_file not in self._known:
            self._known[test_file] = self._make(test_file)
        return self._known[test_file]

    def _make(self, test_file: Path) -> Setup:
        found = course.load(course.root_of(test_file.parent))
        kata = next(kata for kata in found.katas if kata.folder.samefile(test_file.parent))
        answer = submission.read(kata, kata.folder)
        if answer.status is Status.CRASHED:
            raise LearnerFault(answer.status, answer.message, final=True)
        if self._folder is None:
            self._folder = self._until_closed.enter_context(run_folder())
        folder = self._folder / kata.name
        folder.mkdir()
        for name, data in answer.files.items():
            (folder / name).write_bytes(data)
        return _setup_for(kata, folder, self._folder, self._starters)

    def close(self) -> None:
        self._starters.close()
        self._until_closed.close()


def _setup_for(kata: course.Kata, answer: Path, runs: Path, starters: Starters) -> Setup:
    """Return the setup of `kata` for the answer whose files lie in the folder `answer`."""
    return Setup(
        module=kata.module,
        file=kata.files[0],
        waits="waits" in kata.needs,
        probes=kata.probes.read_text(encoding="utf-8") if kata.probes is not None else "",
        answer=answer,
        runs=runs,
        starters=starters,
    )
