"""Which check of a kata is drawn, and what there is of it to draw."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from msgspec.structs import replace

from grader import lanes, stories
from grader.excerpts import rows_of
from grader.printable import clean, line
from grader.timeline import messages
from grader.verdict import Check, Event, Status, Verdict

MAX_LINES: Final = 24
"""Lines of source beside a picture."""

_BAD: Final = (Status.GRADER_ERROR, Status.CRASHED, Status.TIMED_OUT, Status.FAILED)
_ENDED: Final = (Status.GRADER_ERROR, Status.CRASHED, Status.TIMED_OUT)
"""What becomes of a check whose answer came to no end of its own: why it did not is why there is no picture."""
_UNSEEN: Final = (Status.NOT_STARTED, Status.NOT_HERE, Status.NOT_RUN)
_EDGES: Final = frozenset({"start", "end"})
_MAX_ROW: Final = 200
_PROBES: Final = "probes.py"
_DEEDS: Final = frozenset({"acquire", "release", "note"})
"""What is done at a moment, and does not change whether one runs."""


class NothingToDrawError(ValueError):
    """No check tells what threads or processes did, or not the one that is asked for; the text says why."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of source, with a `text` and a `place` fit to be shown."""

    file: str
    number: int
    text: str

    @property
    def place(self) -> str:
        """File and number, as sentences below a picture name them."""
        name = re.split(r"[/\\]", self.file)[-1]
        return f"{line(name, 40)}:{self.number}"


@dataclass(frozen=True, slots=True)
class Scene:
    """A check that is drawn.

    Attributes:
        kata: its kata's name.
        check: as it was judged. Its texts are the answer's, and not cleaned.
        events: what was done in it, in time; at least one.
        by_steps: whether the order counts and not the time, as in a schedule.
        lines: of the source, those that events name, each once; in the order of files and numbers.
        others: names of the kata's other checks that can be drawn, as far as that is known.
        undrawn: which checks did not pass and have no picture, where this one passed and was not asked for; else "".
    """

    kata: str
    check: Check
    events: tuple[Event, ...]
    by_steps: bool
    lines: tuple[Line, ...]
    others: tuple[str, ...]
    undrawn: str = ""

    @property
    def heading(self) -> str:
        """Which check it is and what came of it, in one line."""
        return line(f"{self.kata} {self.check.name}: {self.check.status}", 300)

    @property
    def title(self) -> str:
        """What the check wants, in one line."""
        return line(self.check.title or self.check.name, 300)

    @property
    def fault(self) -> str:
        """What was wrong, in one line; ``""`` if nothing was."""
        return line(self.check.message.partition("\n")[0], 600) if self.check.status in _BAD else ""

    @property
    def which(self) -> str:
        """Which schedule it is that is drawn, of those that were explored; ``""`` if none were."""
        if not self.by_steps:
            return ""
        if self.check.status in _BAD:
            story = stories.read(self.check.story)
            return messages.goes_wrong(story.collision if story is not None else "")
        return line(messages.one_of(self.check.schedules), 300)

    def source(self, event: Event) -> str:
        """Return the line of source at which `event` happened; ``""`` if that is not known."""
        found = (line.text for line in self.lines if (line.file, line.number) == (event.file, event.line))
        return next(found, "")


def choose(verdict: Verdict, files: Mapping[str, bytes], name: str = "") -> Scene:
    """Return the check of `verdict` that tells most: one that did not pass before others, more lanes before fewer.

    Args:
        verdict: of one kata.
        files: of the answer, as far as they are known.
        name: of the check to draw in place of that; a part of it will do.

    Raises:
        NothingToDrawError: if there is none.
    """
    told = {check.name: found for check in verdict.checks if (found := _events(check))}
    wanted = [check for check in verdict.checks if name in check.name]
    exact = [check for check in wanted if check.name == name]
    drawable = [check for check in exact or wanted if check.name in told]
    if not drawable:
        raise NothingToDrawError(_reason(verdict, name, wanted))
    check = max(drawable, key=lambda one: _rank(one, told[one.name]))
    events = told[check.name]
    left = [one.name for one in verdict.checks if one.status is Status.NOT_RUN and one.name not in told]
    others = tuple(line(other) for other in (*told, *left) if other != check.name)
    lines = tuple(_lines(check, events, files))
    by_steps = bool(stories.events(check.story)) or _is_chosen(events)
    bad = [] if name or check.status in _BAD else [f"{line(one.name)} ({one.status})" for one in _bad(verdict)]
    return Scene(verdict.kata, check, events, by_steps, lines, others, messages.undrawn(bad) if bad else "")


