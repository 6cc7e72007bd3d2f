"""What watch does for the learner besides judging; each deed returns what has happened by it."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from grader import state, stats, stub
from grader.course import SOLUTIONS, Course, CourseError, Kata, checks, fitting, hints, lesson
from grader.editor import EditorError, open_files
from grader.hint import NoSuchHint, reveal
from grader.solution import reference
from grader.submission import Answer, written
from grader.verdict import Verdict
from grader.watch import messages
from grader.watch.model import Entry, Event, Known, Page, Said, Shown


def entries(course: Course) -> tuple[tuple[Entry, ...], str]:
    """Return the katas of `course` as the list shows them, and a sentence if something is wrong with what is kept."""
    kept = state.load(course.root)
    done = stats.done(course, kept)
    return tuple(_entry(kata, done=kata in done) for kata in course.katas), kept.remark


def _entry(kata: Kata, *, done: bool) -> Entry:
    """Return what the list shows of `kata`; one that its author has not completed keeps nobody from the others."""
    try:
        return Entry(kata, checks(kata), done, kata.missing_here(), fitting(kata))
    except CourseError as error:
        return Entry(kata, (), done, messages.incomplete(error.message))


def survey(course: Course) -> Sequence[Event]:
    """Find out which katas are done, and how many hints were seen."""
    kept = state.load(course.root)
    known = Known(
        done=frozenset(kata.name for kata in stats.done(course, kept)),
        passed=frozenset(kata.name for kata in course.katas if kept.of(kata).passed),
        hints_seen={kata.name: kept.hints_shown(kata) for kata in course.katas},
        hints={kata.name: _steps(kata) for kata in course.katas},
        references=(course.root / SOLUTIONS).is_dir(),
        tried=frozenset(kata.name for kata in course.katas if kept.of(kata).attempts),
    )
    return [known, Said(kept.remark)] if kept.remark else [known]


def _steps(kata: Kata) -> int:
    """Return how many hints there are; none, where they can't be read."""
    try:
        return len(hints(kata))
    except CourseError:
        return 0


def note(course: Course, verdict: Verdict, answer: Answer) -> str:
    """Remember what came of an answer; return a sentence if something is wrong with what is kept."""
    today = datetime.datetime.now().astimezone().date()
    return state.note_attempts(course.root, [verdict], {verdict.kata: answer}, today)


def show_hint(course: Course, kata: Kata, number: int | None, seen: int = 0) -> Sequence[Event]:
    """Show the hint of this number, or the next one after those that were `seen`, here or elsewhere."""
    if gone := _folder_gone(kata):
        return gone
    kept = state.load(course.root)
    seen = max(seen, kept.hints_shown(kata))
    asked = min(seen + 1, _steps(kata)) if number is None else number
    try:
        text = reveal(course, kata, asked or None)
    except (CourseError, NoSuchHint) as error:
        return [Said(str(error))]
    page = Page("hint", "", _COMMAND.sub("h", text), markdown=True)
    known = _seen(survey(course), kata, max(seen, asked if asked <= seen + 1 else 0))
    return [Shown(page), *known, *([Said(kept.remark)] if kept.remark else [])]


def _seen(told: Sequence[Event], kata: Kata, number: int) -> Iterator[Event]:
    """Yield what is `told`, with so many hints of `kata` seen, whether or not that could be kept."""
    for event in told:
        yield replace(event, hints_seen={**event.hints_seen, kata.name: number}) if isinstance(event, Known) else event


_COMMAND: Final = re.compile(r"`python -m grader hint [^`]*`")
"""What is typed for the next hint elsewhere, and is a key here."""


def show_lesson(kata: Kata) -> Sequence[Event]:
    """Show the lesson."""
    try:
        return [Shown(Page("lesson", "", lesson(kata), markdown=True))]
    except CourseError as error:
        return [Said(str(error))]


def show_reference(course: Course, kata: Kata) -> Sequence[Event]:
    """Show the reference."""
    try:
        text = reference(course, kata)
    except CourseError as error:
        return [Said(str(error))]
    except OSError as error:
        return [Said(messages.unwritten(_reason(error)))]
    return [Shown(Page("reference", "", text, markdown=True))]


def reset(course: Course, kata: Kata) -> Sequence[Event]:
    """Put the stub back; what was there is kept beside it."""
    if gone := _folder_gone(kata):
        return gone
    try:
        files = stub.original(course, kata)
        names = stub.changed(kata, files)
        if not names:
            return [Said(messages.AT_THE_BEGINNING)]
        return [Said(messages.put_back(names, stub.put_back(kata, files)), about_files=True)]
    except stub.StubError as error:
        return [Said(str(error))]
    except OSError as error:
        return [Said(messages.unwritten(_reason(error)))]


def missing(kata: Kata) -> Sequence[Event]:
    """Say which files of the answer are not there; nothing, where all are."""
    if gone := _folder_gone(kata):
        return gone
    lost = [path.name for path in written(kata) if not path.is_file()]
    return [Said(messages.lost(lost))] if lost else []


def _folder_gone(kata: Kata) -> Sequence[Event]:
    """Say that the kata's folder is not there; nothing, where it is."""
    return [] if kata.folder.is_dir() else [Said(messages.no_folder(kata.folder))]


def edit_here(kata: Kata) -> Sequence[Event]:
    """Open the answer in an editor that has the terminal until it ends."""
    try:
        open_files(written(kata))
    except EditorError as error:
        return [Said(str(error))]
    return []


def _reason(error: OSError) -> str:
    return f"{error.filename}: {error.strerror}" if error.filename else str(error.strerror or error)
