"""Watch as a learner meets it: typed into a terminal, with an editor beside it."""

from __future__ import annotations

import itertools
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from tests import tiny_course
from tests.leftovers import watched
from tests.watch.driver import Watched
from tests.watch.saves import in_bursts

FILE = "exercises/01_double/double.py"

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no such terminals on Windows")


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    return tiny_course.make(tmp_path / "clone", "01_double", "02_double")


def in_git(clone: Path) -> None:
    """Make a repository of the clone, with one commit."""
    who = ["-c", "user.name=t", "-c", "user.email=t@example.invalid"]
    for words in (["init", "-q"], ["add", "."], [*who, "commit", "-q", "-m", "The course"]):
        subprocess.run(["git", *words], cwd=clone, check=True)


def save(clone: Path, expression: str, file: str = FILE) -> None:
    (clone / file).write_text(tiny_course.answer(expression), encoding="utf-8")


def test_a_save_is_judged_and_after_a_pass_n_goes_on(clone: Path) -> None:
    with Watched(clone) as seen:
        assert "Every function still raises" in seen.until("not started")
        save(clone, "number ** 2")
        assert "| double(3) gave 9, twice 3 is 6." in seen.until("failed 2/3")
        seen.press("n")
        seen.until("01_double is not passed yet.")
        save(clone, "2 * number")
        assert "Katas" in seen.until("passed 3/3")
        assert "1 of 2 done" in seen.text
        seen.press("n")
        seen.until("02_double: ")
        seen.until("not started")
        seen.press("q")
        assert seen.ended() == 0
    assert "1 of 2 katas are done." in seen.raw.decode()


def test_who_comes_back_goes_on_where_they_were(clone: Path) -> None:
    save(clone, "2 * number")
    assert tiny_course.grader(clone, "run", "01").returncode == 0
    with Watched(clone) as seen:
        assert "1 of 2 done" in seen.until("02_double: ")


def test_the_lesson_and_all_keys_are_shown(clone: Path) -> None:
    with Watched(clone) as seen:
        assert "(i shows it)" in seen.until("not started")
        seen.press("i")
        seen.until("Twice as much.")
        seen.press("?")
        assert "judge again" in seen.until("check all katas")


def test_c_grades_all_in_the_terminal_and_comes_back(clone: Path) -> None:
    for name in ("01_double", "02_double"):
        save(clone, "2 * number", f"exercises/{name}/double.py")
    with Watched(clone) as seen:
        seen.until("passed 3/3")
        seen.press("lc")
        seen.until("Check all katas?")
        seen.press("y")
        assert "6 of 6 points" in seen.until("Press Enter to go back")
        seen.press("\n")
        seen.until("2 of 2 done")
        seen.press("q")
        assert seen.ended() == 0


@pytest.mark.parametrize("end", ["ctrl-c", "hang up"])
def test_an_end_while_all_are_graded_leaves_nothing(clone: Path, end: str) -> None:
    save(clone, "__import__('time').sleep(60)")
    with watched(5.0) as left, Watched(clone) as seen:
        seen.until("judging")
        seen.press("c")
        seen.until("Check all katas?")
        seen.press("y")
        seen.until("All answers are graded:")
        tree = seen.tree()
        if end == "ctrl-c":
            seen.read(2.0)
            seen.press("\x03")
            seen.until("Press Enter to go back")
            seen.press("\n")
            seen.until("n next")
            seen.press("q")
            assert seen.ended() == 0
        else:
            seen.hang_up()
        assert psutil.wait_procs(tree, timeout=20)[1] == []
    assert left == []


def test_hints_and_the_list_are_shown(clone: Path) -> None:
    with Watched(clone) as seen:
        seen.until("not started")
        seen.press("h")
        assert "Try 1." in seen.until("Hint 1 of 2")
        seen.press("h")
        seen.until("Hint 2 of 2")
        seen.press("\x1b")
        seen.until("n next")
        seen.press("l")
        seen.until("> ")
        seen.press("\x1b[B\r")
        seen.until("02_double: ")


