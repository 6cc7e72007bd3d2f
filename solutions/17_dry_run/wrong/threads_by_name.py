"""Sorts the spans, and so puts the threads in the order of their names.

Asked for is the order in which they began.

Fails: test_spans_of_several_threads
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
    spans, last = [], {}
    for event in events:
        before = last.get(event.thread)
        if before is not None and before.what in BEGINS:
            spans.append(Span(event.thread, before.time, event.time, BEGINS[before.what]))
        last[event.thread] = event
    return sorted(spans, key=lambda span: (span.thread, span.start))


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
