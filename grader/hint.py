"""`hint KATA`: one step more each time. How many were shown is remembered in the clone: see `grader.state`."""

from __future__ import annotations

from grader import state
from grader.course import Course, CourseError, Hint, Kata, hints


def reveal(course: Course, kata: Kata) -> str:
    """Return the next step of `kata`'s hints as Markdown, and remember that it was shown.

    Raises:
        CourseError: if the kata has no hints.
    """
    steps = hints(kata)
    if not steps:
        raise CourseError(kata.hints, "there are no hints in it. Each step has a heading: `## First step`.")
    kept = state.load(course.root)
    number = min(kept.hints_shown(kata), len(steps) - 1)
    unkept = state.note_hint(course.root, kata, number + 1)
    remarks = dict.fromkeys(remark for remark in (kept.remark, unkept) if remark)
    return "\n\n".join([_page(kata, steps, number), *remarks])


def _page(kata: Kata, steps: list[Hint], number: int) -> str:
    title = f"## Hint {number + 1} of {len(steps)}: {steps[number].title}"
    if number + 1 < len(steps):
        more = f"One step more: `python -m grader hint {kata.name[:2]}`"
    else:
        more = "That was the last step; all of them are in hints.md beside the lesson."
    return f"{title}\n\n{steps[number].text}\n\n{more}"