def test_the_terminal_is_given_back_as_it_was(clone: Path) -> None:
    with Watched(clone) as seen:
        seen.until("not started")
        seen.press("q")
        assert seen.ended() == 0
    assert seen.raw.endswith(b"Your answers are in your files.\r\n".replace(b"Your", b"your"))
    assert b"\x1b[?25h" in seen.raw
    assert b"\x1b[?1049l" in seen.raw


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_every_end_gives_the_terminal_back_and_leaves_no_process(clone: Path, number: signal.Signals) -> None:
    with watched(5.0) as left, Watched(clone) as seen:
        seen.until("not started")
        seen.signal(number)
        assert seen.ended() == 130
        assert b"\x1b[?1049l" in seen.raw
    assert left == []


def test_a_watch_that_is_killed_leaves_no_process(clone: Path) -> None:
    with watched(5.0) as left, Watched(clone) as seen:
        seen.until("not started")
        tree = seen.tree()
        seen.signal(signal.SIGKILL)
        assert psutil.wait_procs(tree, timeout=10)[1] == []
    assert left == []


def test_a_closed_terminal_leaves_no_process(clone: Path) -> None:
    with watched(5.0) as left, Watched(clone) as seen:
        seen.until("not started")
        tree = seen.tree()
        seen.hang_up()
        assert psutil.wait_procs(tree, timeout=10)[1] == []
    assert left == []


def test_without_a_terminal_it_says_so_and_grades_once(clone: Path) -> None:
    done = tiny_course.grader(clone, "watch", "02")
    assert "There is no terminal here to watch in, so this grades once." in done.stdout
    assert "02_double  not started" in done.stdout
    assert done.returncode == 1
    save(clone, "2 * number")
    assert tiny_course.grader(clone, "watch").returncode == 0


def test_a_kata_that_its_author_has_not_completed_keeps_nobody_from_the_others(clone: Path) -> None:
    assert tiny_course.grader(clone, "new", "00_mine").returncode == 0
    reason = "test_mine has no docstring; it is the check's title."
    assert reason in tiny_course.grader(clone, "watch", "00").stderr
    with Watched(clone) as seen:
        assert "01_double: " in seen.until("not started")
        seen.press("l")
        seen.until("(not complete: test_mine has no docstri")
        seen.press("\x1b[H\r")
        seen.until("This can't be judged here: ")
        test = clone / "exercises/00_mine/test_mine.py"
        text = test.read_text(encoding="utf-8").replace("(learner):\n", '(learner):\n    """It doubles."""\n')
        test.write_text(text, encoding="utf-8")
        seen.press("r")
        seen.until("not started 0/10")
        seen.press("q")
        assert seen.ended() == 0
    with Watched(clone, "01") as seen:
        seen.until("not started")


def test_a_terminal_that_cannot_place_text_gets_it_row_by_row(clone: Path) -> None:
    with Watched(clone, TERM="dumb") as seen:
        seen.until("not started")
        save(clone, "number ** 2")
        seen.until("double(3) gave 9")
        seen.press("q")
        assert seen.ended() == 0
    assert b"\x1b" not in seen.raw
    assert seen.raw.count(b"0 of 2 done") <= 2, "each verdict is written once"
    last = seen.raw[: seen.raw.index(b"2 katas are done.")].decode().rsplit("Katas ", 1)[1]
    assert last.count("\n") <= 24, "its first row has not scrolled away"


def test_no_color_is_heeded(clone: Path) -> None:
    with Watched(clone, NO_COLOR="1") as seen:
        save(clone, "number ** 2")
        seen.until("failed 2/3")
        seen.press("q")
        seen.ended()
    assert not re.search(rb"\x1b\[[0-9;]*3[0-7]m", seen.raw)


def test_without_utf_8_everything_is_ascii(clone: Path) -> None:
    with Watched(clone, PYTHONUTF8="0", PYTHONIOENCODING="ascii") as seen:
        save(clone, "'é'")
        seen.until("failed")
        seen.press("q")
        seen.ended()
    assert seen.raw.isascii()


