"""`hint KATA`: one step more each time. How many were shown is remembered in the clone: see `grader.state`."""

from __future__ import annotations

from grader import messages, state
from grader.course import Course, CourseError, Hint, Kata, hints


class NoSuchHint(Exception):
    """A kata has no hint of a number; the text is a sentence."""


def reveal(course: Course, kata: Kata, asked: int | None = None) -> str:
    """Return the next step of `kata`'s hints as Markdown, or the one that is `asked` for, from 1.

    That it was shown is remembered, unless others before it were not.

    Raises:
        CourseError: if the kata has no hints.
        NoSuchHint: if there is none of that number.
    """
    steps = hints(kata)
    if not steps:
        raise CourseError(kata.hints, messages.NO_HINTS)
    if asked is not None and not 1 <= asked <= len(steps):
        raise NoSuchHint(messages.no_such_hint(kata.name, len(steps), asked))
    kept = state.load(course.root)
    shown = kept.hints_shown(kata)
    number = min(shown, len(steps) - 1) if asked is None else asked - 1
    unkept = state.note_hint(course.root, kata, number + 1) if number <= shown else ""
    remarks = dict.fromkeys(remark for remark in (kept.remark, unkept) if remark)
    return "\n\n".join([_page(kata, steps, number), *remarks])


def _page(kata: Kata, steps: list[Hint], number: int) -> str:
    title = messages.hint_title(number + 1, len(steps), steps[number].title)
    more = messages.more_hints(kata.name) if number + 1 < len(steps) else messages.LAST_HINT
    return f"{title}\n\n{steps[number].text}\n\n{more}"
