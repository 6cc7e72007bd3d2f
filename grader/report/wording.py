"""What is told of a result in every format: plain text of bounded length that acts on nothing that shows it.

The sentences are in `grader.report.messages`. Text that came from an answer is cleaned here once (see
`grader.printable`). A format that renders text, as HTML or Markdown, still has to escape it for that.
"""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterator
from typing import Any, Final

import msgspec

from grader import lanes
from grader.printable import clean, line
from grader.report import messages
from grader.verdict import Check, Event, Result, Status, Verdict

_MESSAGE: Final = 8_000
_OUTPUT: Final = 4_000
_SHORT: Final = 500


def counted(result: Result) -> list[tuple[Verdict, Check]]:
    """Return the checks that count in the score, each with its kata."""
    return [(kata, check) for kata in result.katas for check in kata.checks if check.status.counts]


def points(result: Result) -> tuple[int, int]:
    """Return the points of `result`, and how many there are. All formats say these two numbers."""
    each = [points_of(kata) for kata in result.katas]
    return sum(gained for gained, _ in each), sum(most for _, most in each)


def points_of(kata: Verdict) -> tuple[int, int]:
    """Return the points of one kata, and how many there are."""
    checks = [check for check in kata.checks if check.status.counts]
    return sum(check.points for check in checks), sum(check.max_points for check in checks)


def full(check: Check) -> bool:
    """Whether a check gave all of its points; one that passed in the bubble only gives none."""
    return check.status is Status.PASSED and check.points == check.max_points


def label(kata: Verdict, check: Check) -> str:
    """Return what a check is called where those of many katas stand together."""
    return line(f"{kata.kata}: {check.title or check.name}")


def drawn(events: Collection[Event]) -> bool:
    """Return whether a picture of `events` tells more than that a thread ran, or that some began and ended at once."""
    deeds = {event.what for event in events} - {"start", "end"}
    if len({event.lane for event in events}) > 1 or any(event.file for event in events):
        return bool(deeds) or len({event.at for event in events}) > 1
    return bool(deeds - {"run"})


def explained(check: Check) -> Iterator[str]:
    """Yield the parts of why a check came out as it did: message, place and picture. Not cleaned."""
    yield check.message
    place = f"{line(check.where.file)}:{check.where.line}" if check.where else ""
    if place and place not in check.message:
        yield messages.see(place)
    picture = _picture(check.timeline)
    if picture and picture.partition("\n")[0] not in check.message:
        yield picture


@functools.lru_cache(maxsize=8)  # a screen is drawn anew whenever anything on it changes
def _picture(events: tuple[Event, ...]) -> str:
    return lanes.text(events) if drawn(events) else ""


def message(check: Check) -> str:
    """Return why `check` came out as it did; a check that passed has nothing to tell but why it gave no points."""
    if check.status is Status.PASSED:
        return clean(check.message, _MESSAGE)
    return clean("\n\n".join(part for part in explained(check) if part), _MESSAGE)


def output(check: Check) -> str:
    """Return what the answer printed."""
    return clean(check.output, _OUTPUT) if check.output.strip() else ""


def short_output(check: Check) -> str:
    """Return what the answer printed, in the 500 characters that exercism and its kin allow."""
    return short(output(check))


def short(text: str) -> str:
    """Return `text` in those 500 characters, and say where it was cut."""
    return text if len(text) <= _SHORT else text[: _SHORT - len(messages.CUT)] + messages.CUT


def not_judged(result: Result) -> list[str]:
    """Return a line for each check that neither gives nor costs points, and why."""
    return [
        line(messages.not_judged(label(kata, check), check.status, check.message), 400)
        for kata in result.katas
        for check in kata.checks
        if not check.status.counts
    ]


def notes(result: Result) -> list[str]:
    """Return the notes of the run, a line each: they may name files of the answer."""
    return [told for note in result.notes if (told := line(note, 400))]


def notes_as_text(result: Result) -> str:
    """Return the notes of the run, for a format that has no place of its own for them."""
    return clean("\n".join(notes(result)), _MESSAGE)


def summary(result: Result) -> str:
    """Return the score, the notes of the run, and what was not judged: a line each."""
    score, most = points(result)
    interrupted = [messages.INTERRUPTED] if result.interrupted else []
    told = [messages.score(score, most), *interrupted, *notes(result), *not_judged(result)]
    return clean("\n".join(told), _MESSAGE)


def as_json(value: Any) -> bytes:
    """Return `value` as JSON text in UTF-8, indented."""
    return msgspec.json.format(msgspec.json.encode(value), indent=2) + b"\n"