@pytest.mark.parametrize("size", [(80, 24), (200, 60)])
def test_a_screen_of_any_size_holds_what_matters(clone: Path, size: tuple[int, int]) -> None:
    save(clone, "number ** 2")
    with Watched(clone, size=size) as seen:
        seen.until("failed 2/3")
        rows = seen.rows
    assert len(rows) == size[1]
    assert rows[0].endswith("0 of 2 done   Score 2 of 6")
    assert re.fullmatch(r"01_double: Double: a first kata +✘ failed 2/3 \d\d:\d\d:\d\d", rows[1])
    place = "── exercises/01_double/double.py "
    assert rows[2] == place + (size[0] - len(place)) * "─"
    assert rows[3].startswith("✘ failed       Twice three is six.")
    assert rows[3].endswith(" 0/1")
    assert rows[4].startswith("✔ passed       Twice nothing is nothing.")
    assert rows[6:8] == ["✘ failed  Twice three is six.", "  | double(3) gave 9, twice 3 is 6."]
    assert rows[-3] == size[0] * "─"
    assert "  Hint 1 is about this: press 1" in rows
    assert rows[-2] == "Next: edit and save. Hint 1 is about this: press 1"
    assert rows[-1] == "n next  h hint  l list  t lanes  s reference  x reset  e edit  ? keys  q quit"


def test_another_size_is_drawn_anew(clone: Path) -> None:
    with Watched(clone, size=(80, 24)) as seen:
        seen.until("not started")
        for size in ((200, 60), (40, 10), (80, 24)):
            seen.resize(*size)
            seen.until("not started")
            seen.until("q quit" if size[0] > 60 else "n h l")
            assert len(seen.rows) == size[1]


def test_what_others_wrote_across_the_screen_goes_with_ctrl_l(clone: Path) -> None:
    with Watched(clone) as seen:
        seen.until("not started")
        seen.stream.feed(b"\x1b[2;1HWALL: the system goes down")
        seen.press("\x0c")
        seen.until(lambda text: "WALL" not in text and "01_double: " in text)


def test_a_fault_of_ours_is_not_written_across_the_screen_but_after_it(clone: Path, tmp_path: Path) -> None:
    noise = "import os, signal\nsignal.signal(signal.SIGUSR1, lambda *_: os.write(2, b'Traceback of ours'))\n"
    (tmp_path / "sitecustomize.py").write_text(noise, encoding="utf-8")
    with Watched(clone, PYTHONPATH=f"{tmp_path}{os.pathsep}{tiny_course.ROOT}") as seen:
        seen.until("not started")
        seen.signal(signal.SIGUSR1)
        seen.press("r")
        seen.until("not started")
        assert "Traceback" not in seen.text
        seen.press("q")
        assert seen.ended() == 0
    assert seen.raw.index(b"\x1b[?1049l") < seen.raw.index(b"Traceback of ours")


HOOKS = """
import os
import grader.watch.loop
os.register_at_fork = lambda **_: print("a hook")
import rich.markdown, watchfiles
import grader.bubble, grader.git, grader.judge.pool, grader.sandbox.root, grader.sandbox.survey, grader.stub
"""


def test_no_thread_imports_what_is_called_at_forks() -> None:
    """A fork of another thread in that moment calls half of a pair of hooks, and fails."""
    done = subprocess.run([sys.executable, "-c", HOOKS], cwd=tiny_course.ROOT, capture_output=True, check=True)
    assert done.stdout == b""


def test_an_unknown_kata_is_told_in_a_sentence(clone: Path) -> None:
    done = tiny_course.grader(clone, "watch", "pears")
    assert done.returncode == 2
    assert "There is no kata 'pears'" in done.stderr


def test_after_ctrl_z_it_goes_on(clone: Path) -> None:
    with Watched(clone) as seen:
        seen.until("not started")
        seen.signal(signal.SIGTSTP)
        assert os.waitid(os.P_PID, seen.process.pid, os.WSTOPPED | os.WNOWAIT) is not None
        save(clone, "2 * number")
        seen.signal(signal.SIGCONT)
        seen.until("passed 3/3")


