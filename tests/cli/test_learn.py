"""What a learner types beside `run`: nothing is lost, whatever is answered, and what to do next is said."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests import tiny_course
from tests.cli.conversation import CTRL_C, CTRL_D, HANG_UP, talk
from tests.tiny_course import grader

FIRST = "exercises/01_double/double.py"
MINE = tiny_course.answer("number ** 2")
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pty")


def git(clone: Path, *words: str) -> None:
    identity = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", "-C", str(clone), *identity, *words], check=True, capture_output=True)


def commit(clone: Path) -> None:
    git(clone, "add", "--all")
    git(clone, "commit", "--quiet", "--message", "x")


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone of two katas, with a commit, whose first answer is wrong."""
    made = tiny_course.make(tmp_path / "clone", "01_double", "02_double")
    git(made, "init", "--quiet")
    commit(made)
    (made / FIRST).write_text(MINE, encoding="utf-8")
    return made


def test_next_names_the_first_kata_that_is_not_done_and_how_to_begin(clone: Path) -> None:
    assert grader(clone, "next").stdout.splitlines() == [
        "0 of 2 katas are done.",
        "Not graded yet: 01_double. What passes is done: python -m grader",
        "Next: 01_double, Double: a first kata (3 points)",
        "",
        "read the lesson   python -m grader lesson 01",
        "write the answer  python -m grader open 01",
        "grade it          python -m grader run 01",
    ]
    (clone / FIRST).write_text(tiny_course.answer("2 * number"), encoding="utf-8")
    grader(clone)
    assert "1 of 2 katas are done.\nNext: 02_double" in grader(clone, "next").stdout
    assert grader(clone, "list").stdout.splitlines() == [
        "kata       part  points  needs      done  title",
        "01_double     1       3  io         yes   Double: a first kata",
        "02_double     1       3  io               Double: a first kata",
    ]
    assert grader(clone, "stats").stdout.splitlines() == [
        "Katas     1 of 2 done",
        "Points    3 of 6",
        "Days      1",
        "Attempts  1",
        "",
        "kata       done  attempts  hints",
        "01_double  yes          1  0 of 2",
    ]
    (clone / FIRST).write_text(MINE, encoding="utf-8")
    assert "0 of 2 katas are done.\nNext: 01_double" in grader(clone, "next").stdout, "as it lies there now"


def test_after_what_is_remembered_is_lost_it_is_said_how_done_comes_back(clone: Path) -> None:
    (clone / FIRST).write_text(tiny_course.answer("2 * number"), encoding="utf-8")
    grader(clone)
    assert "Not graded" not in grader(clone, "stats").stdout
    (clone / ".grader/state.json").unlink()
    said = "Not graded yet: 01_double. What passes is done: python -m grader"
    assert said in grader(clone, "stats").stdout.splitlines()
    assert said in grader(clone, "next").stdout.splitlines()
    grader(clone)
    assert grader(clone, "next").stdout.startswith("1 of 2 katas are done.\nNext: 02")
    (clone / ".grader/state.json").write_text("{", encoding="utf-8")
    told = grader(clone, "next").stderr
    assert "What passes is done again: python -m grader." in told


def test_what_is_remembered_and_damaged_is_told_once(clone: Path) -> None:
    (clone / ".grader").mkdir()
    (clone / ".grader/state.json").write_bytes(b"\x00")
    assert "was damaged and is now .grader/damaged-1.json" in grader(clone, "stats").stderr
    assert grader(clone, "next").stderr == ""


def test_a_reset_asks_puts_the_stub_back_and_keeps_what_was_written(clone: Path) -> None:
    (clone / f"{FIRST}.1").write_text("older", encoding="utf-8")
    code, told = talk(clone, ["reset", "01"], ("[y/N]: ", "maybe\n"), ("n for no.", " YES \n"))
    assert code == 0, told
    assert "double.py is as at the beginning." in told
    assert "double.py.2" in told
    assert (clone / FIRST).read_text(encoding="utf-8") == tiny_course.STUB
    assert (clone / f"{FIRST}.1").read_text(encoding="utf-8") == "older"
    assert (clone / f"{FIRST}.2").read_text(encoding="utf-8") == MINE


@pytest.mark.parametrize(
    "typed,code,said",
    [
        ("n\n", 0, "Nothing was changed."),
        ("\n", 0, "Nothing was changed."),
        (CTRL_C, 130, "Interrupted: nothing was changed."),
        (CTRL_D, 130, "Interrupted: nothing was changed."),
    ],
)
def test_a_reset_that_is_not_agreed_to_changes_nothing(clone: Path, typed: str, code: int, said: str) -> None:
    ended, told = talk(clone, ["reset", "01"], ("[y/N]: ", typed))
    assert (ended, said in told) == (code, True), told
    assert (clone / FIRST).read_text(encoding="utf-8") == MINE
    assert not (clone / f"{FIRST}.1").exists()


def test_a_terminal_that_is_closed_at_the_question_changes_nothing(clone: Path) -> None:
    code, _ = talk(clone, ["reset", "01"], ("[y/N]: ", HANG_UP))
    assert code in (130, -signal.SIGHUP)
    assert (clone / FIRST).read_text(encoding="utf-8") == MINE
    assert not (clone / f"{FIRST}.1").exists()


def test_a_reset_needs_a_terminal_or_a_yes(clone: Path) -> None:
    done = grader(clone, "reset", "01")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "This asks first, and there is no terminal to ask on. Say --yes to do it without asking.\n"
    assert (clone / FIRST).read_text(encoding="utf-8") == MINE
    assert grader(clone, "reset", "01", "--yes").returncode == 0
    assert (clone / FIRST).read_text(encoding="utf-8") == tiny_course.STUB
    assert grader(clone, "reset", "01").stdout == "01_double is as at the beginning: nothing to do.\n"


