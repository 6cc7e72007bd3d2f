"""How far a learner is: what is done now, and what is remembered of the way there."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence

from grader import messages
from grader.course import Course, Kata, hints
from grader.state import State
from grader.submission import find

_DAY = datetime.timedelta(days=1)


def done(course: Course, state: State) -> list[Kata]:
    """Return the katas whose answers in the clone have passed, as they lie there now."""
    tried = [kata for kata in course.katas if state.of(kata).passed]
    return [kata for kata in tried if state.done(kata, find(kata, course.root))]


def following(course: Course, state: State) -> Kata | None:
    """Return the first kata that is not done and can be done on this machine; None if there is none."""
    finished = {kata.name for kata in done(course, state)}
    return next((kata for kata in course.katas if kata.name not in finished and not kata.missing_here()), None)


def ungraded(course: Course, state: State) -> list[Kata]:
    """Return the katas with answers in the clone of which no attempt is remembered, as after that was lost."""
    unknown = [kata for kata in course.katas if not state.of(kata).attempts and not kata.missing_here()]
    return [kata for kata in unknown if find(kata, course.root).status is None]


def streak(days: Sequence[datetime.date], today: datetime.date) -> int:
    """Return how many of `days` follow each other up to today, or to yesterday while today is still open."""
    known = set(days)
    last = today if today in known else today - _DAY
    count = 0
    while last - count * _DAY in known:
        count += 1
    return count


def rows(course: Course, state: State, today: datetime.date) -> Iterator[str]:
    """Yield the lines of `stats`."""
    finished = done(course, state)
    gained, most = (sum(kata.points for kata in katas) for katas in (finished, course.katas))
    yield messages.katas_done(len(finished), len(course.katas))
    yield messages.points_gained(gained, most)
    yield messages.days(_days(state.days, today))
    if left := ungraded(course, state):
        yield messages.ungraded([kata.name for kata in left])
    yield messages.attempts(sum(record.attempts for record in state.katas.values()))
    begun = [kata for kata in course.katas if state.of(kata).attempts or state.hints_shown(kata)]
    if begun:
        yield ""
        yield from _table(begun, finished, state)


def _days(days: Sequence[datetime.date], today: datetime.date) -> str:
    row = streak(days, today)
    return messages.last_in_a_row(len(days), row) if row > 1 else str(len(days))


def _table(katas: Sequence[Kata], finished: Sequence[Kata], state: State) -> Iterator[str]:
    room = max(len(kata.name) for kata in katas)
    name, is_done, attempts, hints_shown = messages.COLUMNS_OF_STATS
    yield f"{name:<{room}}  {is_done}  {attempts}  {hints_shown}"
    for kata in katas:
        steps = len(hints(kata))
        shown = messages.hints_shown(min(state.hints_shown(kata), steps), steps)
        mark = messages.YES if kata in finished else ""
        yield f"{kata.name:<{room}}  {mark:<4}  {state.of(kata).attempts:>8}  {shown}"
