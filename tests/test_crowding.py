"""Jobs of all runs of a process: one that has to be alone is, and the others go on after it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

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
