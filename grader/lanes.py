"""A picture of who did what when, drawn of events: one row a thread or process, time from left to right.

Only the outside draws. The events come from inside, so times may be anything, texts too, and there may be many.
"""

from __future__ import annotations

import math
import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import msgspec

from grader.printable import line
from grader.verdict import Event

MAX_LANES: Final = 12
MAX_MOMENTS: Final = 12
MAX_NAME: Final = 24
MIN_WIDTH: Final = 40

_STATES: Final = {"start": "#", "run": "#", "sleep": ".", "wait": "~"}
_LEGEND: Final = {"#": "runs", ".": "sleeps", "~": "waits", "*": "prints", "|": "starts or ends"}


@dataclass(frozen=True, slots=True)
class _Span:
    """A time in which a lane does one thing, and the event that it begins with."""

    begin: float
    end: float
    mark: str
    event: Event
    last: bool


@dataclass(frozen=True, slots=True)
class _Lane:
    """One row; its `name` is fit to be shown. Points and notes stand with their places."""

    name: str
    spans: tuple[_Span, ...]
    points: tuple[tuple[float, str], ...]
    notes: tuple[tuple[float, Event], ...]

    @property
    def stuck(self) -> bool:
        """Whether it is still waiting at the end."""
        return bool(self.spans) and self.spans[-1].last and self.spans[-1].mark == "~"


@dataclass(frozen=True, slots=True)
class _Scale:
    """Where on a row of `cells` a time belongs; `timed` is False where no time passed and the order counts."""

    begin: float
    end: float
    cells: int
    timed: bool

    def exact(self, place: float) -> float:
        return (place - self.begin) / (self.end - self.begin) * self.cells

    def cell(self, place: float) -> int:
        return max(0, min(self.cells - 1, int(self.exact(place))))


def text(events: Iterable[Event], width: int = 72) -> str:
    """Return the picture of `events`, at most `width` characters wide, in ASCII; ``""`` if there are none.

    Below the lanes stand the axis in seconds, what the marks mean, and who waited where for what. Where all
    happened at one moment, as in the bubble's schedules, columns are steps.
    """
    width = max(width, MIN_WIDTH)
    ordered = _ordered(events)
    if not ordered:
        return ""
    timed = ordered[-1].at > ordered[0].at
    places = [event.at if timed else float(step) for step, event in enumerate(ordered)]
    end = places[-1] if timed else float(len(ordered))
    lanes = _lanes(ordered, places, end)
    shown = _chosen(lanes)
    indent = max(len(lane.name) for lane in shown) + 2
    room = width - indent
    begin = places[0] if places[0] > end / 20 else 0.0
    scale = _Scale(begin, end, room if timed else min(room, 3 * len(ordered)), timed)
    rows = [_row(lane, scale) for lane in shown]
    picture = [f"{lane.name:<{indent}}{row}".rstrip() for lane, row in zip(shown, rows, strict=True)]
    picture += [" " * indent + row for row in _axis(scale)]
    if len(lanes) > len(shown):
        picture.append(f"(and {len(lanes) - len(shown)} more that are not drawn)")
    return "\n".join([*picture, _legend(rows, timed=timed), *_moments(shown, width, timed=timed)])


def _ordered(events: Iterable[Event]) -> list[Event]:
    """Return those events that have a place in time, by time, to the microsecond; none is before 0."""
    finite = (event for event in events if math.isfinite(event.at) and event.at <= _LATEST)
    rounded = (msgspec.structs.replace(event, at=round(max(event.at, 0.0), 6)) for event in finite)
    return sorted(rounded, key=lambda event: event.at)


_LATEST: Final = 1e12
"""Seconds; who claims that a call took longer is not believed."""


def _lanes(events: list[Event], places: list[float], end: float) -> list[_Lane]:
    rows: dict[str, list[tuple[float, Event]]] = {}
    for place, event in zip(places, events, strict=True):
        rows.setdefault(event.lane, []).append((place, event))
    return [_lane(name, row, end) for name, row in rows.items()]


def _lane(name: str, row: list[tuple[float, Event]], end: float) -> _Lane:
    changes = [(place, event) for place, event in row if event.what in _STATES or event.what == "end"]
    spans = []
    for number, (place, event) in enumerate(changes):
        last = number + 1 == len(changes)
        until = end if last else changes[number + 1][0]
        if event.what != "end":
            spans.append(_Span(place, until, _STATES[event.what], event, last))
    marks = {"print": "*", "start": "|", "end": "|"}
    points = tuple((place, marks[event.what]) for place, event in row if event.what in marks)
    notes = tuple((place, event) for place, event in row if event.what == "note")
    return _Lane(_shown(name, MAX_NAME) or "?", tuple(spans), points, notes)


def _chosen(lanes: list[_Lane]) -> list[_Lane]:
    """Return the lanes to draw, in their order: those that are stuck before others."""
    by_need = sorted(range(len(lanes)), key=lambda number: (not lanes[number].stuck, number))
    return [lanes[number] for number in sorted(by_need[:MAX_LANES])]


def _shown(text: str, limit: int) -> str:
    return line(text, limit).encode("ascii", "replace").decode()