def _bad(verdict: Verdict) -> list[Check]:
    return [check for check in verdict.checks if check.status in _BAD]


def _events(check: Check) -> tuple[Event, ...]:
    """Return what was done in `check`, if that is more than that one thread began and ended."""
    every = lanes.ordered(stories.events(check.story) or check.timeline)
    events = tuple(_told(event) for event in every if not (_is_the_courses(event) and event.what in _DEEDS))
    tells = len({event.lane for event in events}) > 1 or {event.what for event in events} - _EDGES
    return events if tells else ()


def _is_the_courses(event: Event) -> bool:
    return re.split(r"[/\\]", event.file)[-1] == _PROBES


def _told(event: Event) -> Event:
    """Return `event`, without the place if that is in the course's own code, which is no part of the answer."""
    if not _is_the_courses(event):
        return event
    detail = messages.OF_THE_CHECK if _PROBES in event.detail else event.detail
    return replace(event, detail=detail, file="", line=0)


def _is_chosen(events: tuple[Event, ...]) -> bool:
    """Return whether this is what was done under a chosen schedule: only there it is known who could have gone on."""
    return any(event.what == "ready" for event in events)


def _rank(check: Check, events: tuple[Event, ...]) -> tuple[bool, bool, bool, bool, int]:
    states = {event.what for event in events} - _EDGES
    lanes_there = len({event.lane for event in events})
    return check.status in _BAD, lanes_there > 1, bool(states), lanes_there <= lanes.MAX_LANES, len(events)


def _reason(verdict: Verdict, name: str, wanted: list[Check]) -> str:
    """Say in one sentence why nothing can be drawn."""
    kata = verdict.kata
    if verdict.checks and not wanted:
        return messages.no_such_check(kata, line(name), [line(check.name) for check in verdict.checks])
    if not verdict.checks or verdict.status in _UNSEEN:
        return messages.nothing_of_kata(kata, verdict.status, _first_row(verdict.message) or messages.NOT_RUN)
    ended = next((check for check in wanted if check.status in _ENDED and check.message), None)
    if ended is not None:
        return messages.came_to_no_end(line(ended.name) if name else kata, ended.status, _first_row(ended.message))
    if name:
        return messages.nobody_in_check(line(wanted[0].name), wanted[0].status)
    return messages.nobody_in_kata(kata)


def _first_row(message: str) -> str:
    return line(message.partition("\n")[0], 200)


# --- lines of source


def _lines(check: Check, events: tuple[Event, ...], files: Mapping[str, bytes]) -> Iterator[Line]:
    known = _known_lines(check)
    rows = {file: rows_of(data) for file, data in files.items()}
    places = sorted({(event.file, event.line) for event in events if event.file and event.line > 0})
    for file, number in places[:MAX_LINES]:
        there = rows.get(file, [])
        text = there[number - 1] if number <= len(there) else known.get((file, number), "")
        if text.strip():
            yield Line(file, number, clean(text.expandtabs(8)[:_MAX_ROW]).replace("\n", " ").rstrip())


def _known_lines(check: Check) -> dict[tuple[str, int], str]:
    """Return the lines that the result itself has: of the place that a failure is about, and of a story."""
    known: dict[tuple[str, int], str] = {}
    story = stories.read(check.story)
    for turn in story.turns if story is not None else ():
        known |= {(deed.file, deed.line): deed.text for deed in turn.deeds}
    if check.excerpt is not None:
        first = check.excerpt.first
        known |= {(check.excerpt.file, number): text for number, text in enumerate(check.excerpt.lines, first)}
    return known
