"""`check`: the authors' proof that katas are complete and that their checks tell right from wrong.

Every answer goes through the very call that grades learners: the stub must fail each check, the reference pass
each, and each wrong answer fail in the check that its docstring names.
"""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from grader import cells, messages
from grader import course as courses
from grader.course import Course, CourseError, Kata
from grader.grading import Options, grade
from grader.submission import Answer, read
from grader.verdict import FAILURES, Check, Status, Verdict

MIN_HINTS: Final = 2
MIN_WRONG: Final = 3

_NAMES: Final = re.compile(r"^\s*Fails:\s*(\w+(?:\s*,\s*\w+)*)\.?\s*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that the author of a kata has to mend, and how."""

    place: str
    message: str

    def __str__(self) -> str:
        first, *more = self.message.rstrip().split("\n")
        return "\n".join([f"{self.place}: {first}", *(f"  | {row}" for row in more)])


@dataclass(frozen=True, slots=True)
class _Wrong:
    """A wrong answer and the checks that it says it fails."""

    path: Path
    place: str
    names: tuple[str, ...]
    answer: Answer


class _Silent:
    """Listens to nothing: what `check` tells is not how far a round is."""

    def planned(self, kata: str, count: int) -> None:
        """Ignore."""

    def check(self, kata: str, check: Check) -> None:
        """Ignore."""

    def verdict(self, verdict: Verdict) -> None:
        """Ignore."""

    def waits(self, sentence: str) -> None:
        """Ignore."""


def prove(course: Course, katas: Sequence[Kata], tell: Callable[[str], object]) -> list[Fault]:
    """Return the faults of `katas`, and `tell` before each round what is tried.

    Raises:
        KeyboardInterrupt: if it is interrupted; there is no proof then.
    """
    faults = _stray_folders(course)
    whole = []
    for kata in katas:
        faults += _shape(course, kata)
        unreadable = list(_checks(course, kata))
        faults += unreadable
        lacking = kata.missing_here()
        if lacking:
            tell(messages.not_tried(kata.name, lacking))
        elif not unreadable and not courses.missing(kata):
            whole.append(kata)
    faults += _prove_references(course, whole, tell)
    faults += _prove_stubs(course, whole, tell)
    return faults + _prove_wrong_answers(course, whole, tell)


def _stray_folders(course: Course) -> list[Fault]:
    return [Fault(_place(course, path), messages.NO_KATAS_FOLDER) for path in courses.stray_folders(course)]


def _shape(course: Course, kata: Kata) -> Iterator[Fault]:
    """Yield what can be seen without running anything."""
    for path in courses.missing(kata):
        yield Fault(_place(course, path), messages.MISSING)
    for path in courses.strays(kata):
        yield Fault(_place(course, path), messages.STRAY)
    if kata.lesson.is_file() and not courses.lesson(kata).strip():
        yield Fault(_place(course, kata.lesson), messages.EMPTY_LESSON)
    if kata.hints.is_file():
        yield from _hints(course, kata)
    yield from _unwritten(course, kata)
    wrong = len(kata.wrong_answers())
    if wrong < MIN_WRONG:
        place = _place(course, kata.solution / "wrong")
        yield Fault(place, messages.few_wrong_answers(wrong, MIN_WRONG))


def _unwritten(course: Course, kata: Kata) -> Iterator[Fault]:
    """Yield which sentences of the template of a new kata are still there."""
    files = [folder / name for folder in (kata.folder, kata.solution) for name in kata.files]
    for path in [*files, kata.test_file]:
        text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
        rows = enumerate(text.splitlines(), 1)
        for number, row in rows:
            for sentence in messages.ASKED_OF_AUTHORS:
                if sentence in row:
                    yield Fault(f"{_place(course, path)}:{number}", messages.of_the_template(sentence))


def _checks(course: Course, kata: Kata) -> Iterator[Fault]:
    """Yield what is wrong with the list of the kata's checks."""
    place = _place(course, kata.test_file)
    try:
        points = sum(planned.points for planned in courses.checks(kata))
    except CourseError as error:
        yield Fault(f"{place}:{error.line}" if error.line else place, error.message)
        return
    if points != kata.points:
        yield Fault(place, messages.points_differ(points, kata.points))


def _hints(course: Course, kata: Kata) -> Iterator[Fault]:
    steps = courses.hints(kata)
    place = _place(course, kata.hints)
    if len(steps) < MIN_HINTS:
        yield Fault(place, messages.few_hints(len(steps), MIN_HINTS))
    for step in steps:
        if not step.text:
            yield Fault(place, messages.empty_hint(step.title))
    yield from _fits(course, kata, [name for step in steps for name in step.fits])


def _fits(course: Course, kata: Kata, named: list[str]) -> Iterator[Fault]:
    """Yield which checks are not pointed to one hint."""
    place = _place(course, kata.hints)
    try:
        names = [planned.name for planned in courses.checks(kata)]
    except CourseError:
        return  # `_checks` says it
    known = {*names, *(f"{name} {status}" for name in names for status in FAILURES)}
    for name in dict.fromkeys(named):
        if name not in known:
            yield Fault(place, messages.fits_no_check(name))
        elif named.count(name) > 1:
            yield Fault(place, messages.many_fit(named.count(name), name))
    left = [name for name in names if name not in named]
    if left:
        yield Fault(place, messages.none_fits(left))


def _prove_references(course: Course, katas: list[Kata], tell: Callable[[str], object]) -> list[Fault]:
    tell(messages.references(len(katas)))
    answers = {kata.name: read(kata, kata.solution) for kata in katas}
    verdicts = _graded(katas, answers)
    return [fault for kata in katas for fault in _reference(course, kata, answers[kata.name], verdicts[kata.name])]


def _reference(course: Course, kata: Kata, answer: Answer, verdict: Verdict) -> Iterator[Fault]:
    place = _place(course, kata.solution)
    if answer.status is not None:
        yield Fault(place, messages.reference_unjudged(answer.status, answer.message))
        return
    for check in verdict.checks:
        if check.status is not Status.PASSED:
            yield Fault(place, messages.reference_fails(check.name, check.status, _told(check.message)))


def _prove_stubs(course: Course, katas: list[Kata], tell: Callable[[str], object]) -> list[Fault]:
    tell(messages.stubs(len(katas)))
    answers = {kata.name: read(kata, kata.folder) for kata in katas}
    faults = [fault for kata in katas for fault in _not_started(course, kata, answers[kata.name])]
    judged = {name: replace(answer, status=None, message="") for name, answer in answers.items() if answer.files}
    tried = [kata for kata in katas if kata.name in judged]
    verdicts = _graded(tried, judged)
    return faults + [fault for kata in tried for fault in _stub(course, kata, verdicts[kata.name])]


def _not_started(course: Course, kata: Kata, answer: Answer) -> Iterator[Fault]:
    if answer.status is Status.NOT_STARTED:
        return
    place = _place(course, kata.folder / kata.files[0])
    yield Fault(place, messages.stub_counts(answer.message or messages.HOW_A_STUB_IS_KNOWN))


def _stub(course: Course, kata: Kata, verdict: Verdict) -> Iterator[Fault]:
    for check in verdict.checks:
        if check.status not in FAILURES:
            message = messages.stub_passes(check.name, check.status, _told(check.message))
            yield Fault(_place(course, kata.test_file), message)


def _prove_wrong_answers(course: Course, katas: list[Kata], tell: Callable[[str], object]) -> list[Fault]:
    """Try each wrong answer, as a kata of its own name, in the checks that it names.

    One that does not fail there is tried in all, to tell its author where it does.
    """
    wrong = [(kata, _wrong(course, kata, path)) for kata in katas for path in kata.wrong_answers()]
    tell(messages.wrong_answers(len(wrong)))
    tried = {f"{kata.name}.{one.path.stem}": (kata, one) for kata, one in wrong}
    named = {name: frozenset(one.names) for name, (_, one) in tried.items()}
    verdicts = _graded_wrong(tried, Options(checks=named, cpu_at_once=os.cpu_count() or 1))
    missed = {name: pair for name, pair in tried.items() if list(_misses(*pair, verdicts[name]))}
    verdicts |= _graded_wrong(missed, Options())
    return [fault for name in missed for fault in _misses(*tried[name], verdicts[name])]


def _graded_wrong(tried: Mapping[str, tuple[Kata, _Wrong]], options: Options) -> dict[str, Verdict]:
    katas = [replace(kata, name=name) for name, (kata, _) in tried.items()]
    return _graded(katas, {name: one.answer for name, (_, one) in tried.items()}, options)


def _misses(kata: Kata, wrong: _Wrong, verdict: Verdict) -> Iterator[Fault]:
    if wrong.answer.status is not None:
        yield Fault(wrong.place, messages.wrong_unjudged(wrong.answer.status, wrong.answer.message))
        return
    if not wrong.names:
        yield Fault(wrong.place, messages.NAMES_NO_CHECK)
    for name in wrong.names:
        check = next((check for check in verdict.checks if check.name == name), None)
        if check is None:
            yield Fault(wrong.place, messages.fails_no_check(name, kata.test_file.name))
        elif check.status not in FAILURES:
            failing = [other.name for other in verdict.checks if other.status in FAILURES]
            yield Fault(wrong.place, messages.wrong_passes(name, check.status, failing, _told(check.message)))
        elif not check.message.strip():
            yield Fault(wrong.place, messages.fails_silently(name))


def _wrong(course: Course, kata: Kata, path: Path) -> _Wrong:
    file = path / kata.files[0] if path.is_dir() else path
    answer = read(kata, path)
    found = _NAMES.search(_docstring(file))
    names = tuple(name.strip() for name in found[1].split(",")) if found else ()
    return _Wrong(path, _place(course, path), names, answer)


def _docstring(path: Path) -> str:
    """Return the docstring of a Python file, or the text that a notebook begins with."""
    try:
        if path.suffix == ".ipynb":
            return cells.opening(cells.read(path.read_text(encoding="utf-8")))
        return ast.get_docstring(ast.parse(path.read_bytes())) or ""
    except (OSError, SyntaxError, ValueError):
        return ""  # the answer's own message says what is the matter


def _graded(katas: list[Kata], answers: Mapping[str, Answer], options: Options | None = None) -> dict[str, Verdict]:
    if not katas:
        return {}
    result = grade(katas, answers, options or Options(), _Silent())
    if result.interrupted:
        raise KeyboardInterrupt
    return {verdict.kata: verdict for verdict in result.katas}


def _told(message: str) -> str:
    """Return the first line of a message, as a quotation."""
    first = message.strip().partition("\n")[0]
    return messages.it_says(first) if first else ""


def _place(course: Course, path: Path) -> str:
    return path.relative_to(course.root).as_posix()