def _row(lane: _Lane, scale: _Scale) -> str:
    cells = [" "] * scale.cells
    for cell, shares in _shares(lane, scale).items():
        cells[cell] = max(shares, key=shares.__getitem__)
    for mark in ("|", "*"):
        for place, kind in lane.points:
            if kind == mark:
                cells[scale.cell(place)] = mark
    if lane.stuck:
        cells[-1] = "~"
    return "".join(cells)


def _shares(lane: _Lane, scale: _Scale) -> dict[int, dict[str, float]]:
    """Return for each cell how much of it is spent on what."""
    found: dict[int, dict[str, float]] = {}
    for span in lane.spans:
        begin, end = scale.exact(span.begin), scale.exact(span.end)
        for cell in range(scale.cell(span.begin), scale.cell(span.end) + 1):
            share = min(end, cell + 1) - max(begin, cell)
            if share > 0:
                shares = found.setdefault(cell, {})
                shares[span.mark] = shares.get(span.mark, 0.0) + share
    return found


def _axis(scale: _Scale) -> Iterator[str]:
    if not scale.timed:
        yield "-" * scale.cells
        yield "one step after the other; no time passed"
        return
    step = _step((scale.end - scale.begin) * 10 / scale.cells)
    first = math.ceil(scale.begin / step - 1e-9)
    ticks = [step * number for number in range(first, first + scale.cells)]
    ticks = [tick for tick in ticks if tick <= scale.end + step * 1e-9]
    ruler, labels = ["-"] * scale.cells, [" "] * (scale.cells + 16)
    for tick in ticks:
        ruler[scale.cell(tick)] = "+"
        word = f"{tick:.6g}" if tick != ticks[-1] else f"{tick:.6g} s"
        _write(labels, scale.cell(tick), word)
    yield "".join(ruler)
    yield "".join(labels).rstrip()


def _step(least: float) -> float:
    """Return the smallest of 1, 2, 5, 10, 20, … (or 0.5, 0.2, …) that is not below `least`."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(factor * power for factor in (1, 2, 5, 10, 20) if factor * power >= least)


def _write(row: list[str], start: int, word: str) -> None:
    if len(word) < len(row) - start:
        row[start : start + len(word)] = word


def _legend(rows: Sequence[str], *, timed: bool) -> str:
    """Say what the marks mean. Where time passes and nobody is seen to wait, it is the real clock that was seen."""
    drawn = set("".join(rows))
    unseen = timed and not drawn & {".", "~"}
    meanings = _LEGEND | {"#": "runs or waits, which is not seen from outside"} if unseen else _LEGEND
    return "   ".join(f"{mark} {meaning}" for mark, meaning in meanings.items() if mark in drawn)


def _moments(lanes: list[_Lane], width: int, *, timed: bool) -> list[str]:
    """Return the sentences that explain the picture, the most telling ones, by time."""
    told = [moment for lane in lanes for moment in _merged(_told(lane, timed=timed))]
    telling = sorted(told, key=lambda moment: moment.weight)[:MAX_MOMENTS]
    rows: list[str] = []
    for moment in sorted(telling, key=lambda moment: (moment.place, -moment.weight[0])):
        at = f"{_seconds(moment.place):>8}  " if timed else "  "
        rows += textwrap.wrap(moment.sentence, width, initial_indent=at, subsequent_indent=" " * len(at))
    return rows


@dataclass(frozen=True, slots=True)
class _Moment:
    """Something that is worth a sentence; the smaller its weight, the more it tells.

    Those of one `topic` are told by the first of them, with how many more there are.
    """

    place: float
    weight: tuple[int, float]
    sentence: str
    topic: str


def _merged(told: Iterable[_Moment]) -> Iterator[_Moment]:
    alike: dict[str, list[_Moment]] = {}
    for moment in told:
        alike.setdefault(moment.topic, []).append(moment)
    for first, *more in alike.values():
        again = f", and {len(more)} time{'s' if len(more) > 1 else ''} more" if more else ""
        yield replace(first, sentence=first.sentence + again)


def _told(lane: _Lane, *, timed: bool) -> Iterator[_Moment]:
    for span in lane.spans:
        detail, place = _shown(span.event.detail, 160), _place(span.event)
        length = span.end - span.begin
        if span.mark == "~" and (span.last or length > 0):
            long = " without end" if span.last else f" {_seconds(length)}" if timed else ""
            said = f"{lane.name} waits{long} {detail or 'for something'}{place}"
            topic = f"{span.last} {detail}{place}"
            yield _Moment(span.begin, (0 if span.last else 1, -length), said, topic)
        elif span.event.what == "start" and place:
            said = f"{lane.name} is started {detail}".rstrip() + place
            yield _Moment(span.begin, (3, span.begin), said, said)
    for begin, event in lane.notes:
        said = f"{lane.name}: {_shown(event.detail, 160)}{_place(event)}"
        yield _Moment(begin, (2, begin), said, said)


def _place(event: Event) -> str:
    if event.line <= 0 or not event.file:
        return ""
    name = re.split(r"[/\\]", event.file)[-1]
    return f" ({_shown(name, 40)}:{event.line})"


def _seconds(value: float) -> str:
    return f"{round(value, 3) or 0:.7g} s"