def test_fifty_saves_in_a_row_are_judged_and_leave_nothing(clone: Path) -> None:
    """Of those that follow each other at once the last counts. `python -m benchmarks.watch --saves 1000` makes more."""
    count = itertools.count(100)

    def answer() -> tuple[str, str]:
        number = next(count)
        if number % 3 == 0:
            return f"def broken_{number}(:\n", f"broken_{number}"
        return tiny_course.answer(f"number + {number}"), f"double(3) gave {number + 3}"

    with watched(5.0) as left, Watched(clone) as seen:
        seen.until("not started")
        in_bursts(seen, clone / FILE, 50, answer, lambda: answer()[0])
        save(clone, "2 * number")
        seen.until("passed 3/3")
        end = time.monotonic() + 10
        while len([one for one in seen.tree() if one.status() != psutil.STATUS_ZOMBIE]) > 5:
            assert time.monotonic() < end, "what the last run needed has not gone"
            seen.read(0.1)
        seen.press("q")
        assert seen.ended() == 0
    assert left == []


# --- what a learner does to files and folders


def test_a_stub_that_is_deleted_is_told_and_put_back_by_x(clone: Path) -> None:
    in_git(clone)
    with Watched(clone) as seen:
        seen.until("not started")
        (clone / FILE).unlink()
        seen.until("double.py is not there")
        seen.press("e")
        seen.until("x puts the stub back")
        seen.press("x")
        seen.until("Put the stub of double.py back?")
        seen.press("y")
        seen.until("Every function still raises")
    assert "raise NotImplementedError" in (clone / FILE).read_text(encoding="utf-8")


def test_a_reset_keeps_what_was_written_beside_the_stub(clone: Path) -> None:
    in_git(clone)
    save(clone, "number ** 2")
    with Watched(clone) as seen:
        seen.until("failed 2/3")
        seen.press("x")
        seen.until("(y/n)")
        seen.press("n")
        seen.until("Nothing was changed.")
        assert "number ** 2" in (clone / FILE).read_text(encoding="utf-8")
        seen.press("x")
        seen.until("(y/n)")
        seen.press("y")
        seen.until("Every function still raises")
    assert "number ** 2" in (clone / f"{FILE}.1").read_text(encoding="utf-8")


def test_without_git_a_reset_says_so_and_changes_nothing(clone: Path) -> None:
    save(clone, "number ** 2")
    with Watched(clone) as seen:
        seen.until("failed 2/3")
        seen.press("xy")
        seen.until("can't be put back")
    assert "number ** 2" in (clone / FILE).read_text(encoding="utf-8")


def test_a_folder_that_is_renamed_is_told_and_judged_again_when_it_is_back(clone: Path) -> None:
    with Watched(clone) as seen:
        seen.until("Every function still raises")
        folder = (clone / FILE).parent
        folder.rename(clone / "exercises" / "elsewhere")
        seen.until("The folder exercises/01_double is gone")
        (clone / "exercises" / "elsewhere").rename(folder)
        save(clone, "2 * number")
        seen.until("passed 3/3")


def test_a_damaged_memory_is_kept_aside_and_said(clone: Path) -> None:
    (clone / ".grader").mkdir()
    (clone / ".grader" / "state.json").write_text("{", encoding="utf-8")
    with Watched(clone) as seen:
        seen.until("was damaged and is now")
        save(clone, "2 * number")
        seen.until("passed 3/3")
        seen.press("q")
        seen.ended()
    assert (clone / ".grader" / "damaged-1.json").read_text(encoding="utf-8") == "{"
    assert "passed" in (clone / ".grader" / "state.json").read_text(encoding="utf-8")


def test_a_disk_that_is_full_is_said_and_all_else_works(clone: Path) -> None:
    """What can't be kept is told; the limit on the size of files stands for a full disk."""
    with Watched(clone, limit=100) as seen:
        save(clone, "number ** 2")
        assert "double(3) gave 9" in seen.until("can't be kept")


