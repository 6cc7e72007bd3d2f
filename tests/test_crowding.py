"""Jobs of all runs of a process: one that has to be alone is, and the others go on after it."""

from __future__ import annotations

import contextlib
import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader import crowding
from grader.crowding import Crowd, lacked_something
from grader.verdict import Check, Status


@pytest.mark.parametrize(
    "status, message, lacked",
    [
        (Status.FAILED, "OSError: [Errno 109] Too many references: cannot splice", True),
        (Status.CRASHED, "RuntimeError: can't start new thread", True),
        (Status.FAILED, "It returned 3.", False),
        (Status.PASSED, "can't start new thread", False),
        (Status.GRADER_ERROR, "The grader's own code failed.", True),
    ],
)
def test_what_others_may_have_used_up_is_told_from_what_they_have_not(
    status: Status, message: str, *, lacked: bool
) -> None:
    assert lacked_something(Check("test_a", "", status, 0, 1, message=message)) is lacked


def crowd_in(folder: Path) -> Crowd:
    return Crowd(lambda: folder / "jobs")


def test_who_has_to_be_alone_waits_for_all_and_all_for_him(tmp_path: Path) -> None:
    crowd, first, second, alone, later = crowd_in(tmp_path), object(), object(), object(), object()
    assert crowd.enter(first)
    assert not crowd.beside(first)
    assert crowd.enter(second)
    assert crowd.beside(first)
    assert not crowd.enter(alone, alone=True)
    assert not crowd.enter(later), "it comes after the one that waits"
    crowd.leave(first)
    assert not crowd.enter(alone, alone=True)
    crowd.leave(second)
    assert crowd.enter(alone, alone=True)
    assert not crowd.enter(later)
    crowd.leave(alone)
    assert crowd.enter(later)


def test_two_that_have_to_be_alone_are_so_one_after_the_other(tmp_path: Path) -> None:
    crowd, one, other = crowd_in(tmp_path), object(), object()
    assert crowd.enter(one, alone=True)
    assert not crowd.enter(other, alone=True)
    crowd.leave(one)
    assert crowd.enter(other, alone=True)


def test_who_gives_up_waiting_holds_up_nobody(tmp_path: Path) -> None:
    crowd, runs, alone, later = crowd_in(tmp_path), object(), object(), object()
    assert crowd.enter(runs)
    assert not crowd.enter(alone, alone=True)
    crowd.leave(alone)
    assert crowd.enter(later)


def test_jobs_of_other_graders_count_until_their_process_ends(tmp_path: Path) -> None:
    """As when a class starts a grader for each submission."""
    source = f"""
from pathlib import Path
from grader.crowding import Crowd
crowd = Crowd(lambda: Path({str(tmp_path)!r}) / "jobs")
assert crowd.enter("job")
print("here", flush=True)
input()
"""
    crowd, job = crowd_in(tmp_path), object()
    with subprocess.Popen(
        [sys.executable, "-c", source], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "here\n"
        assert crowd.beside(job)
        assert not crowd.enter(job, alone=True)
        other.kill()
    assert not crowd.beside(job)
    assert crowd.enter(job, alone=True)


def test_nothing_is_left_of_it(tmp_path: Path) -> None:
    crowd, jobs = crowd_in(tmp_path), [object() for _ in range(5)]
    for job in jobs:
        assert crowd.enter(job)
    assert not crowd.enter("alone", alone=True)
    for job in (*jobs, "alone"):
        crowd.leave(job)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_of_somebody_elses_making_holds_nobody_up(tmp_path: Path) -> None:
    """A link in its place, as anybody may lay it in a folder for temporary files: it is left alone."""
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "jobs").symlink_to(tmp_path / "elsewhere")
    crowd = crowd_in(tmp_path)
    assert crowd.enter("job")
    assert crowd.beside("job"), "who can't look takes it that there are others"
    crowd.leave("job")
    assert list((tmp_path / "elsewhere").iterdir()) == []
    (tmp_path / "elsewhere" / "theirs").write_text("")
    assert crowd.enter("job")
    crowd.leave("job")
    assert (tmp_path / "elsewhere" / "theirs").exists()


def test_who_can_make_no_file_of_his_own_lets_go_of_the_gate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As where too many files are open, which is when others have to be alone."""
    crowd, job, alone, real = crowd_in(tmp_path), object(), object(), crowding._locked

    def lacks(path: Path, *, exclusive: bool) -> list[tuple[Path, int]]:
        if path.name != "gate":
            raise OSError(errno.EMFILE, "Too many open files")
        return real(path, exclusive=exclusive)

    with monkeypatch.context() as patched:
        patched.setattr(crowding, "_locked", lacks)
        assert crowd.enter(job)
    assert crowd.enter(alone, alone=True)
    crowd.leave(alone)
    crowd.leave(job)
    assert list(tmp_path.iterdir()) == []


# --- nobody waits without end


@contextlib.contextmanager
def other_grader(tmp_path: Path, *, alone: bool = False) -> Iterator[subprocess.Popen[str]]:
    """Start a process whose job is in, or waits to be `alone`; it says ten times a second that it goes on."""
    source = f"""
