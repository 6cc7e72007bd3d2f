"""The reference for kata 17."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Sequence


@dataclasses.dataclass(frozen=True)
class Event:
    """Given: something that a thread did, at a time; `what` is start, wait, print or end."""

    time: int
    thread: str
    what: str


@dataclasses.dataclass(frozen=True)
class Span:
    """Given: a time in which a thread does one thing; `what` is run, wait or print."""

    thread: str
    start: int
    end: int
    what: str


BEGINS = {"start": "run", "wait": "wait", "print": "print"}
"""What begins with an event."""

MARKS = {"run": "#", "wait": ".", "print": "*"}
"""What stands for a span, the weakest first: what is painted later covers what is there."""


def timeline(events: Sequence[Event]) -> list[Span]:
    """Return what each thread did from when to when, thread by thread."""
    rows: dict[str, list[Event]] = {}  # a dict keeps the order in which its keys came
    for event in events:
        rows.setdefault(event.thread, []).append(event)
    return [
        Span(thread, event.time, following.time, BEGINS[event.what])
        for thread, row in rows.items()
        for event, following in itertools.pairwise(row)
        if event.what in BEGINS
    ]


def draw(spans: Sequence[Span], width: int) -> str:
    """Return the picture of `spans`: a line for each thread."""
    if not spans:
        return ""
    begin = min(span.start for span in spans)
    length = max(span.end for span in spans) - begin or 1
    lines = {span.thread: [" "] * width for span in spans}
    for what, mark in MARKS.items():
        for span in spans:
            if span.what == what:
                for cell in _cells(span, begin, length, width):
                    lines[span.thread][cell] = mark
    longest = max(map(len, lines))
    return "\n".join(f"{thread:<{longest}} |{''.join(cells)}|" for thread, cells in lines.items())


def _cells(span: Span, begin: int, length: int, width: int) -> range:
    """Return the cells that `span` marks.

    With whole numbers only: 29 / 100 * 100 is less than 29, and so would stand in the cell before.
    """
    first = (span.start - begin) * width // length
    if span.what == "print":
        first = min(first, width - 1)  # the last cell has its end, too
        return range(first, first + 1)
    if span.start == span.end:
        return range(0)
    # Rounded up: a span that ends on a border has no more than a point in common with the cell behind it.
    behind = -((span.end - begin) * width // -length)
    return range(first, behind)
