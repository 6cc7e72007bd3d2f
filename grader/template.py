"""A repository for students: the course without solutions, and without what only its authors need.

`grader/student` holds what students have and the course has not.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from grader import messages
from grader.autograder import SpoilerError, files_below, handed_out
from grader.course import EXERCISES, Course, Kata

AUTOGRADING: Final = ".github/classroom/autograding.json"

_GRADER: Final = Path(__file__).parent
_STUDENT: Final = "student"
_KEPT: Final = (
    ".gitattributes",
    ".github/workflows/classroom.yml",
    ".github/workflows/grade.yml",
    ".gitignore",
    "LICENSE",
    "LICENSE-lessons",
    "docs/glossary.md",
    "docs/learners.md",
    "docs/timeline.md",
    "requirements.lock",
)
"""Files of the course that students have too, where it has them."""

_TABLES: Final = ("build-system", "project", "project.scripts", "tool.flit.module", "tool.pytest")
_MINUTES: Final = 10


class TemplateError(Exception):
    """The repository can't be made; the text is a sentence."""


def make(course: Course, katas: Sequence[Kata], target: Path) -> None:
    """Write a student repository with `katas` to the folder `target`, all of it or nothing.

    Raises:
        TemplateError: if there is something in `target`, it is in the course, or a kata's file is no stub any more.
        OSError: if it can't be written.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise TemplateError(messages.target_not_empty(target))
    try:
        given = handed_out(katas)
    except SpoilerError as error:
        raise TemplateError(str(error)) from error
    whole = target.resolve()
    if whole.is_relative_to((course.root / EXERCISES).resolve()):
        raise TemplateError(messages.target_in_the_course(target))
    whole.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=whole.parent, prefix=".template-") as beside:
        made = Path(beside, "new")
        for name, data in _files(course, katas, given):
            path = made / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        if target.exists():
            whole.rmdir()  # it is empty, and Windows puts nothing in its place
        made.rename(whole)


def autograding(katas: Sequence[Kata]) -> bytes:
    """Return the tests of GitHub Classroom's first grader: one a kata, all of its points or none."""
    install = "python3 -m venv .venv && .venv/bin/python -m pip install --quiet --requirement requirements.lock"
    tests: list[dict[str, Any]] = [
        {
            "name": kata.name,
            "setup": "" if number else install,
            "run": f".venv/bin/python -m grader run {kata.name}",
            "input": "",
            "output": "",
            "comparison": "included",
            "timeout": _MINUTES,
            "points": kata.points,
        }
        for number, kata in enumerate(katas)
    ]
    return (json.dumps({"tests": tests}, indent=2) + "\n").encode()


def _files(course: Course, katas: Sequence[Kata], given: Mapping[str, Path]) -> Iterator[tuple[str, bytes]]:
    """Yield path and content of each file of the repository: of what is `given` to others anyway, and students' own."""
    for name, path in (*files_below(_GRADER / _STUDENT), *given.items()):
        yield name, path.read_bytes()
    for name in _KEPT:
        if (course.root / name).is_file():
            yield name, (course.root / name).read_bytes()
    settings = (course.root / "pyproject.toml").read_text(encoding="utf-8")
    yield "pyproject.toml", _settings(settings).encode()
    yield AUTOGRADING, autograding(katas)


def _settings(text: str) -> str:
    """Return the tables of pyproject.toml that the grader and pytest read; there are no tests but the katas' checks."""
    tables = re.split(r"^(?=\[)", text, flags=re.MULTILINE)
    kept = [table for table in tables if table.startswith(tuple(f"[{name}]" for name in _TABLES))]
    return "".join(kept).replace('testpaths = ["tests"]', f'testpaths = ["{EXERCISES}"]').rstrip() + "\n"
