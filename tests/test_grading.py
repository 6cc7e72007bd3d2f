"""The story of a run: what beside what, what counts, and that it can be cut short at any moment and leaves nothing."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from grader import crowding, grading, messages
from grader.grading import Options
from grader.judge.folders import PREFIX, hold
from grader.judge.pool import Judges, JudgesError
from grader.sandbox import guards
from grader.verdict import Check, Result, Status, Verdict
from tests import graded
from tests.leftovers import gone, watched

ROOT = Path(__file__).parents[1]

IO = '''
def test_twice(learner):
    """Twice three is six."""
    learner.call("twice", 3).returned(6)


def test_twice_nothing(learner):
    """Twice nothing is nothing."""
    learner.call("twice", 0).returned(0)
'''
WAITS = '''
import pytest


@pytest.mark.points(2)
def test_in_the_bubble(learner):
    """A hundred seconds are no time in the bubble."""
    assert learner.call("wait", 100.0).seconds == 100.0, "It did not wait 100 s."


@pytest.mark.points(3)
@pytest.mark.real_time
def test_for_real(learner):
    """A tenth of a second is one."""
    run = learner.call("wait", 0.1)
    assert run.seconds >= 0.1, "It did not wait."
    if run.text:
        raise OSError
'''
HANGS = '''
def test_hangs(learner):
    """It ends."""
    learner.call("hang", limit=100)


def test_hangs_again(learner):
    """It ends, too."""
    learner.call("hang", limit=100)
'''
RIGHT = "def twice(n): return 2 * n\n"
WRONG = "def twice(n): return 7\n"
WAITING = "import time\ndef wait(s): time.sleep(s)\n"
ONLY_IN_THE_BUBBLE = "import time\ndef wait(s):\n    if s > 1: time.sleep(s)\n"
HANGING = """
import os, subprocess, sys, time
def hang():
    for _ in range(2):
        subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True)
    time.sleep(600)
