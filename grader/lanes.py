"""A picture of who did what when, drawn of events: one row a thread or process, time from left to right.

Only the outside draws. The events come from inside, so times may be anything, texts too, and there may be many.
"""

from __future__ import annotations

import itertools
import math
import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import msgspec

from grader.printable import line
from grader.svg import Element
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
    scene = _scene(events)
    if scene is None:
        return ""
    indent = max(len(lane.name) for lane in scene.lanes) + 2
    room = width - indent
    scale = _Scale(scene.begin, scene.end, room if scene.timed else min(room, 3 * scene.steps), scene.timed)
    rows = [_row(lane, scale) for lane in scene.lanes]
    picture = [f"{lane.name:<{indent}}{row}".rstrip() for lane, row in zip(scene.lanes, rows, strict=True)]
    picture += [" " * indent + row for row in _axis(scale)]
    if scene.left_out:
        picture.append(_left_out(scene))
    meant = [f"{mark} {meaning}" for mark, meaning in _legend(rows, timed=scene.timed).items()]
    return "\n".join([*picture, "   ".join(meant), *_moments(scene.lanes, width, timed=scene.timed)])


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture as SVG, and what stands beside it.

    Attributes:
        svg: an ``<svg>`` element as wide as its place; its classes (`CLASSES`) are for a style sheet.
        legend: the class of what is drawn, and what it means.
        sentences: who waited where for what, and that some lanes are left out.
    """

    svg: str
    legend: tuple[tuple[str, str], ...]
    sentences: tuple[str, ...]


CLASSES: Final = {"#": "runs", ".": "sleeps", "~": "waits", "*": "prints", "|": "edge"}


def drawing(events: Iterable[Event]) -> Drawing | None:
    """Return the picture of `events` as SVG; None if there are none."""
    scene = _scene(events)
    if scene is None:
        return None
    scale = _Scale(scene.begin, scene.end, _CELLS if scene.timed else min(_CELLS, 3 * scene.steps), scene.timed)
    rows = [_row(lane, scale) for lane in scene.lanes]
    legend = tuple((CLASSES[mark], meaning) for mark, meaning in _legend(rows, timed=scene.timed).items())
    sentences = [row.strip() for row in _moments(scene.lanes, 10_000, timed=scene.timed)]
    left_out = [_left_out(scene)] if scene.left_out else []
    return Drawing(str(_svg(scene, scale, rows)), legend, (*left_out, *sentences))


_CELLS: Final = 240
"""How finely time is cut in SVG: what lasts less than this part of it may not be seen."""
_ROW: Final = 42
_BAR: Final = 16


def _svg(scene: _Scene, scale: _Scale, rows: list[str]) -> Element:
    height = _ROW * len(rows) + 24
    root = Element("svg", class_="lanes", role="img", width="100%", height=height)
    root.add("title", f"Who did what when: {', '.join(lane.name for lane in scene.lanes)}")
    for number, (lane, row) in enumerate(zip(scene.lanes, rows, strict=True)):
        top = number * _ROW
        root.add("text", lane.name, class_="name", x=0, y=top + 15)
        _draw_row(root, row, top + 22)
    _draw_axis(root, scale, _ROW * len(rows) + 4)
    return root


def _draw_row(root: Element, row: str, top: int) -> None:
    """Draw the cells of `row`: one bar for neighbours that are alike, and points above them."""
    share = 100 / len(row)
    place = 0
    for mark, group in itertools.groupby(_without_points(row)):
        length = len(list(group))
        if mark != " ":
            x, width = f"{place * share:.4g}%", f"{length * share:.4g}%"
            root.add("rect", class_=CLASSES[mark], x=x, y=top, width=width, height=_BAR)
        place += length
    for cell, mark in enumerate(row):
        x = f"{(cell + 0.5) * share:.4g}%"
        if mark == "|":
            ends = row[cell + 1 : cell + 2] in ("", " ")
            x = f"{(cell + ends) * share:.4g}%"
            root.add("line", class_="edge", x1=x, x2=x, y1=top - 2, y2=top + _BAR + 2)
        elif mark == "*":
            root.add("circle", class_="prints", cx=x, cy=top + _BAR / 2, r=4)


def _without_points(row: str) -> str:
    """Return `row` with what is done before each point, or else after it, in the point's cell."""
    row = re.sub(r"([#.~])[*|]+", lambda match: match[1] * len(match[0]), row)
    row = re.sub(r"[*|]+([#.~])", lambda match: match[1] * len(match[0]), row)
    return re.sub(r"[*|]", " ", row)


