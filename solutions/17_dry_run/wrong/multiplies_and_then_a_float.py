"""Multiplies before it divides, but by `/`.

That is right for small times. A float has 16 digits: of times of 18 it can't tell a moment from the next.

Fails: test_borders_are_exact
"""

import dataclasses
import math


@dataclasses.dataclass(frozen=True)
class Event:
    time: int
    thread: str
    what: str


@dataclasses.dataclass(frozen=True)
class Span:
    thread: str
    start: int
    end: int
    what: str


BEGINS = {"start": "run", "wait": "wait", "print": "print"}


def timeline(events):
    spans = {event.thread: [] for event in events}
    last = {}
    for event in events:
        before = last.get(event.thread)
        if before is not None and before.what in BEGINS:
            spans[event.thread].append(Span(event.thread, before.time, event.time, BEGINS[before.what]))
        last[event.thread] = event
    return [span for row in spans.values() for span in row]


def draw(spans, width):
    if not spans:
        return ""
    zero = min(span.start for span in spans)
    length = max(span.end for span in spans) - zero or 1
    lines = {span.thread: [" "] * width for span in spans}
    for what, mark in (("run", "#"), ("wait", "."), ("print", "*")):
        for span in spans:
            if span.what != what:
                continue
            first = (span.start - zero) * width / length
            behind = (span.end - zero) * width / length
            if what == "print":
                cells = [min(int(first), width - 1)]
            else:
                cells = range(int(first), math.ceil(behind)) if span.end > span.start else []
            for cell in cells:
                lines[span.thread][cell] = mark
    longest = max(map(len, lines))
    return "\n".join(f"{name:<{longest}} |{''.join(cells)}|" for name, cells in lines.items())
