"""Paints span after span, each over what is there.

What comes later in the list wins: a run that begins in the cell of a print wipes out its `*`.

Fails: test_marks_cell_by_cell
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


MARKS = {"run": "#", "wait": ".", "print": "*"}


def draw(spans, width):
    if not spans:
        return ""
    zero = min(span.start for span in spans)
    length = max(span.end for span in spans) - zero or 1
    lines = {span.thread: [" "] * width for span in spans}
    for span in spans:
        first = (span.start - zero) * width // length
        behind = -((span.end - zero) * width // -length)
        if span.what == "print":
            first = min(first, width - 1)
            behind = first + 1
        if span.end > span.start or span.what == "print":
            for cell in range(first, behind):
                lines[span.thread][cell] = MARKS[span.what]
    longest = max(map(len, lines))
    return "\n".join(f"{name:<{longest}} |{''.join(cells)}|" for name, cells in lines.items())