"""


@pytest.fixture
def temporary(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """The folder for temporary files, of ours and of the graders that we start."""
    assert tmp_path.is_dir()  # made before its place is moved
    with tempfile.TemporaryDirectory(prefix="t-") as name:
        monkeypatch.setattr(tempfile, "tempdir", name)
        monkeypatch.setenv("TMPDIR", name)
        yield Path(name)


def statuses(result: Result) -> list[list[Status]]:
    return [[check.status for check in verdict.checks] for verdict in result.katas]


# --- what counts


def test_a_right_and_a_wrong_answer_and_none_are_told_apart(tmp_path: Path) -> None:
    root = graded.clone(tmp_path, {"01_a": IO, "02_b": IO, "03_c": IO, "04_d": IO})
    with watched() as left:
        result = graded.grade(root, {"01_a": RIGHT, "02_b": WRONG, "04_d": "def twice(:\n"})
    assert [verdict.status for verdict in result.katas] == ["passed", "failed", "not started", "crashed"]
    assert [verdict.points for verdict in result.katas] == [2, 0, 0, 0]
    assert (result.score, result.max_score) == (2, 8)
    assert result.katas[3].message.startswith("Python can't read answer.py:")
    assert left == []


def test_everything_is_told_while_it_happens(tmp_path: Path) -> None:
    heard = graded.Heard()
    root = graded.clone(tmp_path, {"01_a": IO, "02_b": IO})
    result = graded.grade(root, {"01_a": RIGHT}, listener=heard)
    assert heard.planned_checks == {"01_a": 2, "02_b": 2}
    assert heard.checks == [("01_a", "test_twice"), ("01_a", "test_twice_nothing")]
    assert sorted(heard.verdicts, key=lambda verdict: verdict.kata) == list(result.katas)


def test_a_kata_whose_packages_are_not_installed_says_so_and_counts_for_nobody(tmp_path: Path) -> None:
    """Neither its answer nor its checks are run, which import that package too."""
    katas = {"01_a": IO, "02_b": "import no_such_package\n" + IO}
    root = graded.clone(tmp_path, katas)
    manifest = root / "exercises" / "02_b" / "kata.toml"
    manifest.write_text(manifest.read_text() + 'packages = ["no_such_package"]\n')
    result = graded.grade(root, {"01_a": RIGHT, "02_b": "import no_such_package"})
    assert [verdict.status for verdict in result.katas] == [Status.PASSED, Status.NOT_HERE]
    assert result.katas[1].message == "This kata needs a package that is not installed: no_such_package."
    assert (result.score, result.max_score) == (2, 2)


def test_where_nothing_was_handed_in_nothing_is_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grading, "Judges", None)
    assert statuses(graded.grade(graded.clone(tmp_path, {"01_a": IO}), {})) == [[Status.NOT_STARTED] * 2]


# --- the bubble's points


@pytest.fixture
def waits(tmp_path: Path) -> Path:
    return graded.clone(tmp_path, {"01_a": WAITS}, needs="waits")


def test_points_of_the_bubble_and_of_the_real_check_sum_up(waits: Path) -> None:
    result = graded.grade(waits, {"01_a": WAITING})
    assert (result.score, result.max_score) == (5, 5)


def test_points_of_the_bubble_count_only_where_the_answer_works_for_real(waits: Path) -> None:
    """The bubble is in the learner's process: what it says can be forged, what a real clock says can't."""
    result = graded.grade(waits, {"01_a": ONLY_IN_THE_BUBBLE})
    bubble, real = result.katas[0].checks
    assert (bubble.status, real.status) == (Status.PASSED, Status.FAILED)
    assert (bubble.points, result.score, result.max_score) == (0, 0, 5)
    assert bubble.message == "Right in the bubble; its points count once the real-time check passes too."
    assert result.katas[0].status is Status.FAILED


def test_where_the_real_check_could_not_be_judged_the_bubble_neither_gives_nor_costs_points(waits: Path) -> None:
    result = graded.grade(waits, {"01_a": WAITING.replace("time.sleep(s)", "time.sleep(s); print('x', end='')")})
    assert statuses(result) == [[Status.GRADER_ERROR, Status.GRADER_ERROR]]
    assert (result.score, result.max_score) == (0, 0)


def test_only_the_bubble_is_practice(waits: Path) -> None:
    result = graded.grade(waits, {"01_a": ONLY_IN_THE_BUBBLE}, Options(only_bubble=True))
    assert statuses(result) == [[Status.PASSED, Status.NOT_RUN]]
    assert (result.score, result.max_score, result.practice) == (2, 2, True)
    assert "Practice" in result.notes[0]
    assert result.katas[0].checks[1].message == "A real-time check: left out by --only-bubble."


# --- cut short


def test_at_the_first_check_that_does_not_pass_all_else_is_ended(tmp_path: Path) -> None:
    root = graded.clone(tmp_path, {"01_a": HANGS, "02_b": IO})
    with watched() as left:
        result = graded.grade(root, {"01_a": HANGING, "02_b": WRONG}, Options(stop_at_first=True))
    assert [check.status for check in result.katas[0].checks] == [Status.NOT_RUN] * 2
    assert [check.status for check in result.katas[1].checks] == [Status.FAILED, Status.NOT_RUN]
    assert result.max_score == 1
    assert result.seconds < 60
    assert left == []


def test_a_judge_that_says_nothing_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grading, "CHECK_LIMIT", 1.5)
    root = graded.clone(tmp_path, {"01_a": HANGS})
    with watched() as left:
        result = graded.grade(root, {"01_a": HANGING})
    assert statuses(result) == [[Status.GRADER_ERROR] * 2]
    assert result.katas[0].message.startswith("The grader's judge ended before this check did.")
    assert left == []


class Interrupting(graded.Heard):
    """Presses Ctrl-C at the first check, and again while things are cleared up."""

    def check(self, kata: str, check: Check) -> None:
        super().check(kata, check)
        raise KeyboardInterrupt


def test_what_was_judged_before_an_interrupt_is_kept(tmp_path: Path) -> None:
    with watched() as left:
        root = graded.clone(tmp_path, {"01_a": IO, "02_b": HANGS})
        result = graded.grade(root, {"01_a": RIGHT, "02_b": HANGING}, listener=Interrupting())
    assert result.interrupted
    assert [check.status for check in result.katas[0].checks] == [Status.PASSED, Status.NOT_RUN]
    assert result.katas[0].status is Status.NOT_RUN, "what is half judged has not passed"
    assert left == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such locks")
def test_ctrl_c_gets_between_no_two_steps_that_belong_together(
    tmp_path: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A job's files are locked, one after the other, and then Ctrl-C comes before anybody has noted the last."""
    real, presses = crowding._locked, itertools.count()

    def pressed(path: Path, *, exclusive: bool) -> list[tuple[Path, int]]:
        found = real(path, exclusive=exclusive)
        if next(presses) < 2:
            signal.raise_signal(signal.SIGINT)
        return found

    root = graded.clone(tmp_path, {"01_a": HANGS})
    monkeypatch.setattr(crowding, "_locked", pressed)
    with watched() as left:
        assert graded.grade(root, {"01_a": HANGING}).interrupted
    assert left == []
    assert list(temporary.iterdir()) == []


