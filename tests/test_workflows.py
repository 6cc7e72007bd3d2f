"""The workflows that grade, rehearsed: their text is carried out, on requests and pushes of all sorts."""

from __future__ import annotations

import base64
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from grader import course, template
from grader.sandbox.survey import survey
from tests import tiny_course
from tests.rehearsal import Done, Rehearsal, commit, git, job, needs_posix, workflow
from tests.tiny_course import answer

pytestmark = pytest.mark.skipif(not needs_posix, reason="the workflows are for Linux")

ROOT = Path(__file__).parents[1]
DOUBLE = "exercises/01_double/double.py"
COUNTER = "exercises/30_counter/counter.py"
RIGHT = answer("2 * number")
WRONG = answer("number ** 2")
SAYS_YES = '''\
"""Checks that ask nothing."""


def test_doubles(learner):
    """All is well."""


def test_doubles_nothing(learner):
    """All is well."""
'''
CHEAT = """\
import os
os._exit(0)
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository of the real grader with two katas, one of them tiny; nothing in it is answered."""
    root = tmp_path_factory.mktemp("server") / "origin"
    whole = course.load(ROOT)
    template.make(whole, whole.find(["counter"]), root)
    for path, text in tiny_course.kata("01_double").items():
        if path.startswith("exercises/"):
            write(root, path, text)
    git(root.parent, "init", "--quiet", "--initial-branch=main", str(root))
    commit(root)
    return root


@dataclass
class Request:
    """A branch of a clone of the server's repository, to change and then to hand in."""

    origin: Path
    place: Path

    def grade(self, *, by_hand: bool = False, as_written: bool = False) -> Done:
        """Hand in what is in the folder now, and let ``grade.yml`` grade it; the base has gone on meanwhile."""
        head = commit(self.origin)
        git(self.origin, "checkout", "--quiet", "main")
        write(self.origin, "exercises/30_counter/hints.md", "# Hints\n")
        base = commit(self.origin)
        event = {"github.event.pull_request.base.sha": base, "github.event.pull_request.head.sha": head}
        if by_hand:
            event = {"github.sha": head}
        return Rehearsal(self.place, self.origin, event, as_written=as_written).carry_out("grade.yml")

    def push(self) -> Done:
        """Push what is in the folder now, and let ``classroom.yml`` grade it."""
        event = {"github.sha": commit(self.origin)}
        return Rehearsal(self.place, self.origin, event).carry_out("classroom.yml")


@pytest.fixture
def request_(server: Path, tmp_path: Path) -> Request:
    git(server, "clone", "--quiet", str(server), str(tmp_path / "origin"))
    git(tmp_path / "origin", "checkout", "--quiet", "-b", "mine")
    return Request(tmp_path / "origin", tmp_path / "machine")


def write(root: Path, path: str, text: str) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text, encoding="utf-8")


def result(done: Done) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((done.kept / "result.json").read_bytes())
    return found


def statuses(done: Done) -> dict[str, str]:
    return {kata["kata"]: kata["status"] for kata in result(done)["katas"]}


# --- pull requests


def test_a_good_request_passes(request_: Request) -> None:
    write(request_.origin, DOUBLE, RIGHT)
    done = request_.grade()
    assert (done.code, done.said) == (0, [])
    assert done.summary.startswith("## 3 of 3 points\n")
    assert statuses(done) == {"01_double": "passed"}
    assert {path.name for path in done.kept.iterdir()} == {"result.json", "junit.xml", "report.html"}


def test_a_wrong_request_fails_at_its_own_lines(request_: Request) -> None:
    text = min((ROOT / "solutions/30_counter/wrong").glob("*.py")).read_text(encoding="utf-8")
    write(request_.origin, COUNTER, text)
    write(request_.origin, DOUBLE, WRONG)
    done = request_.grade()
    assert done.code == 1
    assert {command.name for command in done.said} == {"error"}
    assert {command.properties["file"] for command in done.said} == {COUNTER, DOUBLE}
    lines = {command.properties["line"] for command in done.said if command.properties["file"] == COUNTER}
    assert all(0 < int(line) <= text.count("\n") for line in lines)
    assert "double(3) gave 9, twice 3 is 6." in done.summary
    assert f"## {result(done)['score']} of 13 points\n" in done.summary
    assert statuses(done) == {"01_double": "failed", "30_counter": "failed"}


def test_what_else_a_request_changes_counts_for_nothing(request_: Request) -> None:
    """Checks, workflow, grader, lock, settings, and files that Python and pytest would load by themselves."""
    write(request_.origin, DOUBLE, WRONG)
    write(request_.origin, "exercises/01_double/test_double.py", SAYS_YES)
    write(request_.origin, "exercises/01_double/kata.toml", tiny_course.KATA_TOML.replace("points = 3", "points = 900"))
    write(request_.origin, "requirements.lock", "evil==1\n")
    write(request_.origin, "pyproject.toml", "[tool.pytest]\naddopts = ['--collect-only']\n")
    for path in (
        *("conftest.py", "exercises/conftest.py", "exercises/01_double/conftest.py", "sitecustomize.py", "pytest.py"),
        *("grader/__init__.py", "grader/__main__.py", "grader/verdict.py", ".github/workflows/grade.yml"),
    ):
        write(request_.origin, path, CHEAT)
    done = request_.grade()
    assert done.code == 1
    assert done.summary.startswith("## 2 of 3 points\n")
    assert statuses(done) == {"01_double": "failed"}


