"""Gives the last event of each thread a span without length.

Nothing says how long it lasted; and after an end there is no thread at all.

Fails: test_spans_of_one_thread
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
    rows = {}
    for event in events:
        rows.setdefault(event.thread, []).append(event)
    spans = []
    for thread, row in rows.items():
        for event, following in zip(row, [*row[1:], row[-1]]):
            if event.what in BEGINS:
                spans.append(Span(thread, event.time, following.time, BEGINS[event.what]))
    return spans


def mark(spans, low, high, last, width):
    """The mark of one cell; times and borders are times width."""
    if any(s.what == "print" and (low <= s.start * width < high or (last and s.start * width == high)) for s in spans):
        return "*"
    for what, sign in (("wait", "."), ("run", "#")):
        if any(s.what == what and min(s.end * width, high) > max(s.start * width, low) for s in spans):
            return sign
    return " "


def draw(spans, width):
    if not spans:
        return ""
    zero = min(span.start for span in spans)
    length = max(span.end for span in spans) - zero or 1
    names = list(dict.fromkeys(span.thread for span in spans))
    lines = []
    for name in names:
        own = [span for span in spans if span.thread == name]
        cells = ""
        for i in range(width):
            low = zero * width + i * length
            cells += mark(own, low, low + length, i == width - 1, width)
        lines.append(name.ljust(max(map(len, names))) + " |" + cells + "|")
    return "\n".join(lines)
