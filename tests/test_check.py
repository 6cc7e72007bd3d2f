"""`check` proves that a course is complete, and names each thing that an author forgot."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import tiny_course
from tests.tiny_course import TESTS, answer, grader, make

FOLDER = "exercises/01_double"
SOLUTION = "solutions/01_double"


def faults(root: Path, *words: str) -> list[str]:
    """Return what `check` finds in the clone at `root`."""
    done = grader(root, "check", *words)
    assert done.stderr == ""
    progress = ("References:", "Stubs:", "Wrong answers:")
    *found, last = [row for row in done.stdout.splitlines() if not row.startswith((*progress, "  | "))]
    count = sum(" is not tried. " not in row for row in found)
    assert last == (f"Faults: {count}" if count else "No faults.")
    assert done.returncode == (1 if count else 0)
    return found


def test_a_complete_course_has_no_faults(tmp_path: Path) -> None:
    assert faults(make(tmp_path, "01_double", "02_double")) == []


def test_only_the_katas_that_are_named_are_proved(tmp_path: Path) -> None:
    root = make(tmp_path, "01_double", "02_double", changes={"solutions/02_double/double.py": answer("number")})
    assert faults(root, "01") == []
    assert len(faults(root, "02")) == 1


HINTS = f"{FOLDER}/hints.md"
FITS = "<!-- Fits: test_doubles, test_doubles_nothing -->\n"
NOT_HERE = 'python = ">=3.99"\n'


@pytest.mark.parametrize(
    "path,text,expected",
    [
        (HINTS, None, f"{HINTS}: it is missing. Every kata has one."),
        (f"{FOLDER}/README.md", None, f"{FOLDER}/README.md: it is missing. Every kata has one."),
        (f"{FOLDER}/README.md", " \n", f"{FOLDER}/README.md: it is empty. Write the lesson."),
        (HINTS, f"## One\n{FITS}Text.\n", f"{HINTS}: it has 1 steps. Write 2 or more, each under a `## ` heading."),
        (HINTS, f"## A\n\n## B\n{FITS}b\n", f"{HINTS}: the step 'A' is empty. Write the hint under its heading."),
        (
            HINTS,
            "## A\na\n## B\n<!-- Fits: test_doubles -->\nb\n",
            f"{HINTS}: no step fits test_doubles_nothing. Name each beneath the heading of the hint that helps most",
        ),
        (
            HINTS,
            tiny_course.HINTS.replace("test_doubles -->", "test_doubles, test_gone -->"),
            f"{HINTS}: there is no check test_gone. Correct the line <!-- Fits: … -->.",
        ),
        (
            HINTS,
            tiny_course.HINTS.replace("test_doubles -->", "test_doubles,test_doubles_nothing -->"),
            f"{HINTS}: 2 steps fit test_doubles_nothing. Name it in the one that helps most.",
        ),
        (f"{FOLDER}/old.py", "", f"{FOLDER}/old.py: it does not belong here. Remove it, or name it in"),
        (f"{SOLUTION}/wrong/notes.md", "", f"{SOLUTION}/wrong/notes.md: it does not belong here."),
        ("exercises/drafts/a.py", "", "exercises/drafts: it is no kata's. Name it like 01_print_tasks"),
        ("solutions/02_gone/a.py", "", "solutions/02_gone: it is no kata's."),
        (f"{SOLUTION}/double.py", None, f"{SOLUTION}/double.py: it is missing."),
        (
            f"{SOLUTION}/wrong/text.py",
            None,
            f"{SOLUTION}/wrong: it has 2 wrong answers. Write 3 or more, a beginner's mistake each.",
        ),
        (
            f"{FOLDER}/test_double.py",
            TESTS.replace("points(2)", "points(3)"),
            f"{FOLDER}/test_double.py: the points of its checks sum to 4, kata.toml says 3.",
        ),
        (
            f"{FOLDER}/test_double.py",
            TESTS.replace('    """Twice three is six."""\n', ""),
            f"{FOLDER}/test_double.py:6: test_doubles has no docstring",
        ),
        (f"{FOLDER}/test_double.py", "import pytest\n", f"{FOLDER}/test_double.py: there are no checks in it."),
    ],
)
def test_what_can_be_seen_without_running_is_told(tmp_path: Path, path: str, text: str | None, expected: str) -> None:
    root = make(tmp_path, changes={f"{FOLDER}/kata.toml": tiny_course.KATA_TOML + NOT_HERE, path: text})
    told, fault = faults(root)
    assert told.startswith("01_double is not tried.")
    assert fault.startswith(expected)


def test_a_reference_that_does_not_pass_is_told_with_the_checks_words(tmp_path: Path) -> None:
    assert faults(make(tmp_path, changes={f"{SOLUTION}/double.py": answer("number ** 2")})) == [
        f"{SOLUTION}: the reference does not pass test_doubles (failed). It says: double(3) gave 9, twice 3 is 6."
    ]


def test_a_reference_that_is_no_python_is_told_once(tmp_path: Path) -> None:
    assert faults(make(tmp_path, changes={f"{SOLUTION}/double.py": "def ("})) == [
        f"{SOLUTION}: the reference can't be judged, it is crashed. Python can't read double.py:"
    ]
    assert "  | SyntaxError: invalid syntax\n" in grader(tmp_path, "check").stdout


def test_a_stub_that_is_begun_is_told_and_so_is_each_check_that_it_passes(tmp_path: Path) -> None:
    advice = (
        "Each function raises NotImplementedError and no more, or without functions all data is empty lists and dicts; "
        "name what is complete in kata.toml's given."
    )
    assert faults(make(tmp_path, changes={f"{FOLDER}/double.py": answer("0")})) == [
        f"{FOLDER}/double.py: the stub does not count as not started. {advice}",
        f"{FOLDER}/test_double.py: test_doubles_nothing does not fail for the stub, it is passed. Let it ask for more.",
    ]


LAX = '''

def test_asks_for_nothing(learner):
    """Nothing is asked for."""
    assert learner, "There is a learner."
'''


def test_a_check_that_the_open_stub_passes_is_told(tmp_path: Path) -> None:
    changes = {
        f"{FOLDER}/test_double.py": TESTS + LAX,
        HINTS: tiny_course.HINTS.replace("test_doubles -->", "test_doubles, test_asks_for_nothing -->"),
        f"{FOLDER}/kata.toml": tiny_course.KATA_TOML.replace("points = 3", "points = 4"),
    }
    assert faults(make(tmp_path, changes=changes)) == [
        f"{FOLDER}/test_double.py: test_asks_for_nothing does not fail for the stub, it is passed. Let it ask for more."
    ]


WRONG = f"{SOLUTION}/wrong/text.py"


@pytest.mark.parametrize(
    "text,expected",
    [
        (answer("number"), f"{WRONG}: its docstring names no check. Add a line to it: Fails: test_…"),
        (
            answer("number", "Fails: test_gone"),
            f"{WRONG}: there is no check test_gone in test_double.py. Correct its Fails: line.",
        ),
        (
            answer("number ** 2", "Fails: test_doubles_nothing"),
            f"{WRONG}: test_doubles_nothing does not fail, it is passed; test_doubles fails.",
        ),
        (
            answer("2 * number", "Fails: test_doubles"),
            f"{WRONG}: test_doubles does not fail, it is passed; nothing fails.",
        ),
    ],
)
def test_a_wrong_answer_must_fail_in_the_check_that_it_names(tmp_path: Path, text: str, expected: str) -> None:
    assert faults(make(tmp_path, changes={WRONG: text})) == [expected]


def test_a_wrong_answer_that_is_no_python_is_told(tmp_path: Path) -> None:
    assert faults(make(tmp_path, changes={WRONG: '"""Fails: test_doubles"""\ndef ('})) == [
        f"{WRONG}: it can't be judged, it is crashed. Python can't read text.py:"
    ]


def test_a_check_that_fails_without_words_is_told(tmp_path: Path) -> None:
    mute = TESTS.replace(
        'assert run.value == 6, f"double(3) gave {run.value!r}, twice 3 is 6."',
        'if run.value != 6:\n        pytest.fail("")',
    )
    found = faults(make(tmp_path, changes={f"{FOLDER}/test_double.py": mute}))
    assert (
        f"{SOLUTION}/wrong/squares.py: test_doubles fails without a message. Let the check say what is wrong." in found
    )


def test_a_wrong_answer_may_be_a_folder(tmp_path: Path) -> None:
    changes = {WRONG: None, f"{SOLUTION}/wrong/text/double.py": answer("number", "Fails: test_doubles")}
    changes[f"{SOLUTION}/wrong/text/helper.py"] = "X = 1\n"
    assert faults(make(tmp_path, changes=changes)) == []


REAL = '''

@pytest.mark.real_time
def test_in_time(learner):
    """It is right on the real clock."""
    run = learner.call("double", 1)
    assert run.value == 2, "Twice 1 is 2."
'''


def test_a_wrong_answer_may_fail_in_a_check_in_real_time(tmp_path: Path) -> None:
    """Those are left out at first, and then tried for the answers that name them."""
    changes = {
        f"{FOLDER}/test_double.py": TESTS + REAL,
        HINTS: tiny_course.HINTS.replace("test_doubles -->", "test_doubles, test_in_time -->"),
        f"{FOLDER}/kata.toml": tiny_course.KATA_TOML.replace("points = 3", "points = 4"),
        WRONG: answer("2 * number if number != 1 else 3", "Fails: test_in_time"),
    }
    assert faults(make(tmp_path, changes=changes)) == []
    (tmp_path / WRONG).write_text(answer("2 * number", "Fails: test_in_time"))
    assert faults(tmp_path) == [f"{WRONG}: test_in_time does not fail, it is passed; nothing fails."]


def test_a_kata_that_cannot_run_here_is_not_tried(tmp_path: Path) -> None:
    changes = {f"{FOLDER}/kata.toml": tiny_course.KATA_TOML + NOT_HERE, f"{SOLUTION}/double.py": answer("number")}
    assert faults(make(tmp_path, changes=changes)) == ["01_double is not tried. This kata needs Python 3.99 or later."]