import time
from pathlib import Path
from grader.crowding import Crowd
crowd = Crowd(lambda: Path({str(tmp_path)!r}) / "jobs")
crowd.enter("job", alone={alone})
print("here", flush=True)
while True:
    crowd.go_on(["job"])
    time.sleep(0.1)
"""
    with subprocess.Popen([sys.executable, "-c", source], stdout=subprocess.PIPE, text=True) as other:
        try:
            assert other.stdout is not None
            assert other.stdout.readline() == "here\n"
            yield other
        finally:
            other.kill()


def comes_in(crowd: Crowd, job: object, *, alone: bool, within: float) -> bool:
    """Ask for `job`, as often as a run does, until it may start; the job says that it goes on."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if crowd.enter(job, alone=alone):
            return True
        crowd.go_on([job])
        time.sleep(0.05)
    return False


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
def test_nobody_waits_for_a_stopped_grader_but_sees_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crowding, "_SILENT", 2.0)
    crowd, one, another = crowd_in(tmp_path), object(), object()
    with other_grader(tmp_path) as other:
        assert not comes_in(crowd, one, alone=True, within=3.0), "it goes on"
        other.send_signal(signal.SIGSTOP)
        assert comes_in(crowd, one, alone=True, within=10.0)
        assert crowd.beside(one), "what its learners use up is used up"
        assert not crowd.enter(another, alone=True), "nor does it let two be alone"
        crowd.leave(one)
        other.send_signal(signal.SIGCONT)
        (job,) = set((tmp_path / "jobs").iterdir()) - {tmp_path / "jobs" / "gate"}
        deadline = time.monotonic() + 10.0
        while crowding._is_silent(job) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert not comes_in(crowd, another, alone=True, within=3.0)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
def test_nobody_waits_for_a_stopped_grader_that_wants_to_be_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crowding, "_SILENT", 2.0)
    crowd, one = crowd_in(tmp_path), object()
    with other_grader(tmp_path, alone=True) as other:
        assert not comes_in(crowd, one, alone=False, within=3.0), "it goes on"
        other.send_signal(signal.SIGSTOP)
        assert comes_in(crowd, one, alone=False, within=10.0)


def test_who_was_stopped_and_lost_the_gate_waits_for_it_once_more(tmp_path: Path) -> None:
    crowd, other, runs, stopped, alone = crowd_in(tmp_path), crowd_in(tmp_path), object(), object(), object()
    assert crowd.enter(runs)
    assert not crowd.enter(stopped, alone=True)
    os.utime(tmp_path / "jobs" / "gate", (0, 0))  # as after a long time
    assert not other.enter(alone, alone=True)
    crowd.leave(runs)
    assert not crowd.enter(stopped, alone=True), "the gate is another's"
    assert other.enter(alone, alone=True)
    other.leave(alone)
    assert crowd.enter(stopped, alone=True)
    assert not other.enter(runs)
    crowd.leave(stopped)
    other.leave(runs)
    assert list(tmp_path.iterdir()) == []


def test_who_is_there_too_long_is_waited_for_no_longer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    crowd, runs, alone, later = crowd_in(tmp_path), object(), object(), object()
    assert crowd.enter(runs)
    assert not crowd.enter(alone, alone=True)
    assert not crowd.enter(later)
    monkeypatch.setattr(crowding, "_UNTIL_ALONE", -1.0)
    assert crowd.enter(alone, alone=True)
    assert crowd.beside(alone)
    assert not crowd.enter(later), "it waits longer: who waited to be alone is judged now"
    monkeypatch.setattr(crowding, "_UNTIL_OPEN", -1.0)
    assert crowd.enter(later)
    for job in (runs, alone):
        crowd.leave(job)
    assert not crowd.beside(later)
    crowd.leave(later)
    assert list(tmp_path.iterdir()) == []


def test_who_is_judged_alone_is_seen_by_who_did_not_wait_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    crowd, alone, later = crowd_in(tmp_path), object(), object()
    assert crowd.enter(alone, alone=True)
    monkeypatch.setattr(crowding, "_UNTIL_OPEN", -1.0)
    assert crowd.enter(later)
    assert crowd.beside(later)
    assert crowd.beside(alone)
