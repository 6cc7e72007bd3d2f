"""The commands as a learner types them: what they say, what they return, and that bad input is one sentence."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import jsonschema
import pytest

from grader import cli
from grader.cli import grade, words
from grader.report.result import SCHEMA_FILE, decode
from grader.sandbox.survey import Survey
from grader.submission import Answer
from grader.verdict import Check, Status
from tests import tiny_course
from tests.report import samples
from tests.tiny_course import grader

PYENV = Path.home() / ".pyenv/versions"
OLD = sorted(path for path in PYENV.glob("3.[6-9].*/bin/python")) + sorted(PYENV.glob("3.10.*/bin/python"))
FIRST = "exercises/01_double/double.py"


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    return tiny_course.make(tmp_path / "clone")


def assert_one_sentence(done: subprocess.CompletedProcess[str], code: int, expected: str) -> None:
    assert re.search(expected, done.stderr), done.stderr
    assert done.returncode == code
    assert len(done.stderr.splitlines()) == 1
    assert "Traceback" not in done.stdout + done.stderr


def test_a_new_clone_is_graded_as_not_started_and_says_what_to_do(clone: Path) -> None:
    done = grader(clone)
    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        "01_double: not started, 0 of 3 points, 0.0 s",
        "kata       status           points  seconds",
        "01_double  not started         0/3",
        "",
        "Score: 0 of 3 points.",
        "Next: read the lesson of 01_double: python -m grader lesson 01",
    ]


def test_a_right_answer_in_the_clone_gets_all_points_and_exit_code_0(clone: Path) -> None:
    (clone / FIRST).write_text(tiny_course.answer("number + number"))
    done = grader(clone)
    assert done.returncode == 0, done.stdout
    assert "Score: 3 of 3 points." in done.stdout


def test_a_wrong_answer_is_told_why_and_gets_exit_code_1(clone: Path) -> None:
    (clone / FIRST).write_text(tiny_course.answer("number ** 2"))
    done = grader(clone, "run", "double")
    assert done.returncode == 1
    assert "  failed  Twice three is six." in done.stdout
    assert "  | double(3) gave 9, twice 3 is 6." in done.stdout
    assert "\n  Hint 1 is about this: python -m grader hint 01 1\n" in done.stdout
    assert "Score: 2 of 3 points." in done.stdout
    assert "Next: mend 01_double. A hint: python -m grader hint 01" in done.stdout


def test_a_run_of_ones_own_answers_is_remembered_and_of_others_is_not(clone: Path) -> None:
    grader(clone, "run", "01", "--answer", "solutions/01_double/double.py")
    grader(clone, "--submission", clone)
    assert not (clone / ".grader").exists()
    (clone / FIRST).write_text(tiny_course.answer("2 * number"))
    assert grader(clone).stderr == ""
    kept = json.loads((clone / ".grader/state.json").read_bytes())
    assert kept["katas"]["01_double"]["attempts"] == len(kept["katas"]["01_double"]["passed"]) == 1
    assert len(kept["days"]) == 1


def test_a_run_works_where_nothing_can_be_remembered_and_says_so_in_one_line(clone: Path) -> None:
    (clone / ".grader").write_text("in the way")
    (clone / FIRST).write_text(tiny_course.answer("2 * number"))
    assert_one_sentence(grader(clone), 0, r"^Hints, attempts and days can't be kept in \.grader/state\.json: ")


def test_hints_that_cannot_be_read_cost_nobody_a_verdict(clone: Path) -> None:
    (clone / FIRST).write_text(tiny_course.answer("number ** 2"))
    (clone / "exercises/01_double/hints.md").write_bytes(b"\xff")
    done = grader(clone)
    assert (done.returncode, done.stderr) == (1, "")
    assert "Score: 2 of 3 points." in done.stdout
    assert "is about this" not in done.stdout


def test_another_file_and_another_folder_can_be_graded(clone: Path, tmp_path: Path) -> None:
    assert grader(clone, "run", "01", "--answer", "solutions/01_double/double.py").returncode == 0
    assert grader(clone, "run", "01", "--answer", "solutions/01_double").returncode == 0
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs/01_double").symlink_to(clone / "solutions/01_double")
    done = grader(clone, "--submission", tmp_path / "theirs")
    assert done.returncode == 1
    assert "01_double is a symlink: hand in a real folder in its place." in done.stdout


def test_the_result_is_written_as_its_schema_says(clone: Path, tmp_path: Path) -> None:
    (clone / FIRST).write_text(tiny_course.answer("number ** 2"))
    done = grader(clone, "run", "--json", tmp_path / "r.json", "--time-scale", "1.5")
    assert done.returncode == 1
    found = json.loads((tmp_path / "r.json").read_bytes())
    jsonschema.validate(found, json.loads(SCHEMA_FILE.read_bytes()))
    assert (found["score"], found["max_score"], found["time_scale"]) == (2, 3, 1.5)
    assert [check["status"] for check in found["katas"][0]["checks"]] == ["failed", "passed"]
    assert found["submission"] == "exercises"
    assert [left.name for left in tmp_path.iterdir() if left.name != "clone"] == ["r.json"]


def test_stopping_at_the_first_failure_leaves_the_rest_not_run(clone: Path) -> None:
    (clone / FIRST).write_text(tiny_course.answer("number ** 2 + 1"))
    done = grader(clone, "-x")
    assert done.returncode == 1
    assert "1 of 2 checks run." in done.stdout


@pytest.mark.parametrize(
    "text,expected",
    [
        (
            "def double(number)\n    return 1\n",
            r"  \|     def double\(number\)\n  \|                       \^\n  \| SyntaxError: ",
        ),
        ("", r"double\.py is empty"),
        ("\0", r"double\.py holds a NUL character"),
    ],
)
def test_what_is_wrong_with_a_file_is_a_verdict_and_the_run_goes_on(tmp_path: Path, text: str, expected: str) -> None:
    clone = tiny_course.make(tmp_path, "01_double", "02_double", changes={FIRST: text})
    (clone / "exercises/02_double/double.py").write_text(tiny_course.answer("2 * number"))
    done = grader(clone)
    assert done.returncode == 1
    assert re.search(expected, done.stdout), done.stdout
    assert "02_double  passed              3/3" in done.stdout
    assert done.stderr == ""


@pytest.mark.parametrize(
    "words,code,expected",
    [
        (["frob"], 2, r"^There is no command 'frob'\. To grade a kata: python -m grader run frob\."),
        (["run", "dubble"], 2, r"^There is no kata 'dubble'\. Did you mean 01_double\?"),
        (["run", "7"], 2, r"^There is no kata '7'"),
        (["run", "01", "--answer", "no.py"], 2, r"^--answer: there is no no\.py\.$"),
        (["run", "--answer", FIRST, "--submission", "."], 2, "not both"),
        (["run", "--submission", "nowhere"], 2, r"^--submission: there is no folder nowhere\.$"),
        (["run", "--json", "."], 2, "is a folder"),
        (["run", "--json", "no/r.json"], 2, "there is no folder no"),
        (["--time-scale", "nan"], 2, "a number from 1 to 100 is expected"),
        (["--time-scale", "x"], 2, "'x' is not a valid"),
        (["--frob"], 2, "No such option '--frob'"),
        (["lesson"], 2, "Missing argument 'KATA'"),
        (["lesson", "dubble"], 2, "There is no kata 'dubble'"),
        (["hint", "99"], 2, "There is no kata '99'"),
        (["check", "99"], 2, "There is no kata '99'"),
    ],
)
def test_wrong_use_is_one_sentence(clone: Path, words: list[str], code: int, expected: str) -> None:
    assert_one_sentence(grader(clone, *words), code, expected)


def test_an_answer_is_for_one_kata(tmp_path: Path) -> None:
    clone = tiny_course.make(tmp_path, "01_double", "02_double")
    assert_one_sentence(grader(clone, "--answer", FIRST), 2, "--answer is for one kata. Name it")


def test_a_broken_course_is_one_sentence_with_file_and_line(tmp_path: Path) -> None:
    toml = tiny_course.KATA_TOML.replace("points = 3", 'points = "three"')
    clone = tiny_course.make(tmp_path, changes={"exercises/01_double/kata.toml": toml})
    for command in ([], ["list"], ["lesson", "01"], ["check"]):
        expected = r"^exercises/01_double/kata\.toml:3: points must be a whole number, 1 to 1000, it is 'three'\.$"
        assert_one_sentence(grader(clone, *command), 2, expected)


def test_a_clone_without_exercises_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "exercises").mkdir()
    (tmp_path / "pyproject.toml").touch()
    assert_one_sentence(grader(tmp_path), 2, "there are no katas in it")


def test_a_result_that_cannot_be_written_is_one_sentence_after_the_report(clone: Path) -> None:
    """`/dev/full` is a disk that is full."""
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    done = grader(clone, "--json", "/dev/full")
    assert "Score: 0 of 3 points." in done.stdout
    assert_one_sentence(done, 3, r"^The result can't be written to /dev/full: No space left on device\.$")


def test_a_summary_that_cannot_be_written_costs_no_file(clone: Path, tmp_path: Path) -> None:
    missing = tmp_path / "missing" / "summary"
    done = grader(clone, "--github", "--json", tmp_path / "a.json", GITHUB_STEP_SUMMARY=str(missing))
    assert_one_sentence(done, 3, str(missing))
    assert decode((tmp_path / "a.json").read_bytes()).max_score == 3


def test_the_temporary_folder_that_cannot_be_used_is_one_sentence(clone: Path) -> None:
    (clone / FIRST).write_text(tiny_course.answer("2 * number"))
    done = grader(clone, TMPDIR="/dev/null/no", TMP="/dev/null/no", TEMP="/dev/null/no")
    assert done.returncode in (0, 3)
    assert "Traceback" not in done.stderr


def test_a_fault_of_ours_is_told_as_such_and_not_as_a_failed_kata(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fault(_: Path) -> Path:
        raise RuntimeError("out of order")

    monkeypatch.setattr(words, "root_of", fault)
    assert cli.main(["list"]) == 3
    assert capsys.readouterr().err.endswith("This is a fault of the grader, not of your answer. Please report it.\n")


@pytest.mark.parametrize("error,code", [(KeyboardInterrupt(), 130), (PermissionError(13, "Permission denied", "x"), 3)])
def test_every_way_to_end_has_its_exit_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: BaseException, code: int
) -> None:
    def fail(_: Path) -> Path:
        raise error

    monkeypatch.setattr(words, "root_of", fail)
    assert cli.main(["list"]) == code
    assert capsys.readouterr().err.strip().splitlines()[-1] in ("Interrupted.", "x: Permission denied.")


def test_the_list_shows_number_name_part_points_needs_and_title(tmp_path: Path) -> None:
    toml = tiny_course.KATA_TOML.replace('"io"', '["waits", "io"]')
    clone = tiny_course.make(tmp_path, "01_double", "10_other", changes={"exercises/10_other/kata.toml": toml})
    assert grader(clone, "list").stdout.splitlines() == [
        "kata       part  points  needs      title",
        "01_double     1       3  io         Double: a first kata",
        "10_other      1       3  waits+io   Double: a first kata",
    ]


def test_a_lesson_is_raw_text_where_there_is_no_terminal(clone: Path) -> None:
    done = grader(clone, "lesson", "double")
    assert (done.returncode, done.stdout) == (0, "# Double\n\nTwice *as much*.\n\n")


def test_hints_come_one_step_more_each_time_and_the_last_one_stays(clone: Path) -> None:
    first, second, third = (grader(clone, "hint", "01").stdout for _ in range(3))
    assert first == "## Hint 1 of 2: Start small\n\nTry 1.\n\nOne step more: `python -m grader hint 01`\n"
    assert second.startswith("## Hint 2 of 2: Then think\n\nUse `2 *`.\n\nThat was the last step")
    assert third == second
    assert (clone / ".grader/.gitignore").read_text() == "*\n", "the count is nobody else's business"


def test_a_damaged_count_of_hints_starts_anew_and_is_told(clone: Path) -> None:
    (clone / ".grader").mkdir()
    (clone / ".grader/state.json").write_bytes(b"[")
    told = grader(clone, "hint", "01").stdout
    assert told.startswith("## Hint 1 of 2")
    assert ".grader/state.json was damaged and is now .grader/damaged-1.json." in told
    assert grader(clone, "hint", "01").stdout.startswith("## Hint 2 of 2")


def test_a_count_that_is_larger_than_the_number_of_steps_means_the_last(clone: Path) -> None:
    (clone / ".grader").mkdir()
    (clone / ".grader/hints.json").write_bytes(b'{"01_double": 99}')
    assert grader(clone, "hint", "01").stdout.startswith("## Hint 2 of 2")


def test_one_hint_can_be_asked_for_and_what_was_skipped_still_comes(clone: Path) -> None:
    assert grader(clone, "hint", "01", "2").stdout.startswith("## Hint 2 of 2: Then think\n\nUse `2 *`.")
    assert grader(clone, "hint", "01").stdout.startswith("## Hint 1 of 2")
    assert grader(clone, "hint", "01", "1").stdout.startswith("## Hint 1 of 2")
    assert grader(clone, "hint", "01").stdout.startswith("## Hint 2 of 2")
    for number in ("0", "3"):
        assert_one_sentence(
            grader(clone, "hint", "01", number), 2, rf"^01_double has hints 1 to 2, and no hint {number}\.$"
        )


def test_a_hint_is_shown_even_where_the_count_cannot_be_kept(clone: Path) -> None:
    (clone / ".grader").write_text("in the way")
    done = grader(clone, "hint", "01")
    assert done.stdout.startswith("## Hint 1 of 2")
    assert "can't be kept in .grader/state.json" in done.stdout


def test_the_doctor_names_the_tier_and_each_guard_in_words(clone: Path) -> None:
    done = grader(clone, "doctor")
    assert done.returncode == 0
    text = done.stdout
    for row in (
        "Python    ",
        "Cores     ",
        "Processes start by spawn|Processes start by fork, spawn",
        "Tier      [ABC]: ",
    ):
        assert re.search(f"^({row})", text, re.MULTILINE), text
    assert re.search(r"^(yes|NO ) +no new privileges +\w", text, re.MULTILINE)
    assert re.search(r"^(Missing: |Nothing is missing\.)", text, re.MULTILINE)


def test_help_shows_what_to_type(clone: Path) -> None:
    text = grader(clone, "--help").stdout
    assert "\n  python -m grader run 01       grade that kata\n" in text
    assert "--answer" in grader(clone, "run", "-h").stdout


def test_a_terminal_that_lacks_a_character_gets_its_number(clone: Path) -> None:
    (clone / "exercises/01_double/README.md").write_text("# A → B\n", encoding="utf-8")
    done = grader(clone, "lesson", "01", PYTHONIOENCODING="cp1252")
    assert (done.returncode, done.stdout) == (0, "# A \\u2192 B\n\n")


def on_a_terminal(clone: Path, *words: str, **more: str) -> str:
    """Return what `python -m grader` writes where it stands on a terminal."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "PYTHONPATH": str(tiny_course.ROOT), "TERM": "xterm-256color", "COLUMNS": "80", **more}
    process = subprocess.Popen(
        [sys.executable, "-m", "grader", *words], cwd=clone, env=environment, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    seen = b""
    while select.select([ours], [], [], 60)[0]:
        try:
            data = os.read(ours, 65536)
        except OSError:  # Linux's way to say that nobody writes any more
            break
        seen += data
        if not data:
            break
    process.wait(60)
    os.close(ours)
    return seen.decode()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pty")
def test_on_a_terminal_there_is_live_progress_and_colour(clone: Path) -> None:
    (clone / FIRST).write_text(tiny_course.answer("number ** 2"))
    text = on_a_terminal(clone)
    assert "/2" in text, "checks are counted"
    assert "\x1b[?25h" in text, "the cursor is back"
    assert "\x1b[31mfailed" in text
    assert "Score: 2 of 3 points." in text


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pty")
def test_on_a_terminal_a_lesson_is_rendered(clone: Path) -> None:
    text = on_a_terminal(clone, "lesson", "01")
    assert "*as much*" not in text
    assert "\x1b[3mas much" in text


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pty")
@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_on_a_terminal_a_row_of_a_picture_is_left_whole(clone: Path, encoding: str) -> None:
    row = "T1 " + "|====| " * 20
    lesson = clone / "exercises/01_double/README.md"
    lesson.write_text(f"# Double\n\n```text\n{row}\n```\n", encoding="utf-8")
    assert row.rstrip() in on_a_terminal(clone, "lesson", "01", PYTHONIOENCODING=encoding)


def test_what_an_answer_prints_and_raises_never_acts_on_the_terminal(clone: Path) -> None:
    (clone / FIRST).write_text(
        "def double(number):\n"
        "    print('\\x1b[2J\\x1b]0;owned\\x07[bold]hi[/bold]\\r::error::x')\n"
        "    raise ValueError('\\x1b[31m[red]' + 'x' * 100_000)\n"
    )
    done = grader(clone)
    assert done.returncode == 1
    assert "\x1b" not in done.stdout
    assert "[bold]hi[/bold]" in done.stdout
    assert not any(row.lstrip().startswith("::") for row in done.stdout.splitlines())
    assert len(done.stdout) < 40_000


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one process")
def test_ctrl_c_shows_what_was_graded_and_ends_with_130(tmp_path: Path) -> None:
    clone = tiny_course.make(tmp_path, "01_double", "02_double")
    (clone / FIRST).write_text(tiny_course.answer("2 * number"))
    (clone / "exercises/02_double/double.py").write_text(
        "import time\n\n\ndef double(number):\n    time.sleep(60)\n    return 2 * number\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "grader", "--json", tmp_path / "r.json"],
        cwd=clone,
        env={**os.environ, "PYTHONPATH": str(tiny_course.ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline().startswith("01_double: passed")
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert time.monotonic() - began < 10
    assert process.returncode == 130
    assert "Interrupted: this is what was graded until then." in out
    assert "Score: 3 of 3 points, 2 of 4 checks run." in out
    assert "Traceback" not in err
    assert json.loads((tmp_path / "r.json").read_bytes())["interrupted"] is True


@pytest.mark.parametrize("python", OLD, ids=[path.parts[-3] for path in OLD])
def test_an_older_python_is_told_what_is_needed(clone: Path, python: Path) -> None:
    done = subprocess.run(
        [python, "-m", "grader"],
        cwd=clone,
        env={"PYTHONPATH": str(tiny_course.ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert_one_sentence(
        done, 3, r"^The grader needs Python 3\.11 or later, and this is 3\.\d+\. Try: python3\.13 -m grader$"
    )


def test_a_package_that_is_missing_is_told_with_the_way_to_get_it(clone: Path) -> None:
    program = "import sys; sys.modules['click'] = None; import runpy; runpy.run_module('grader', run_name='__main__')"
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=clone,
        env={**os.environ, "PYTHONPATH": str(tiny_course.ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert_one_sentence(done, 3, r"^The package click is not installed\. .*pip install -r requirements\.lock$")


def test_a_command_does_not_import_what_it_does_not_need(clone: Path) -> None:
    """`run` has half a second: what draws comes when the judges are at work, and pytest not at all."""
    program = (
        "import sys; from grader import cli; cli.main(['list'])\n"
        "print(sorted({'rich', 'pytest', 'psutil', 'grader.grading', 'grader.report.terminal'}"
        " & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=clone,
        env={**os.environ, "PYTHONPATH": str(tiny_course.ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("tiers", ["AA", "AB", "BB", "BA", "CA", "CB"])
def test_a_tier_that_is_required_and_not_here_grades_nothing(
    tiers: str, clone: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With exit code 3 and a sentence that says what is missing."""
    here, wanted = tiers[0], tiers[1]
    lacking = {"separate user": here == "A", "landlock files": here != "C"}
    monkeypatch.setattr("grader.sandbox.survey.survey", lambda: Survey(here, lacking, {}, None))
    monkeypatch.chdir(clone)
    code = cli.main(["run", "--require-tier", wanted])
    told = capsys.readouterr()
    if here <= wanted:
        assert code == 1
        assert "Score: 0 of 3 points." in told.out
    else:
        assert (code, told.out) == (3, "")
        assert told.err.startswith(f"Nothing was graded. This is tier {here}, and tier {wanted} is required. Missing")


def test_a_schedule_is_shown_again_with_the_answer_that_was_graded() -> None:
    """Which is not the clone's own."""
    again = "To see it again: python -m grader replay double 3.11-0-4:1"
    check = Check("test_a", "It adds up.", Status.FAILED, 0, 2, message=f"It hangs.\n\n{again}")
    told = samples.verdict("01_double", check, status=Status.FAILED, message=check.message)
    answers = {"01_double": Answer("01_double", "a folder/double.py")}
    (kata,) = grade._naming_answers(samples.result(told), answers, Path("a folder/double.py")).katas
    assert kata.message == kata.checks[0].message == f"It hangs.\n\n{again} --answer 'a folder/double.py'"


@pytest.mark.parametrize("called", ["ann", "Bob O'Brien $(touch x)"])
def test_what_a_submission_is_called_is_no_word_of_a_command(called: str) -> None:
    """Who copies it runs nothing that a file's name says, and the answer that it is about lies in their own clone."""
    again = "To see it again: python -m grader replay double 3.11-0-4:1"
    check = Check("test_a", "It adds up.", Status.FAILED, 0, 2, message=f"In /in it hangs.\n\n{again}")
    told = samples.verdict("01_double", check, status=Status.FAILED, message=check.message)
    answers = {"01_double": Answer("01_double", "/in/01_double/double.py")}
    (kata,) = grade._naming_answers(samples.result(told), answers, Path("/in"), called).katas
    assert kata.message == kata.checks[0].message == f"In {called} it hangs.\n\n{again}"


def test_who_forgot_to_commit_is_told(tmp_path: Path) -> None:
    """It is not enough that no answer differs: the one on the disk does."""
    root = tiny_course.make(tmp_path / "clone", "01_double", "02_double")
    for step in (["init", "-q"], ["add", "-A"], ["-c", "user.name=a", "-c", "user.email=a", "commit", "-qm", "a"]):
        subprocess.run(["git", *step], cwd=root, check=True)
    (root / "exercises/02_double/double.py").write_text(tiny_course.answer("2 * number"), encoding="utf-8")
    done = grader(root, "run", "--submission", ".", "--changed-since", "HEAD")
    assert done.stdout == "Nothing to grade: no answer differs from HEAD.\n"
    assert done.stderr.startswith("Changed, but not committed, so not graded: 02_double. Commit first: ")


@pytest.mark.parametrize("on_github", [False, True])
def test_a_branch_without_a_common_beginning_is_told_where_it_is_looked_at(tmp_path: Path, *, on_github: bool) -> None:
    """On GitHub that is a fault of the request: not only the log says so."""
    root = tiny_course.make(tmp_path / "clone")
    for step in (["init", "-q"], ["add", "-A"], ["-c", "user.name=a", "-c", "user.email=a", "commit", "-qm", "a"]):
        subprocess.run(["git", *step], cwd=root, check=True)
    summary = tmp_path / "summary"
    more = ["--github"] if on_github else []
    words = ["run", "--submission", ".", "--changed-since", "nowhere", *more]
    done = grader(root, *words, GITHUB_STEP_SUMMARY=str(summary))
    assert done.returncode == (1 if on_github else 2)
    assert "--changed-since: " in (done.stdout if on_github else done.stderr)
    if on_github:
        assert done.stdout.startswith("::error title=Grade::--changed-since: ")
        assert summary.read_text(encoding="utf-8").startswith("## Nothing was graded\n")


ORDINARY = """\
import os
import signal


def double(number):
    if os.path.exists("made"):
        raise OSError("there is something already")
    with open("made", "w") as made:
        made.write("x")
    assert os.stat("made").st_mode & 0o777 == 0o644
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    assert signal.getsignal(signal.SIGQUIT) is signal.getsignal(signal.SIGALRM) is signal.SIG_DFL
    assert not signal.pthread_sigmask(signal.SIG_BLOCK, [])
    return 2 * number
"""
ODD = {
    "no streams": "for number in (0, 1, 2): os.close(number)",
    "no stdout": "os.close(1)",
    "no ends of children": "signal.signal(signal.SIGCHLD, signal.SIG_IGN)",
    "signals ignored": "for number in (1, 2, 3, 10, 12, 13, 14, 15): signal.signal(number, signal.SIG_IGN)",
    "signals blocked": "signal.pthread_sigmask(signal.SIG_SETMASK, signal.valid_signals())",
    "nothing for its owner": "os.umask(0o777)",
    "everything for all": "os.umask(0)",
    "no assertions": "os.environ['PYTHONOPTIMIZE'] = '2'",
}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows inherits nothing of this")
@pytest.mark.parametrize("odd", ODD)
def test_how_the_grader_is_started_changes_no_verdict(clone: Path, odd: str) -> None:
    (clone / FIRST).write_text(ORDINARY)
    start = f"import os, signal, sys\n{ODD[odd]}\nos.execv(sys.executable, [sys.executable, *sys.argv[1:]])"
    words = [sys.executable, "-c", start, "-m", "grader", "run", "01", "--json", "result.json"]
    environment = {**os.environ, "PYTHONPATH": str(tiny_course.ROOT)}
    subprocess.run(words, cwd=clone, env=environment, timeout=60, check=True)
    (clone / FIRST).write_text(tiny_course.answer("number ** 2"))
    assert subprocess.run(words, cwd=clone, env=environment, timeout=60, check=False).returncode == 1
    assert decode((clone / "result.json").read_bytes()).score == 2
