"""Judges of a process that has collected the checks once: their verdicts are the same, and of what lies there now."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from grader import course, grading
from grader.judge.pool import Judges
from grader.verdict import Check, Status
from tests import graded
from tests.leftovers import gone, watched

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="judges are forked on Linux only")

CHECKS = '''
def test_twice(learner):
    """Twice three is six."""
    learner.call("twice", 3).returned(6)


def test_twice_nothing(learner):
    """Twice nothing is nothing."""
    learner.call("twice", 0).returned(0)


def test_inputs(learner, rng):
    """Inputs differ each time."""
    raise AssertionError(repr(rng.random()))
'''
RIGHT = "def twice(n): return 2 * n\n"
TEST_FILE = "exercises/01_a/test_answer.py"


@pytest.fixture
def judges() -> Iterator[Judges]:
    with watched(5.0) as left:
        made = Judges(("real",), keep=True)
        yield made
        made.close()
    assert left == []


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return graded.clone(tmp_path, {"01_a": CHECKS})


def judged(root: Path, judges: Judges | None, source: str = RIGHT, *names: str) -> list[Check]:
    """Return what comes of the checks of these names; of all, if there are none."""
    chosen = grading.Options(checks={"01_a": frozenset(names)} if names else {})
    return list(graded.grade(root, {"01_a": source}, chosen, judges=judges).katas[0].checks)


def collecting(judges: Judges) -> set[int]:
    """Return the processes that hold a test file: of the host's children those that are no starter.

    None while no starter is seen: a child of that moment is the starter, which looks like its host before it execs.
    """
    host = psutil.Process(judges._host.pid)
    there = [child for child in host.children() if child.status() != psutil.STATUS_ZOMBIE]
    starters = [child for child in there if "starter" in " ".join(child.cmdline())]
    return {child.pid for child in there if child not in starters} if starters else set()


def test_the_verdicts_are_those_of_fresh_judges(root: Path, judges: Judges) -> None:
    for source in (RIGHT, "def twice(n): return n\n", "def twice(n): raise ValueError(n)\n"):
        kept, fresh = judged(root, judges, source), judged(root, None, source)
        assert [(check.name, check.status) for check in kept] == [(check.name, check.status) for check in fresh]
        assert [check.message for check in kept[:2]] == [check.message for check in fresh[:2]]


def test_one_process_serves_them_all_and_inputs_are_new_each_time(root: Path, judges: Judges) -> None:
    inputs, processes = set(), set()
    for _ in range(3):
        inputs.add(judged(root, judges)[2].message)
        processes |= collecting(judges)
    assert len(processes) == 1
    assert len(inputs) == 3


def test_it_can_be_made_before_there_is_an_answer(root: Path, judges: Judges) -> None:
    kata = course.load(root).katas[0]
    grading.get_ready(kata, judges)
    deadline = time.monotonic() + 20
    while len(before := collecting(judges)) < 1:
        assert time.monotonic() < deadline
    assert judged(root, judges)[0].status is Status.PASSED
    assert collecting(judges) == before


def test_only_what_is_asked_for_is_judged(root: Path, judges: Judges) -> None:
    found = judged(root, judges, RIGHT, "test_twice_nothing")
    assert [check.status for check in found] == [Status.NOT_RUN, Status.PASSED, Status.NOT_RUN]


def test_checks_that_have_changed_are_collected_anew(root: Path, judges: Judges) -> None:
    assert judged(root, judges)[0].status is Status.PASSED
    (root / TEST_FILE).write_text(CHECKS.replace("(6)", "(7)"), encoding="utf-8")
    assert judged(root, judges)[0].status is Status.FAILED
    assert len(collecting(judges)) == 1


def test_checks_that_cannot_be_collected_cost_no_points_and_hold_nobody_up(root: Path, judges: Judges) -> None:
    (root / TEST_FILE).write_text(f"import there_is_no_such_thing\n{CHECKS}", encoding="utf-8")
    assert {check.status for check in judged(root, judges)} == {Status.GRADER_ERROR}
    (root / TEST_FILE).write_text(CHECKS, encoding="utf-8")
    assert judged(root, judges)[0].status is Status.PASSED


def test_a_process_that_has_died_is_made_anew(root: Path, judges: Judges) -> None:
    assert judged(root, judges)[0].status is Status.PASSED
    pids = collecting(judges)
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    assert gone(pids)
    assert judged(root, judges)[0].status is Status.PASSED


def test_a_run_that_is_ended_ends_its_judges_and_the_process_stays(root: Path, judges: Judges) -> None:
    judged(root, judges)
    before, stop = collecting(judges), grading.Stop()

    class Stopping(graded.Heard):
        def check(self, kata: str, check: Check) -> None:
            super().check(kata, check)
            stop.now()

    source = "import time\ndef twice(n):\n    if not n: time.sleep(600)\n    return 2 * n\n"
    result = graded.grade(root, {"01_a": source}, listener=Stopping(), judges=judges, stop=stop)
    assert result.interrupted
    assert result.seconds < 20
    assert collecting(judges) == before
    assert judged(root, judges)[0].status is Status.PASSED
