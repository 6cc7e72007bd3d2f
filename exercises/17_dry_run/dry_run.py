"""Kata 17: what threads did, as a picture: one line a thread, time from left to right."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence


@dataclasses.dataclass(frozen=True)
class Event:
    """Given: something that a thread did.

    Attributes:
        time: when, a whole number (of seconds, microseconds, whatever).
        thread: the thread's name.
        what: ``"start"``, ``"wait"`` (it begins to wait), ``"print"`` or ``"end"``.
    """

    time: int
    thread: str
    what: str


@dataclasses.dataclass(frozen=True)
class Span:
    """Given: a time in which a thread does one thing.

    Attributes:
        thread: its name.
        start: from when.
        end: until when; not before `start`, and may be the same.
        what: ``"run"``, ``"wait"`` or ``"print"``.
    """

    thread: str
    start: int
    end: int
    what: str


def timeline(events: Sequence[Event]) -> list[Span]:
    """Return what each thread did from when to when.

    Each start, wait and print begins a span, which lasts until the *next event of the same thread*: a start begins a
    "run", a wait a "wait", a print a "print". Spans without length are kept. An end begins none, and neither does a
    thread's last event, whatever it is.

    Args:
        events: by time. Of two events of one thread at the same time the earlier in the list came first.

    Returns:
        The spans of the thread whose first event comes first, by time, then those of the next thread, and so on.
    """
    raise NotImplementedError


def draw(spans: Sequence[Span], width: int) -> str:
    """Return the picture of `spans`: a line for each thread, in the order in which they first come in `spans`.

    A line is the thread's name, filled up with spaces to the length of the longest name, then a space, ``|``, `width`
    cells, and ``|``. Lines are joined by newlines; there is none at the end. No spans: ``""``.

    All lines have the same scale. Say that t0 is the earliest start, and T the latest end minus t0 (where that is 0, T
    is 1). Then cell i, counted from 0, covers the times from t0 + i·T/width to before t0 + (i+1)·T/width; the last cell
    covers its end, too. These borders are exact: times may be huge, and no rounding may move a mark. In a cell stands
    the first of these that is true for that thread:

    - ``*``: a print begins in it;
    - ``.``: a wait has more than a point in common with it;
    - ``#``: a run has more than a point in common with it;
    - a space.

    Args:
        spans: any, those of one thread may overlap.
        width: at least 1.
    """
    raise NotImplementedError