def test_links_are_not_followed(request_: Request) -> None:
    """Neither from a file nor from a folder, to what lies beside the checkout there or anywhere."""
    shutil.rmtree((request_.origin / DOUBLE).parent)
    (request_.origin / DOUBLE).parent.symlink_to("../../base/exercises/01_double")
    (request_.origin / COUNTER).unlink()
    (request_.origin / COUNTER).symlink_to("/etc/hostname")
    done = request_.grade()
    assert done.code == 1
    assert statuses(done) == {"01_double": "crashed", "30_counter": "crashed"}
    assert "link" in done.summary
    assert result(done)["score"] == 0


def test_files_under_other_names_are_no_answers(request_: Request) -> None:
    """A kata's answer under another name, and a kata that the base does not have."""
    write(request_.origin, "exercises/01_double/my_double.py", RIGHT)
    for path, text in tiny_course.kata("02_easy").items():
        write(request_.origin, path, text)
    done = request_.grade()
    assert done.code == 1
    assert statuses(done) == {"01_double": "not started"}
    assert done.summary.startswith("## 0 of 3 points\n")


def test_a_renamed_folder_is_no_answer_and_the_summary_says_what_is_missing(request_: Request) -> None:
    (request_.origin / "exercises/01_double").rename(request_.origin / "exercises/01_doubled")
    done = request_.grade()
    assert done.code == 1
    assert "01_double: There is no 01_double in ../head." in done.summary


def test_what_a_request_renames_or_removes_is_told_beside_what_passes(request_: Request) -> None:
    write(request_.origin, DOUBLE, RIGHT)
    (request_.origin / "exercises/30_counter").rename(request_.origin / "exercises/30_Counter")
    done = request_.grade()
    assert done.code == 0, "all that was tried passed"
    assert statuses(done) == {"01_double": "passed", "30_counter": "not started"}
    assert [(command.name, command.properties["title"]) for command in done.said] == [
        ("warning", "30_counter: not started")
    ]
    told = "There is no 30_counter in ../head. The folder 30_Counter is of no kata"
    assert done.said[0].data.startswith(told)
    assert f"30_counter: {told}" in done.summary


def test_a_request_that_changes_no_answer_passes_and_says_so(request_: Request) -> None:
    write(request_.origin, "README.md", "# Mine\n")
    write(request_.origin, "exercises/01_double/README.md", "# Mine\n")
    done = request_.grade()
    assert done.code == 0
    assert [(command.name, command.data[:45]) for command in done.said] == [
        ("notice", "Nothing to grade: no answer differs from " + git(request_.origin, "rev-parse", "main")[:4])
    ]
    assert done.summary.startswith("## Nothing to grade\n")
    assert list(done.kept.iterdir()) == []


def test_by_hand_all_is_graded(request_: Request) -> None:
    write(request_.origin, DOUBLE, RIGHT)
    done = request_.grade(by_hand=True)
    assert done.code == 0
    assert statuses(done) == {"01_double": "passed", "30_counter": "not started"}


def test_commands_that_an_answer_prints_are_not_carried_out(request_: Request) -> None:
    printed = "print('::error::mine\\r::notice::mine\\n##[error]mine', flush=True)"
    write(request_.origin, DOUBLE, f"def double(number):\n    {printed}\n    return number ** 2\n")
    done = request_.grade()
    assert done.code == 1
    assert "mine" in done.log
    assert [command.data for command in done.said if "mine" in command.data.split()] == []


@pytest.mark.skipif(survey().tier == "A", reason="here is what it requires")
def test_where_answers_can_not_be_kept_in_nothing_is_graded(request_: Request) -> None:
    write(request_.origin, DOUBLE, RIGHT)
    done = request_.grade(as_written=True)
    assert done.code == 3
    assert "Nothing was graded." in done.log
    assert (done.summary, list(done.kept.iterdir())) == ("", [])


# --- GitHub Classroom


def test_a_push_tells_its_points_as_github_classroom_did(request_: Request) -> None:
    write(request_.origin, DOUBLE, WRONG)
    done = request_.push()
    assert done.code == 1
    notices = [(command.properties["title"], command.data) for command in done.said if command.name == "notice"]
    assert notices == [
        ("Autograding complete", "Points 2/13"),
        ("Autograding report", '{"totalPoints":2,"maxPoints":13}'),
    ]
    name, _, value = done.output.rstrip("\n").partition("=")
    told = json.loads(base64.b64decode(value, validate=True))
    assert name == "result"
    assert told == json.loads((done.kept / "classroom.json").read_bytes())
    assert told["max_score"] == 13
    assert sum(test["score"] for test in told["tests"]) == 2


def test_a_push_that_passes_is_green(request_: Request) -> None:
    write(request_.origin, DOUBLE, RIGHT)
    done = request_.push()
    assert done.code == 0
    assert done.summary.startswith("## 3 of ")


def test_the_course_itself_is_not_graded_as_a_students_repository(request_: Request) -> None:
    write(request_.origin, "solutions/01_double/double.py", RIGHT)
    done = request_.push()
    assert (done.code, done.log, done.output) == (0, "", "")
    assert not done.kept.exists()


# --- what they say of themselves


@pytest.mark.parametrize("name", ["grade.yml", "classroom.yml"])
def test_they_may_read_and_nothing_else(name: str) -> None:
    said = workflow(name)
    assert said["permissions"] == {}
    assert job(name)["permissions"] == {"contents": "read"}
    assert job(name)["timeout-minutes"] <= 20
    assert said["concurrency"]["cancel-in-progress"] is True
    assert set(said["on"]) <= {"pull_request", "push", "workflow_dispatch"}
    assert "secrets" not in str(said)
    assert "cache" not in str(said)