def test_a_reset_without_git_is_one_sentence_and_changes_nothing(tmp_path: Path) -> None:
    clone = tiny_course.make(tmp_path / "zip", changes={FIRST: MINE})
    for path in (os.environ["PATH"], "/nowhere"):
        done = grader(clone, "reset", "01", "--yes", GIT_CEILING_DIRECTORIES=str(tmp_path), PATH=path)
        assert (done.returncode, done.stdout) == (3, "")
        assert done.stderr.startswith("The stub of 01_double can't be put back without git's help: git ")
        assert len(done.stderr.splitlines()) == 1
    assert (clone / FIRST).read_text(encoding="utf-8") == MINE


def test_a_stub_that_was_deleted_is_told_by_open_and_comes_back_by_reset(clone: Path) -> None:
    (clone / FIRST).unlink()
    done = grader(clone, "open", "01", EDITOR="true")
    assert (done.returncode, done.stderr) == (
        3,
        "double.py is not there. To get back what is lost: python -m grader reset 01\n",
    )
    assert grader(clone, "reset", "01", "--yes").stdout == "double.py is as at the beginning.\n"
    assert (clone / FIRST).read_text(encoding="utf-8") == tiny_course.STUB


def test_open_starts_the_editor_of_the_environment(clone: Path, tmp_path: Path) -> None:
    editor = tmp_path / "my editor"
    editor.write_text('#!/bin/sh\necho "edits $*"\n', encoding="utf-8")
    editor.chmod(0o755)
    done = grader(clone, "open", "01", VISUAL=f"'{editor}' --wait", EDITOR="false")
    assert (done.returncode, done.stderr) == (0, "")
    assert f"edits --wait {clone / FIRST}" in done.stdout


def test_the_answer_of_the_course_is_shown_after_a_pass(clone: Path) -> None:
    (clone / FIRST).write_text(tiny_course.answer("number + number"), encoding="utf-8")
    grader(clone, "run", "01")
    done = grader(clone, "solution", "01")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("## solutions/01_double/double.py\n\n~~~~~python\n")
    assert "return 2 * number" in done.stdout


def test_before_all_hints_it_is_not_shown_and_it_is_said_when_it_is(clone: Path) -> None:
    """As by the key s of watch: one rule for both."""
    grader(clone, "hint", "01")
    done = grader(clone, "solution", "01")
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr == (
        "It comes after a pass, or after all hints (1 of 2 shown). The next one: python -m grader hint 01\n"
    )
    assert "return 2 * number" in grader(clone, "solution", "01", "--yes").stdout, "for teachers and scripts"


def test_after_all_hints_it_is_asked_twice(clone: Path) -> None:
    for _ in range(2):
        grader(clone, "hint", "01")
    assert grader(clone, "solution", "01").returncode == 2, "there is nobody to ask"
    first, again = "See the course's? [y/N]: ", "Are you sure? [y/N]: "
    code, told = talk(clone, ["solution", "01"], (first, "y\n"), (again, "y\n"))
    assert (code, "return 2 * number" in told) == (0, True)
    code, told = talk(clone, ["solution", "01"], (first, "y\n"), (again, "n\n"))
    assert (code, "It is not shown." in told, "return 2" in told) == (0, True, False)
    code, told = talk(clone, ["solution", "01"], (first, CTRL_C))
    assert (code, "return 2" in told) == (130, False)


def test_a_repository_for_students_has_no_answers_to_show(tmp_path: Path) -> None:
    changes = {path: None for path in tiny_course.kata() if path.startswith("solutions/")}
    done = grader(tiny_course.make(tmp_path, changes=changes), "solution", "01", "--yes")
    assert (done.returncode, done.stdout) == (2, "")
    assert "`solution` needs it: it works in the whole course only." in done.stderr


def test_before_a_stub_is_put_back_nothing_is_said_to_be_kept_where_nothing_is(clone: Path) -> None:
    (clone / FIRST).unlink()
    code, told = talk(clone, ["reset", "01"], ("[y/N]: ", "y\n"))
    assert code == 0
    assert "as at the beginning? [y/N]" in told
    assert "kept" not in told


@pytest.mark.skipif(sys.platform == "darwin", reason="it has an editor of its own")
def test_what_is_opened_is_said_once_an_editor_is_found(clone: Path) -> None:
    for named in ("", "no-such-editor"):
        done = grader(clone, "open", "01", VISUAL="", EDITOR=named, DISPLAY="", WAYLAND_DISPLAY="")
        assert (done.returncode, done.stdout) == (3, "")
    done = grader(clone, "open", "01", VISUAL="", EDITOR=f"{sys.executable} -c pass")
    assert (done.returncode, done.stdout.startswith("Opening ")) == (0, True)


def test_a_lesson_is_readable_on_a_terminal_that_knows_only_ascii(clone: Path) -> None:
    lesson = "# 01 · Double\n\nIt is λ.\n\n- one\n\n```text\n┌──┐\n│ a│ → b\n└──┘\n```\n"
    (clone / "exercises/01_double/README.md").write_text(lesson, encoding="utf-8")
    code, told = talk(clone, ["lesson", "01"], PYTHONUTF8="0", PYTHONIOENCODING="ascii")
    rows = [row.strip() for row in told.splitlines() if row.strip()]
    assert (code, rows) == (0, ["01 * Double", "It is \\u03bb.", "* one", "+--+", "| a| > b", "+--+"])
