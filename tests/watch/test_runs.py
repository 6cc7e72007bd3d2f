"""Runs: the answer that was asked for last is judged, whatever became of the run before."""

from __future__ import annotations

import queue
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader import course, messages, submission
from grader.crowding import CROWD
from grader.judge import pool
from grader.submission import Answer
from grader.verdict import Status, Verdict
from grader.watch import model
from grader.watch.runs import Runner
from tests import tiny_course
from tests.leftovers import watched

ENDLESS = "sum(1 for _ in iter(int, 1))"


class Running:
    """A runner on the first kata of a clone, what it tells, and what it has noted; there is never room for a note."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.kata = course.load(root).katas[0]
        self.told: queue.SimpleQueue[model.Event] = queue.SimpleQueue()
        self.noted: list[tuple[Status, str]] = []
        self.runner = Runner(self.told.put, self._note)
        self.count = 0

    def _note(self, verdict: Verdict, answer: Answer) -> str:
        self.noted.append((verdict.status, answer.files["double.py"].decode().split("return ")[1].strip()))
        return "The disk is full."

    def host(self) -> subprocess.Popen[bytes]:
        """Return the process that starts its judges."""
        assert self.runner._judges is not None
        return self.runner._judges._host

    def judge(self, expression: str) -> int:
        """Ask for an answer to be judged; return the number of its run."""
        self.count += 1
        (self.kata.folder / "double.py").write_text(tiny_course.answer(expression), encoding="utf-8")
        self.runner.judge(model.Judge(self.count, self.kata, submission.find(self.kata, self.root)))
        return self.count

    def finished(self) -> model.Finished:
        """Return the next run that is judged to its end."""
        while True:
            event = self.told.get(timeout=30)
            assert not isinstance(event, model.Broke), event
            if isinstance(event, model.Finished):
                return event


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    with watched(5.0) as left:
        made = Running(tiny_course.make(tmp_path / "clone"))
        yield made
        made.runner.close()
    assert left == []


def test_one_answer_after_the_other_is_judged_by_the_same_judges(running: Running) -> None:
    hosts = set()
    for expression, status in (("2 * number", Status.PASSED), ("number", Status.FAILED)):
        run = running.judge(expression)
        done = running.finished()
        assert (done.run, done.verdict.status) == (run, status)
        hosts.add(running.host().pid)
    assert len(hosts) == 1


def test_an_answer_that_is_asked_for_during_a_run_ends_that_run(running: Running) -> None:
    running.judge(ENDLESS)
    first = running.judge("number ** 2")
    last = running.judge("2 * number")
    done = running.finished()
    assert done.run in (first, last)
    assert (done if done.run == last else running.finished()).verdict.status is Status.PASSED


def test_each_verdict_is_noted_and_what_is_wrong_with_that_is_said_once(running: Running) -> None:
    running.judge("2 * number")
    running.finished()
    assert running.told.get(timeout=20) == model.Said("The disk is full.")
    running.judge("number")
    running.finished()
    running.runner.close()
    assert running.noted == [(Status.PASSED, "2 * number"), (Status.FAILED, "number")]
    assert running.told.empty()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such locks")
def test_who_waits_for_another_grader_says_so_until_a_check_is_judged(
    running: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(CROWD, "_folder", lambda: tmp_path / "jobs")
    assert CROWD.enter("another", alone=True)
    running.judge("2 * number")
    assert running.told.get(timeout=20) == model.Said(messages.WAITS)
    CROWD.leave("another")
    assert running.told.get(timeout=20) == model.Said("")
    assert running.finished().verdict.status is Status.PASSED


def test_judges_that_have_died_are_made_anew(running: Running) -> None:
    running.judge("2 * number")
    running.finished()
    running.host().send_signal(signal.SIGKILL)
    running.host().wait(10)
    running.judge("number + number")
    assert running.finished().verdict.status is Status.PASSED


def test_a_run_without_judges_says_why_and_the_next_one_may_go_well(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    running.judge("2 * number")
    running.finished()
    with monkeypatch.context() as patched:
        patched.setattr(pool.Judges, "start", _refuse)
        running.judge("number")
        while not isinstance(event := running.told.get(timeout=20), model.Broke):
            pass
        assert "No room." in event.sentence
    running.judge("3 * number - number")
    assert running.finished().verdict.status is Status.PASSED


def _refuse(*_: object) -> None:
    raise pool.JudgesError("No room.")


def test_a_folder_that_is_gone_is_told(running: Running) -> None:
    answer = submission.find(running.kata, running.root)
    running.kata.folder.rename(running.root / "elsewhere")
    running.runner.judge(model.Judge(1, running.kata, answer))
    event = running.told.get(timeout=20)
    assert isinstance(event, model.Broke)
    assert "exercises/01_double is gone" in event.sentence
