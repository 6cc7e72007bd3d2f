"""`hint KATA`: one step more each time. How many were shown is kept in the clone, in ``.grader/hints.json``."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Final

import msgspec

from grader.course import Course, CourseError, Hint, Kata, hints
from grader.report.saving import save

_FOLDER: Final = ".grader"


def reveal(course: Course, kata: Kata) -> str:
    """Return the next step of `kata`'s hints as Markdown, and remember that it was shown.

    Raises:
        CourseError: if the kata has no hints.
    """
    steps = hints(kata)
    if not steps:
        raise CourseError(kata.hints, "there are no hints in it. Each step has a heading: `## First step`.")
    shown = _recall(course.root)
    number = min(shown.get(kata.name, 0), len(steps) - 1)
    kept = _remember(course.root, shown | {kata.name: number + 1})
    return _page(kata, steps, number) + ("" if kept else _UNKEPT)


_UNKEPT: Final = "\n\nThis could not be noted (the folder can't be written): next time it is this step again."


def _page(kata: Kata, steps: list[Hint], number: int) -> str:
    title = f"## Hint {number + 1} of {len(steps)}: {steps[number].title}"
    if number + 1 < len(steps):
        more = f"One step more: `python -m grader hint {kata.name[:2]}`"
    else:
        more = "That was the last step; all of them are in hints.md beside the lesson."
    return f"{title}\n\n{steps[number].text}\n\n{more}"


def _recall(root: Path) -> dict[str, int]:
    """Return how many steps of each kata were shown; nothing is lost but a click where the file is damaged."""
    try:
        found = msgspec.json.decode((root / _FOLDER / "hints.json").read_bytes(), type=dict[str, int])
    except (OSError, ValueError, RecursionError):
        return {}
    return {name: max(0, count) for name, count in found.items()}


def _remember(root: Path, shown: dict[str, int]) -> bool:
    with contextlib.suppress(OSError):
        folder = root / _FOLDER
        folder.mkdir(exist_ok=True)
        if not (folder / ".gitignore").exists():
            save(folder / ".gitignore", b"*\n")
        save(folder / "hints.json", msgspec.json.encode(shown))
        return True
    return False
