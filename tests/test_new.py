"""A new kata is led from two folders to a kata that holds, by what `check` says of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import tiny_course
from tests.tiny_course import grader

EXERCISE, SOLUTION = "exercises/50_spin", "solutions/50_spin"


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    return tiny_course.make(tmp_path / "clone")


def check(clone: Path) -> list[str]:
    """Return what `check` finds to be done."""
    return [row for row in grader(clone, "check", "50").stdout.splitlines() if row.startswith(("exer", "solu"))]


def write(clone: Path, path: str, text: str) -> None:
    (clone / path).parent.mkdir(exist_ok=True)
    (clone / path).write_text(text, encoding="utf-8")


def test_check_leads_from_a_new_kata_to_one_that_holds(clone: Path) -> None:
    made = grader(clone, "new", "50_spin")
    assert (made.returncode, made.stderr) == (0, "")
    names = ["kata.toml", "README.md", "hints.md", "spin.py", "test_spin.py"]
    assert made.stdout.splitlines() == [
        *(f"{EXERCISE}/{name}" for name in names),
        f"{SOLUTION}/spin.py",
        "What is still to be written: python -m grader check 50",
    ]
    assert check(clone) == [
        f"{EXERCISE}/README.md: it is empty. Write the lesson.",
        f"{EXERCISE}/hints.md: it has 0 steps. Write 2 or more, each under a `## ` heading.",
        f"{EXERCISE}/spin.py:1: it still says 'say in one sentence what it is about'. Write it.",
        f"{EXERCISE}/spin.py:11: it still says 'say here all that is asked for'. Write it.",
        f"{SOLUTION}/spin.py:1: it still says 'say in one sentence what it is about'. Write it.",
        f"{SOLUTION}/spin.py:11: it still says 'say here all that is asked for'. Write it.",
        f"{EXERCISE}/test_spin.py:9: it still says 'Say why it matters'. Write it.",
        f"{SOLUTION}/wrong: it has 0 wrong answers. Write 3 or more, a beginner's mistake each.",
        f"{EXERCISE}/test_spin.py:7: test_spin has no docstring; it is the check's title.",
    ]
    write(clone, f"{EXERCISE}/README.md", "# Spin\n")
    write(clone, f"{EXERCISE}/hints.md", "## One\nAdd.\n## Two\nTwice.\n")
    test = (clone / EXERCISE / "test_spin.py").read_text(encoding="utf-8")
    write(
        clone,
        f"{EXERCISE}/test_spin.py",
        test.replace("(learner):\n", '(learner):\n    """Twice."""\n').replace("Say why", "How"),
    )
    stub = (clone / EXERCISE / "spin.py").read_text(encoding="utf-8")
    stub = stub.replace("say in one sentence what it is about", "spin").replace(": say here all that is asked for", "")
    write(clone, f"{EXERCISE}/spin.py", stub)
    write(clone, f"{SOLUTION}/spin.py", stub)
    for number, mistake in enumerate(("number + 20", "number ** 2", "number")):
        text = tiny_course.answer(mistake, "Wrong.\n\nFails: test_spin\n").replace("double", "spin")
        write(clone, f"{SOLUTION}/wrong/wrong_{number}.py", text)
    hints, reference = check(clone)
    assert hints.startswith(f"{EXERCISE}/hints.md: no step fits test_spin. Name each beneath the heading")
    assert reference.startswith(f"{SOLUTION}: the reference can't be judged, it is not started.")
    write(clone, f"{EXERCISE}/hints.md", "## One\nAdd.\n## Two\n<!-- Fits: test_spin -->\nTwice.\n")
    write(clone, f"{SOLUTION}/spin.py", tiny_course.answer("2 * number").replace("double", "spin"))
    done = grader(clone, "check", "50")
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "No faults.")


@pytest.mark.parametrize(
    "name,said",
    [
        ("spin", "'spin' is no name for a kata. It is two digits and a name, small letters: 50_spin_lock."),
        ("50_Spin", "'50_Spin' is no name for a kata."),
        ("../50_spin", "'../50_spin' is no name for a kata."),
        ("01_spin", "The number 01 is taken by 01_double. Give the new kata one of its own."),
        ("50_queue", "queue.py would hide another module of that name. Take another name."),
        ("50_class", "class is a word of Python's own, and no module can be imported by it. Take another name."),
        ("50_probes", "probes.py would hide another module of that name."),
    ],
)
def test_what_is_no_name_for_a_new_kata_is_one_sentence(clone: Path, name: str, said: str) -> None:
    done = grader(clone, "new", name)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)
    assert done.stderr.startswith(said)
    assert {path.name for path in (clone / "exercises").iterdir()} == {"01_double", "README.md"}


def test_what_is_not_complete_yet_is_named_and_all_others_are_graded(clone: Path) -> None:
    write(clone, "exercises/01_double/double.py", tiny_course.answer("2 * number"))
    grader(clone, "new", "50_spin")
    done = grader(clone)
    assert "01_double  passed" in done.stdout
    assert done.stderr.startswith("50_spin is not complete, and was not graded. ")
    assert "test_spin.py:7: test_spin has no docstring" in done.stderr
    assert done.returncode == 2
    for words in (["run", "--json", "all.json"], ["run", "50"], ["run", "--submission", "."]):
        refused = grader(clone, *words)
        assert (refused.returncode, refused.stdout) == (2, ""), "who reads it would take it for the result of all"
    assert not (clone / "all.json").exists()


def test_a_folder_that_is_there_is_left_alone(clone: Path) -> None:
    write(clone, f"{SOLUTION}/mine.txt", "mine")
    done = grader(clone, "new", "50_spin")
    assert done.returncode == 2
    assert "There is a folder solutions/50_spin already." in done.stderr
    assert not (clone / EXERCISE).exists()


def test_a_repository_for_students_makes_no_katas(tmp_path: Path) -> None:
    changes = {path: None for path in tiny_course.kata() if path.startswith("solutions/")}
    done = grader(tiny_course.make(tmp_path, changes=changes), "new", "50_spin")
    assert done.returncode == 2
    assert "`new` needs it" in done.stderr
