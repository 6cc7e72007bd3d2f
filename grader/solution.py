"""The course's own answer to a kata, and who may see it without being asked."""

from __future__ import annotations

from pathlib import Path

from grader import cells
from grader.course import Course, Kata, hints, require_solutions
from grader.state import State


def hints_seen(state: State, kata: Kata) -> tuple[int, int]:
    """Return how many hints of `kata` were shown, and how many there are.

    After a pass its reference is shown, after all hints it is asked for twice, and before that it is not shown.
    """
    every = len(hints(kata))
    return min(state.hints_shown(kata), every), every


def reference(course: Course, kata: Kata) -> str:
    """Return the course's answer to `kata`, in Markdown.

    Raises:
        CourseError: in a repository for students, which has none.
        OSError: if it can't be read.
    """
    require_solutions(course, "solution")
    return "\n\n".join(_shown(course, kata.solution / name) for name in kata.files)


def _shown(course: Course, path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".ipynb":
        text = "\n\n".join(cells.code(cells.read(text)))
    return f"## {path.relative_to(course.root).as_posix()}\n\n~~~~~python\n{text.rstrip()}\n~~~~~"