def test_where_nothing_can_be_judged_it_says_why_and_r_tries_again(clone: Path) -> None:
    with Watched(clone, limit=0) as seen:
        save(clone, "number ** 2")
        assert "press r" in seen.until("This can't be judged here")
        seen.press("r")
        seen.until("This can't be judged here")
        seen.press("q")
        assert seen.ended() == 0


def test_a_memory_that_cannot_be_written_is_said_and_all_else_works(clone: Path) -> None:
    (clone / ".grader").write_text("a file where the folder should be", encoding="utf-8")
    with Watched(clone) as seen:
        seen.until("can't be kept in .grader/state.json")
        save(clone, "number ** 2")
        seen.until("double(3) gave 9")
        seen.press("h")
        seen.until("Hint 1 of 2")
        seen.press("h")
        seen.until("Hint 2 of 2")
        seen.press("\x7fs")
        seen.until("01_double is not passed. Show the reference all the same?")


def test_an_editor_of_the_terminal_gets_it_and_gives_it_back(clone: Path) -> None:
    editor = clone / "editor.py"
    editor.write_text(
        "import sys\nprint('EDITOR IS HERE', flush=True)\ninput()\nopen(sys.argv[1], 'a').write('\\n#')\n"
    )
    with Watched(clone, VISUAL="", EDITOR=f"{sys.executable} {editor}") as seen:
        seen.until("Every function still raises")
        seen.press("e")
        seen.until("EDITOR IS HERE")
        assert b"\x1b[?1049l" in seen.raw
        seen.press("q\n")
        seen.until("Every function still raises")
        seen.press("q")
        assert seen.ended() == 0
    assert (clone / FILE).read_text(encoding="utf-8").endswith("#")


def test_an_editor_that_does_not_start_is_told(clone: Path) -> None:
    with Watched(clone, VISUAL="", EDITOR="no-such-editor") as seen:
        seen.until("Every function still raises")
        seen.press("e")
        seen.until("no-such-editor can't be started")


def test_an_editor_with_a_window_opens_beside_watch(clone: Path) -> None:
    (clone / "code").write_text(f"#!{sys.executable}\nimport sys\nopen(sys.argv[1], 'a').write('#')\n")
    (clone / "code").chmod(0o755)
    with Watched(clone, VISUAL=str(clone / "code")) as seen:
        seen.until("Every function still raises")
        seen.press("e")
        seen.until("It opens in your editor.")
        deadline = time.monotonic() + 20
        while not (clone / FILE).read_text(encoding="utf-8").endswith("#"):
            assert time.monotonic() < deadline
            seen.read(0.05)


QUESTIONS = {"a reset": "x", "the reference": "ss", "the list": "l", "a search": "l/", "a hint": "h"}


@pytest.mark.parametrize("end", ["ctrl-c", "hang up"])
@pytest.mark.parametrize("keys", QUESTIONS.values(), ids=QUESTIONS)
def test_an_end_at_any_prompt_changes_nothing_and_leaves_nothing(clone: Path, keys: str, end: str) -> None:
    save(clone, "number ** 2")
    before = (clone / FILE).read_bytes()
    with watched(5.0) as left, Watched(clone) as seen:
        seen.until("failed 2/3")
        seen.press("hhhh\x7f" if keys == "ss" else "")
        seen.press(keys)
        seen.until(lambda text: "n next" not in text)
        tree = seen.tree()
        if end == "ctrl-c":
            seen.press("\x03")
            assert seen.ended() == 130
            assert b"Nothing is lost" in seen.raw
        else:
            seen.hang_up()
        assert psutil.wait_procs(tree, timeout=10)[1] == []
    assert left == []
    assert (clone / FILE).read_bytes() == before


def test_the_help_names_it() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "grader", "--help"], cwd=tiny_course.ROOT, capture_output=True, text=True, check=True
    )
    assert "watch " in done.stdout
