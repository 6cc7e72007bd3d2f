"""Judges: where a system can't fork they are started one by one, and end with who started them all the same."""

from __future__ import annotations

import subprocess
import sys
import types
from pathlib import Path

import pytest

from grader.judge.pool import Judges
from grader.judge.setup import Starters
from grader.sandbox.cold import ColdStarter
from grader.verdict import Status
from tests import graded, tiny_course
from tests.bench import Bench
from tests.leftovers import watched

CHECKS = '''
def test_twice(learner):
    """Twice three is six."""
    learner.call("twice", 3).returned(6)


def test_hangs(learner):
    """It ends."""
    learner.call("hang", limit=0.5)
'''
ANSWER = "import time\ndef twice(n): return 2 * n\ndef hang(): time.sleep(60)\n"


@pytest.fixture
def without_fork(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make grading believe that it is on another system."""
    elsewhere = types.SimpleNamespace(platform="darwin", executable=sys.executable)
    monkeypatch.setattr("grader.judge.pool.sys", elsewhere)


@pytest.mark.usefixtures("without_fork")
def test_without_fork_the_verdicts_are_the_same(tmp_path: Path) -> None:
    with watched() as left:
        result = graded.grade(graded.clone(tmp_path, {"01_a": CHECKS}), {"01_a": ANSWER})
    assert [check.status for check in result.katas[0].checks] == [Status.PASSED, Status.TIMED_OUT]
    assert left == []


@pytest.mark.usefixtures("without_fork")
def test_without_fork_a_run_can_be_cut_short(tmp_path: Path) -> None:
    from grader.grading import Options  # noqa: PLC0415 - beside the one test that needs it

    katas = {"01_a": CHECKS.replace("twice", "fails"), "02_b": CHECKS.replace("limit=0.5", "limit=30")}
    root = graded.clone(tmp_path, katas)
    with watched() as left:
        result = graded.grade(root, {"01_a": ANSWER, "02_b": ANSWER}, Options(stop_at_first=True))
    assert result.seconds < 25
    assert left == []


def test_learners_that_are_started_cold_are_judged_as_warm_ones(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    cold = Starters()
    cold._warm = {kind: ColdStarter(kind) for kind in ("real", "bubble")}
    monkeypatch.setattr(bench, "starters", cold)
    source = """
        import threading, time
        def wait(seconds):
            threads = [threading.Thread(target=time.sleep, args=(seconds,)) for _ in range(2)]
            for thread in threads: thread.start()
            for thread in threads: thread.join()
            print("waited")
            return threading.active_count()
    """
    real, bubble = bench.learner(source), bench.learner(source, waits=True)
    assert 0.2 <= real.call("wait", 0.2).seconds < 10
    run = bubble.call("wait", 100.0)
    assert (run.value, run.seconds, run.text) == (1, 100.0, "waited\n")
    assert real.script().value == 0


def test_a_host_that_was_asked_nothing_ends_when_it_is_closed() -> None:
    with watched() as left:
        Judges(("real",)).close()
    assert left == []


ROOT = Path(__file__).parents[2]
SAID = b'{"pid": 7}\n{"check": {"name": "test_a", "title": "A.", "status": "passed", "points": 1, "max_points": 1}}\n'
TOGETHER = f"""
import io, sys, threading
from grader.judge.pool import Judge
sys.setswitchinterval(1e-6)
together = threading.Barrier(6)
def hear():
    together.wait()
    list(Judge(io.BytesIO({SAID * 20!r})).lines())
threads = [threading.Thread(target=hear) for _ in range(6)]
for thread in threads: thread.start()
for thread in threads: thread.join()
"""


def test_many_judges_may_be_the_first_to_be_heard() -> None:
    """One process in ten died of it: msgspec is not ready for two threads that are the first to decode a type."""
    begun = [subprocess.Popen([sys.executable, "-c", TOGETHER], cwd=ROOT) for _ in range(40)]
    assert [process.wait(60) for process in begun] == [0] * 40


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the name of a folder is text, and not bytes")
def test_a_path_with_letters_that_the_locale_does_not_know_is_one_sentence(tmp_path: Path) -> None:
    clone = tiny_course.make(tmp_path / "ä b ß 漢")
    (clone / "exercises/01_double/double.py").write_text(tiny_course.answer("2 * number"), encoding="utf-8")
    done = tiny_course.grader(clone, "run", "01", LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert done.returncode == 3
    assert done.stderr.splitlines()[-1].startswith("Nothing can be graded here: the path of this clone has letters")
    assert "Traceback" not in done.stderr
