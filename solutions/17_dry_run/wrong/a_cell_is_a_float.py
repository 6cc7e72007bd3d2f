"""Reckons the length of a cell first, and divides by it.

10 / 50 is a little more than a fifth, so 1 // (10 / 50) is 4, and a print at 1 stands one cell too early.

Fails: test_borders_are_exact
"""

import dataclasses


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
    cell = length / width
    lines = {span.thread: [" "] * width for span in spans}
    for what, mark in (("run", "#"), ("wait", "."), ("print", "*")):
        for span in spans:
            if span.what != what:
                continue
            first = int((span.start - zero) // cell)
            behind = -int((zero - span.end) // cell)
            if what == "print":
                cells = [min(first, width - 1)]
            else:
                cells = range(first, min(behind, width)) if span.end > span.start else []
            for place in cells:
                lines[span.thread][place] = mark
    longest = max(map(len, lines))
    return "\n".join(f"{name:<{longest}} |{''.join(cells)}|" for name, cells in lines.items())