def _draw_axis(root: Element, scale: _Scale, top: int) -> None:
    if not scale.timed:
        root.add("text", _NO_TIME, class_="axis", x=0, y=top + 14)
        return
    root.add("line", class_="axis", x1=0, x2="100%", y1=top, y2=top)
    ticks = _ticks(scale, (scale.end - scale.begin) / 5)
    for tick in ticks:
        share = scale.exact(tick) / scale.cells
        x = f"{share * 100:.4g}%"
        root.add("line", class_="axis", x1=x, x2=x, y1=top, y2=top + 4)
        anchor = "start" if share < _EDGE else "end" if share > 1 - _EDGE else "middle"
        word = f"{tick:.6g} s" if tick == ticks[-1] else f"{tick:.6g}"
        root.add("text", word, class_="axis", x=x, y=top + 17, text_anchor=anchor)


_EDGE: Final = 0.04
_NO_TIME: Final = "one step after the other; no time passed"


@dataclass(frozen=True, slots=True)
class _Scene:
    """What is to be drawn: the lanes that have room, and how many have not; where no time passed, `steps` count."""

    lanes: list[_Lane]
    left_out: int
    begin: float
    end: float
    timed: bool
    steps: int


def _scene(events: Iterable[Event]) -> _Scene | None:
    ordered = _ordered(events)
    if not ordered:
        return None
    timed = ordered[-1].at > ordered[0].at
    places = [event.at if timed else float(step) for step, event in enumerate(ordered)]
    end = places[-1] if timed else float(len(ordered))
    lanes = _lanes(ordered, places, end)
    shown = _chosen(lanes)
    begin = places[0] if places[0] > end / 20 else 0.0
    return _Scene(shown, len(lanes) - len(shown), begin, end, timed, len(ordered))


def _left_out(scene: _Scene) -> str:
    return f"(and {scene.left_out} more that are not drawn)"


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
        yield _NO_TIME
        return
    ticks = _ticks(scale, (scale.end - scale.begin) * 10 / scale.cells)
    ruler, labels = ["-"] * scale.cells, [" "] * (scale.cells + 16)
    for tick in ticks:
        ruler[scale.cell(tick)] = "+"
        word = f"{tick:.6g}" if tick != ticks[-1] else f"{tick:.6g} s"
        _write(labels, scale.cell(tick), word)
    yield "".join(ruler)
    yield "".join(labels).rstrip()


def _ticks(scale: _Scale, least: float) -> list[float]:
    """Return the round times to write at the axis, at least `least` apart."""
    step = _step(least)
    first = math.ceil(scale.begin / step - 1e-9)
    ticks = [step * number for number in range(first, first + scale.cells)]
    return [tick for tick in ticks if tick <= scale.end + step * 1e-9]


def _step(least: float) -> float:
    """Return the smallest of 1, 2, 5, 10, 20, … (or 0.5, 0.2, …) that is not below `least`."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(factor * power for factor in (1, 2, 5, 10, 20) if factor * power >= least)


def _write(row: list[str], start: int, word: str) -> None:
    if len(word) < len(row) - start:
        row[start : start + len(word)] = word


def _legend(rows: Sequence[str], *, timed: bool) -> dict[str, str]:
    """Say what the marks mean. Where time passes and nobody is seen to wait, it is the real clock that was seen."""
    drawn = set("".join(rows))
    unseen = timed and not drawn & {".", "~"}
    meanings = _LEGEND | {"#": "runs or waits, which is not seen from outside"} if unseen else _LEGEND
    return {mark: meaning for mark, meaning in meanings.items() if mark in drawn}


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
