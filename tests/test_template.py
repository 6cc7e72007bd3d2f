"""`template`: what students get, and that all of it works there."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from grader import course, template
from tests import tiny_course
from tests.tiny_course import answer, grader

ROOT = Path(__file__).parents[1]


def within(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the grader that `folder` itself holds."""
    command = [sys.executable, "-m", "grader", *words]
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, encoding="utf-8", timeout=300, check=False
    )


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A student repository of the whole course."""
    folder = tmp_path_factory.mktemp("real") / "student"
    template.make(course.load(ROOT), stubs(ROOT), folder)
    return folder


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def stubs(root: Path) -> tuple[course.Kata, ...]:
    return course.load(root).katas


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """A tiny course, with solutions."""
    return tiny_course.make(tmp_path / "clone", "01_double", "02_double")


def test_an_answer_is_graded_in_a_repository_made_of_a_tiny_course(tiny: Path, tmp_path: Path) -> None:
    made = grader(tiny, "template", tmp_path / "student", "--kata", "02")
    assert (made.returncode, made.stderr) == (0, "")
    assert "a repository for students, with 1 katas" in made.stdout
    assert "02_double  not started" in within(tmp_path / "student", "run").stdout
    (tmp_path / "student/exercises/02_double/double.py").write_text(answer("2 * number"), encoding="utf-8")
    done = within(tmp_path / "student", "run")
    assert done.returncode == 0
    assert "Score: 3 of 3 points." in done.stdout


def test_an_answer_is_graded_in_a_repository_made_of_the_course(real: Path) -> None:
    kata = course.load(ROOT).find(["counter"])[0]
    (real / "exercises" / kata.name / kata.files[0]).write_bytes((kata.solution / kata.files[0]).read_bytes())
    done = within(real, "run", kata.name)
    assert done.returncode == 0
    assert f"Score: {kata.points} of {kata.points} points." in done.stdout
    (real / "exercises" / kata.name / kata.files[0]).write_bytes((kata.folder / kata.files[0]).read_bytes())


def test_the_repository_holds_all_katas_and_nothing_of_the_authors(real: Path) -> None:
    made = course.load(real)
    assert [kata.name for kata in made.katas] == [kata.name for kata in stubs(ROOT)]
    assert [course.strays(kata) for kata in made.katas if course.strays(kata)] == []
    assert {path.name for path in real.iterdir()} - {".grader"} == {  # that a run leaves
        *(".gitattributes", ".github", ".gitignore", "LICENSE", "LICENSE-lessons", "README.md"),
        *("docs", "exercises", "grader", "pyproject.toml", "requirements.lock"),
    }
    spoilers = {path.read_bytes() for path in (ROOT / "solutions").rglob("*.py")}
    assert [path for path in real.rglob("*") if path.is_file() and path.read_bytes() in spoilers] == []


@pytest.mark.parametrize("command", ["list", "next", "stats", "doctor", "lesson 01", "hint 01", "--help"])
def test_the_other_commands_work_there(real: Path, command: str) -> None:
    done = within(real, *command.split())
    assert (done.returncode, done.stderr) == (0, "")


NEED_SOLUTIONS = {"check": "check", "new": "new 99_mine", "solution": "solution 01"}


@pytest.mark.parametrize("name, words", NEED_SOLUTIONS.items())
def test_a_command_that_needs_solutions_says_so(real: Path, name: str, words: str) -> None:
    done = within(real, *words.split())
    assert (done.returncode, done.stdout) == (2, "")
    assert f"`{name}` needs it: it works in the whole course only." in done.stderr
    assert done.stderr.count("\n") == 1


def test_teachers_are_told_which_commands_need_solutions() -> None:
    source = "".join(map(text, (ROOT / "grader").rglob("*.py")))
    told = re.findall(r"Everything but\s+(.*) works there", text(ROOT / "docs/teachers.md"))
    assert [set(re.findall("`(.*?)`", part)) for part in told] == [set(NEED_SOLUTIONS)]
    assert set(re.findall(r'require_solutions\(course, "(\w+)"\)', source)) == set(NEED_SOLUTIONS)


def test_the_settings_there_are_the_courses_own_as_far_as_a_grader_reads_them(real: Path) -> None:
    whole, part = (tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8")) for root in (ROOT, real))
    assert part["project"] == whole["project"]
    assert part["tool"]["pytest"] == whole["tool"]["pytest"] | {"testpaths": ["exercises"]}
    assert set(part["tool"]) == {"flit", "pytest"}
    assert (real / part["project"]["readme"]).is_file()


def test_students_have_the_page_that_begins_at_a_new_laptop(real: Path) -> None:
    assert (real / "docs/learners.md").read_bytes() == (ROOT / "docs/learners.md").read_bytes()
    named = set(re.findall(r"python -m grader ([a-z]+)", (real / "docs/learners.md").read_text(encoding="utf-8")))
    there = set(re.findall(r"^  ([a-z]+) ", within(real, "--help").stdout, re.MULTILINE))
    assert named - there == set()


def test_what_students_read_names_only_what_there_is(real: Path) -> None:
    commands = set(re.findall(r"python -m grader ([a-z]+)", (real / "README.md").read_text(encoding="utf-8")))
    assert commands == {"list", "lesson", "run", "hint", "watch", "timeline"}
    pages = [real / "README.md", *real.glob("exercises/*/*.md"), *real.glob("docs/*.md")]
    links = [
        (page, link) for page in pages for link in re.findall(r"\]\((?!https?:)([^)#\s]+)", page.read_text("utf-8"))
    ]
    assert [(page, link) for page, link in links if not (page.parent / link).exists()] == []


def test_github_classrooms_tests_are_one_for_each_kata(real: Path) -> None:
    tests = json.loads((real / template.AUTOGRADING).read_bytes())["tests"]
    assert {test["name"]: test["points"] for test in tests} == {kata.name: kata.points for kata in stubs(ROOT)}
    keys = {"name", "setup", "run", "input", "output", "comparison", "timeout", "points"}
    assert [test for test in tests if set(test) != keys] == []
    assert [bool(test["setup"]) for test in tests] == [True] + [False] * (len(tests) - 1)


def fill(folder: Path) -> None:
    folder.mkdir()
    (folder / "mine").touch()


@pytest.mark.parametrize("spoil", [fill, Path.touch])
def test_what_is_there_is_not_written_over(tiny: Path, tmp_path: Path, spoil: Callable[[Path], None]) -> None:
    spoil(tmp_path / "student")
    done = grader(tiny, "template", tmp_path / "student")
    assert done.returncode == 2
    assert "is not empty. Name a folder that is, or a new one." in done.stderr


def test_no_template_is_made_in_the_course(tiny: Path) -> None:
    done = grader(tiny, "template", "exercises/01_double/student")
    assert done.returncode == 2
    assert "is among the course's katas. Name a folder elsewhere." in done.stderr
    assert not (tiny / "exercises/01_double/student").exists()


def test_a_template_is_made_whole_or_not_at_all(tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of the course can't be read, in the middle: nothing is left that a second try would stumble over."""
    made = course.load(tiny)
    monkeypatch.setattr(template, "autograding", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        template.make(made, made.katas, tmp_path / "student")
    assert not (tmp_path / "student").exists()
    assert [path.name for path in tmp_path.iterdir() if "template" in path.name] == []


def test_answers_are_not_given_away(tiny: Path, tmp_path: Path) -> None:
    (tiny / "exercises/02_double/double.py").write_text(answer("2 * number"), encoding="utf-8")
    done = grader(tiny, "template", tmp_path / "student")
    assert done.returncode == 2
    assert "No stub any more: 02_double." in done.stderr
    assert not (tmp_path / "student").exists()