# --- the real command, ended from outside


@contextlib.contextmanager
def running(root: Path, *words: str) -> Iterator[subprocess.Popen[str]]:
    """Start the real command on an answer that hangs, and wait until its processes are there."""
    guards.prctl(guards.PR_SET_CHILD_SUBREAPER, 1)
    with subprocess.Popen(
        [sys.executable, "-m", "grader", "run", *words],
        cwd=root,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            deadline = time.monotonic() + 30
            while sum("time.sleep(600)" in words for words in family(process.pid).values()) < 2:
                assert time.monotonic() < deadline
                assert process.poll() is None, process.communicate()
            yield process
        finally:
            process.kill()


def family(pid: int) -> dict[int, str]:
    """Return the processes below `pid`, with their command lines."""
    found = {}
    with contextlib.suppress(psutil.NoSuchProcess):
        for below in psutil.Process(pid).children(recursive=True):
            with contextlib.suppress(psutil.NoSuchProcess):
                found[below.pid] = " ".join(below.cmdline())
    return found


@pytest.fixture
def hanging(tmp_path: Path) -> Path:
    root = graded.clone(tmp_path, {"01_a": IO, "02_b": HANGS})
    (root / "exercises" / "01_a" / "answer.py").write_text(RIGHT, encoding="utf-8")
    (root / "exercises" / "02_b" / "answer.py").write_text(HANGING, encoding="utf-8")
    return root


def test_ctrl_c_ends_the_command_with_what_there_is_and_nothing_left(hanging: Path, temporary: Path) -> None:
    with watched() as left, running(hanging, "--json", "result.json") as process:
        pids = [process.pid, *family(process.pid)]
        assert process.stdout is not None
        assert process.stdout.readline().startswith("01_a: passed")
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
        assert process.returncode == 130
        assert "Interrupted: this is what was graded until then." in out
        assert "Traceback" not in out + err
        assert gone(pids)
    assert left == []
    assert list(temporary.iterdir()) == []
    told = json.loads((hanging / "result.json").read_text(encoding="utf-8"))
    assert told["interrupted"]
    assert [kata["status"] for kata in told["katas"]] == ["passed", "not run"]


def test_ctrl_c_twice_in_a_hurry_leaves_nothing_either(hanging: Path, temporary: Path) -> None:
    with watched() as left, running(hanging) as process:
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
        assert process.returncode == 130
    assert left == []
    assert list(temporary.iterdir()) == []


def test_a_killed_command_leaves_no_process_and_the_next_run_clears_its_folder(hanging: Path, temporary: Path) -> None:
    with watched() as left, running(hanging) as process:
        pids = list(family(process.pid))
        process.kill()
        process.communicate(timeout=30)
        assert len(pids) >= 6  # host, starter, judges, keeper, learner and what it started
        assert gone(pids)
    assert left == []
    assert any(path.name.startswith(PREFIX) for path in temporary.iterdir())
    graded.grade(graded.clone(hanging / "other", {"01_a": IO}), {"01_a": RIGHT})
    assert list(temporary.iterdir()) == []


def test_the_folder_of_a_run_whose_process_cannot_be_seen_stays(temporary: Path, tmp_path: Path) -> None:
    """In containers that share a folder for temporary files, a number tells nothing of who lives."""
    theirs, dead = (temporary / f"{PREFIX}{2**22 - number}-x" for number in (1, 2))
    for folder in (theirs, dead):
        folder.mkdir()
    mark = hold(theirs)
    assert mark is not None
    graded.grade(graded.clone(tmp_path, {"01_a": IO}), {"01_a": RIGHT})
    os.close(mark)
    assert (theirs.exists(), dead.exists()) == (True, False)


def test_the_folder_of_a_run_that_goes_on_stays(temporary: Path, tmp_path: Path) -> None:
    mine = temporary / f"{PREFIX}{os.getpid()}-mine"
    mine.mkdir()
    other = temporary / f"{PREFIX}elsewhere-x"
    other.mkdir()
    graded.grade(graded.clone(tmp_path, {"01_a": IO}), {"01_a": RIGHT})
    assert sorted(temporary.iterdir()) == sorted([mine, other])


def test_the_verdict_of_a_kata_is_the_worst_of_its_checks(tmp_path: Path) -> None:
    checks = IO + '\n\ndef test_breaks(learner):\n    """It breaks."""\n    raise OSError\n'
    (verdict,) = graded.grade(graded.clone(tmp_path, {"01_a": checks}), {"01_a": RIGHT}).katas
    assert isinstance(verdict, Verdict)
    assert verdict.status is Status.GRADER_ERROR
    assert (verdict.points, verdict.max_points) == (2, 2)


CROWDED = """
from pathlib import Path


def test_starts(learner):
    \"""It can start threads.\"""
    tries = Path(TRIES)
    tries.write_text(f"{tries.read_text()}x")
    count = len(tries.read_text())
    learner.call("start", count).returned(count)
"""
BESIDE = """
def test_takes_a_while(learner):
    \"""It waits.\"""
    learner.call("start", 0).returned(0)
"""
STARTS = """
import time


def start(count):
    if count == 0:
        time.sleep(1.5)
    if count == 1:
        raise RuntimeError("can't start new thread")
    return count
"""


@pytest.mark.usefixtures("temporary")  # else it sees who else runs these tests
@pytest.mark.parametrize("beside", [True, False])
def test_who_could_start_no_thread_beside_others_is_judged_once_more_alone(tmp_path: Path, *, beside: bool) -> None:
    tries = tmp_path / "tries"
    tries.write_text("")
    katas = {"01_starts": CROWDED.replace("TRIES", repr(str(tries)))} | ({"02_beside": BESIDE} if beside else {})
    root = graded.clone(tmp_path / "clone", katas)
    result = graded.grade(root, dict.fromkeys(katas, STARTS))
    first = result.katas[0]
    assert first.status is (Status.PASSED if beside else Status.FAILED), first.message
    assert len(tries.read_text()) == (2 if beside else 1)


def test_whom_the_grader_failed_beside_others_is_judged_once_more_alone(tmp_path: Path) -> None:
    """Its judge is killed, as by a machine that has no memory left: the second one is not."""
    tries = tmp_path / "tries"
    tries.write_text("")
    dies = CROWDED.replace("TRIES", repr(str(tries))).replace(
        'learner.call("start", count)', "count > 1 or os.kill(os.getpid(), 9)\n    learner.call('start', 0)"
    )
    katas = {"01_starts": f"import os\n{dies.replace('.returned(count)', '.returned(0)')}", "02_beside": BESIDE}
    root = graded.clone(tmp_path / "clone", katas)
    result = graded.grade(root, dict.fromkeys(katas, STARTS))
    assert [kata.status for kata in result.katas] == [Status.PASSED, Status.PASSED], result.katas[0].message
    assert len(tries.read_text()) == 2


@contextlib.contextmanager
def hung_grader(temporary: Path, *, alone: bool = False, goes_on: bool = False) -> Iterator[None]:
    """Start a process with a job that never ends, judged `alone` or not; it says so only if it `goes_on`."""
    source = f"""
import time
from pathlib import Path
from grader.crowding import Crowd
crowd = Crowd(lambda: Path({str(temporary)!r}) / "grader-jobs-{os.getuid()}")
crowd.enter("job", alone={alone})
print("here", flush=True)
while True:
    time.sleep(0.1)
    if {goes_on}:
        crowd.go_on(["job"])
"""
    with subprocess.Popen([sys.executable, "-c", source], stdout=subprocess.PIPE, text=True) as other:
        try:
            assert other.stdout is not None
            assert other.stdout.readline() == "here\n"
            yield
        finally:
            other.kill()


ALWAYS_LACKS = STARTS.replace("count == 1", "count > 0")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such locks")
@pytest.mark.parametrize(
    "alone, goes_on, always",
    [(True, True, False), (False, True, True), (True, False, True), (False, False, False)],
)
def test_another_grader_that_never_ends_costs_nobody_a_verdict_or_a_point(
    tmp_path: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch, *, alone: bool, goes_on: bool, always: bool
) -> None:
    """It may wait for ever itself, hang, or be stopped: what lacks nothing beside it counts, and all else is told."""
    monkeypatch.setattr(crowding, "_SILENT", 600.0 if goes_on else 1.0, raising=False)
    for limit in ("_UNTIL_ALONE", "_UNTIL_OPEN"):
        monkeypatch.setattr(crowding, limit, 3.5 if goes_on else 600.0, raising=False)
    (tries := tmp_path / "tries").write_text("")
    katas = {"01_starts": CROWDED.replace("TRIES", repr(str(tries))), "02_twice": IO}
    root = graded.clone(tmp_path / "clone", katas)
    heard, stop = graded.Heard(), grading.Stop()
    timer = threading.Timer(30.0, stop.now)
    timer.start()
    with hung_grader(temporary, alone=alone, goes_on=goes_on):
        answers = {"01_starts": ALWAYS_LACKS if always else STARTS, "02_twice": RIGHT}
        result = graded.grade(root, answers, listener=heard, stop=stop)
    timer.cancel()
    assert heard.waited == [messages.WAITS] or not goes_on, "it is told once, where it takes a while"
    assert not result.interrupted
    assert [kata.status for kata in result.katas] == [Status.GRADER_ERROR if always else Status.PASSED, Status.PASSED]
    assert (result.score, result.max_score) == ((2, 2) if always else (3, 3))
    told = result.katas[0].message
    assert told == "" if not always else told.startswith(messages.NEVER_ALONE) and "can't start new thread" in told
    assert len(tries.read_text()) == 2


# --- no job is left behind


def test_a_judge_that_can_not_be_started_leaves_no_job_that_others_wait_for(
    tmp_path: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise JudgesError

    root = graded.clone(tmp_path, {"01_a": IO})
    monkeypatch.setattr(Judges, "start", fails)
    with pytest.raises(JudgesError):
        graded.grade(root, {"01_a": RIGHT})
    assert list(temporary.iterdir()) == []


def test_where_the_grader_itself_can_start_no_thread_it_leaves_nothing(
    tmp_path: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Unstarted(threading.Thread):
        def start(self) -> None:
            raise RuntimeError("can't start new thread")

    root, judges = graded.clone(tmp_path, {"01_a": IO}), Judges(("real",))
    try:
        monkeypatch.setattr(threading, "Thread", Unstarted)
        with pytest.raises(RuntimeError, match="can't start new thread"):
            graded.grade(root, {"01_a": RIGHT}, judges=judges)
    finally:
        judges.close()
    assert list(temporary.iterdir()) == []


def test_a_job_of_a_run_that_is_ended_is_there_until_its_judge_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, judges, stop = graded.clone(tmp_path, {"01_a": HANGS}), Judges(("real",)), grading.Stop()
    alive, real = [], crowding.CROWD.leave

    def leave(job: grading._Job) -> None:
        assert job.listening is not None
        alive.append(job.listening.is_alive())
        real(job)

    monkeypatch.setattr(crowding.CROWD, "leave", leave)
    threading.Timer(1.0, stop.now).start()
    try:
        assert graded.grade(root, {"01_a": HANGING}, judges=judges, stop=stop).interrupted
    finally:
        judges.close()
    assert alive == [False]


class Slow(graded.Heard):
    """Takes its time with the first check, so that the others have been judged when it has heard of it."""

    def check(self, kata: str, check: Check) -> None:
        super().check(kata, check)
        time.sleep(2.0)


def test_who_was_crowded_out_is_not_judged_once_more_after_the_end(tmp_path: Path) -> None:
    (tries := tmp_path / "tries").write_text("")
    fails = 'def test_fails(learner):\n    """It does."""\n    learner.call("start", 7).returned(8)\n'
    katas = {"01_fails": fails + BESIDE.replace("0", "9"), "02_starts": CROWDED.replace("TRIES", repr(str(tries)))}
    late = STARTS.replace("count == 1", "not time.sleep(0.5) and count == 1")
    slow = STARTS.replace("count == 0", "count == 9").replace("1.5", "60")
    root = graded.clone(tmp_path / "clone", katas)
    heard = Slow()
    result = graded.grade(root, {"01_fails": slow, "02_starts": late}, Options(stop_at_first=True), heard)
    assert heard.checks == [("01_fails", "test_fails")]
    assert statuses(result) == [[Status.FAILED, Status.NOT_RUN], [Status.NOT_RUN]]
    assert len(tries.read_text()) == 1


# --- judges that live longer than a run


def test_judges_that_live_judge_one_run_after_the_other_and_stay(waits: Path) -> None:
    judges = Judges(("bubble", "real"))
    try:
        for _ in range(2):
            result = graded.grade(waits, {"01_a": WAITING}, judges=judges)
            assert result.katas[0].status is Status.PASSED
            assert judges.alive
    finally:
        judges.close()
    assert not judges.alive


def test_real_time_checks_can_come_last(waits: Path) -> None:
    heard = graded.Heard()
    graded.grade(waits, {"01_a": WAITING}, grading.Options(real_time_last=True), heard)
    assert [name for _, name in heard.checks] == ["test_in_the_bubble", "test_for_real"]


@pytest.mark.parametrize("early", [False, True])
def test_another_thread_can_end_a_run_and_living_judges_go_on(tmp_path: Path, *, early: bool) -> None:
    root = graded.clone(tmp_path, {"01_a": HANGS})
    judges, stop = Judges(("real",)), grading.Stop()
    ends = "def hang(): return 1\n"
    try:
        graded.grade(root, {"01_a": ends}, judges=judges)  # its processes are there from now on
        with watched() as left:
            if early:
                stop.now()
            else:
                threading.Timer(1.0, stop.now).start()
            result = graded.grade(root, {"01_a": HANGING}, judges=judges, stop=stop)
            assert result.interrupted
            assert result.seconds < 20
        assert left == []
        assert graded.grade(root, {"01_a": ends}, judges=judges).katas[0].status is Status.PASSED
    finally:
        judges.close()
