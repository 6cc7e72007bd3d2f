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

from grader import messages
from grader.printable import line
from grader.svg import Element
from grader.verdict import Event

MAX_LANES: Final = 12
MAX_MOMENTS: Final = 12
MAX_FULL: Final = 60
"""Sentences of a picture that is asked for in full."""
MAX_NAME: Final = 24
MIN_WIDTH: Final = 40

_STATES: Final = {"start": "#", "run": "#", "sleep": ".", "wait": "~", "ready": "-"}
DOES: Final = {what: messages.LANES[mark] for what, mark in _STATES.items()}
"""What a lane does from an event on, in words."""


def does(what: str, *, unseen: bool) -> str:
    """Return what a lane does from an event on, in words; `unseen` as the function of that name says."""
    return messages.NOT_SEEN if unseen and _STATES[what] == "#" else DOES[what]


def unseen(events: Iterable[Event], *, timed: bool) -> bool:
    """Return whether time passes and nobody is seen to wait: then it is the real clock that was seen, from outside."""
    return timed and not any(_STATES.get(event.what, "#") != "#" for event in events)


_POINTS: Final = {"start": "|", "end": "|", "print": "*"}
_LOCKS: Final = {"acquire": "[", "release": "]"}
_HELD: Final = {"acquire": messages.TAKES, "release": messages.GIVES_BACK}


def thinned(events: Sequence[Event], most: int) -> tuple[Event, ...]:
    """Return the first `most` of `events` and, of those after them, as many that tell more than what a lane does.

    These are starts, prints and ends; and the last thing that each lane does, or does with each lock. Where a lane
    loses the first event, a note says so: from there to its next one nobody can tell what it did.
    """
    first, rest = events[:most], [*events[most:]]
    telling = [number for number, event in enumerate(rest) if event.what in (*_POINTS, "note")][:most]
    last = {(event.lane, event.detail if event.what in _LOCKS else ""): number for number, event in enumerate(rest)}
    kept = {*telling, *last.values()} - {number for number, event in enumerate(rest) if is_remark(event)}
    lost = {event.lane: number for number, event in reversed([*enumerate(rest)]) if number not in kept}
    for number in lost.values():
        rest[number] = Event(rest[number].at, rest[number].lane, "note", messages.mostly(most))
    return (*first, *(rest[number] for number in sorted({*kept, *lost.values()})))


def is_remark(event: Event) -> bool:
    """Return whether `event` is none, but says that from here on not all are kept."""
    return event.what == "note" and event.detail.endswith(messages.NOT_KEPT)


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
    """Where on a row of `cells` a time belongs; `timed` is False where the order counts, which `words` then say."""

    begin: float
    end: float
    cells: int
    timed: bool
    words: str = ""

    def exact(self, place: float) -> float:
        return (place - self.begin) / (self.end - self.begin) * self.cells

    def cell(self, place: float) -> int:
        return max(0, min(self.cells - 1, int(self.exact(place))))


def text(events: Iterable[Event], width: int = 72, *, full: bool = False, by_steps: bool = False) -> str:
    """Return the picture of `events`, at most `width` characters wide, in ASCII; ``""`` if there are none.

    Below the lanes stand the axis in seconds, what the marks mean, and who waited where for what. Where all
    happened at one moment, as in the bubble's schedules, columns are steps.

    Args:
        events: what was done.
        width: of the picture, in characters.
        full: whether locks are drawn too, and all is told.
        by_steps: whether columns are steps though time passed.
    """
    width = max(width, MIN_WIDTH)
    scene = _scene(events, full=full, by_steps=by_steps)
    if scene is None:
        return ""
    indent = max(len(lane.name) for lane in scene.lanes) + 2
    scale = scene.scale(width - indent)
    rows = [_row(lane, scale) for lane in scene.lanes]
    picture = [f"{lane.name:<{indent}}{row}".rstrip() for lane, row in zip(scene.lanes, rows, strict=True)]
    picture += [" " * indent + row for row in _axis(scale, beyond=0 if full else _BEYOND)]
    picture += [row for told in _left_out(scene) for row in textwrap.wrap(told, width)]
    meant = [f"{mark} {meaning}" for mark, meaning in _legend(rows, unseen=scene.unseen).items()]
    legend = _in_rows(meant, width) if full else ["   ".join(meant)]
    return "\n".join([*picture, *legend, *_moments(scene, width)])


def _in_rows(words: Iterable[str], width: int) -> list[str]:
    """Return `words` beside each other, as many in a row as have room."""
    rows: list[str] = []
    for word in words:
        if rows and len(rows[-1]) + 3 + len(word) <= width:
            rows[-1] += f"   {word}"
        else:
            rows.append(word)
    return rows


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture as SVG, and what stands beside it.

    Attributes:
        svg: an ``<svg>`` element as wide as its place; its classes (`CLASSES`) are for a style sheet.
        legend: the class of what is drawn, and what it means.
        sentences: who waited where for what, and that some lanes are left out.
        height: of the drawing, in pixels.
    """

    svg: str
    legend: tuple[tuple[str, str], ...]
    sentences: tuple[str, ...]
    height: int


CLASSES: Final = {
    "#": "runs",
    ".": "sleeps",
    "~": "waits",
    "-": "ready",
    "*": "prints",
    "[": "takes",
    "]": "gives",
    "|": "edge",
}


def drawing(events: Iterable[Event], *, full: bool = False, by_steps: bool = False) -> Drawing | None:
    """Return the picture of `events` as SVG, else as `text`; None if there are none."""
    scene = _scene(events, full=full, by_steps=by_steps)
    if scene is None:
        return None
    scale = scene.scale(_CELLS)
    rows = [_row(lane, scale) for lane in scene.lanes]
    legend = [(CLASSES[mark], meaning) for mark, meaning in _legend(rows, unseen=scene.unseen).items()]
    if scene.full and any([*_holds(lane, scene.end)] for lane in scene.lanes):
        legend.append(("holds", messages.HAS_A_LOCK))
    sentences = [row.strip() for row in _moments(scene, 10_000)]
    height = scene.row * len(rows) + 24
    return Drawing(str(_svg(scene, scale, rows, height)), tuple(legend), (*_left_out(scene), *sentences), height)


_CELLS: Final = 240
"""How finely time is cut in SVG: what lasts less than this part of it may not be seen."""
_ROW: Final = 42
_FULL_ROW: Final = 54
_BAR: Final = 16


def _svg(scene: _Scene, scale: _Scale, rows: list[str], height: int) -> Element:
    root = Element("svg", class_="lanes", role="img", width="100%", height=height)
    root.add("title", messages.who_did_what([lane.name for lane in scene.lanes]))
    for number, (lane, row) in enumerate(zip(scene.lanes, rows, strict=True)):
        top, bottom = number * scene.row, (number + 1) * scene.row
        root.add("text", lane.name, class_="name", x=0, y=top + 15)
        _draw_row(root, row, bottom - _BAR - 4, _Titles(lane, scale, scene.unseen) if scene.full else None)
        if scene.full:
            _draw_holds(root, lane, scale, bottom - 3)
    _draw_axis(root, scale, scene.row * len(rows) + 4)
    return root


@dataclass(frozen=True, slots=True)
class _Titles:
    """What is told of a bar where one points at it."""

    lane: _Lane
    scale: _Scale
    unseen: bool

    def of(self, first: int, mark: str) -> str:
        """Return what the lane does, and where, in the span that cell `first` shows as `mark`."""
        spans = [span for span in self.lane.spans if span.mark == mark and self.scale.cell(span.end) >= first]
        return _doing(self.lane.name, spans[0].event, unseen=self.unseen) if spans else ""


def _doing(name: str, event: Event, *, unseen: bool) -> str:
    detail = _shown(event.detail, 160) if event.what in ("sleep", "wait") else ""
    return f"{name} {does(event.what, unseen=unseen)} {detail}".rstrip() + _place(event)


def _draw_row(root: Element, row: str, top: int, titles: _Titles | None) -> None:
    """Draw the cells of `row`: one bar for neighbours that are alike, and points above them."""
    share = 100 / len(row)
    place = 0
    for mark, group in itertools.groupby(_without_points(row)):
        length = len(list(group))
        if mark != " ":
            x, width = f"{place * share:.4g}%", f"{length * share:.4g}%"
            bar = root.add("rect", class_=CLASSES[mark], x=x, y=top, width=width, height=_BAR)
            if titles is not None:
                bar.add("title", titles.of(place, mark))
        place += length
    for cell, mark in enumerate(row):
        x = f"{(cell + 0.5) * share:.4g}%"
        if mark == "|":
            ends = row[cell + 1 : cell + 2] in ("", " ")
            x = f"{(cell + ends) * share:.4g}%"
            root.add("line", class_="edge", x1=x, x2=x, y1=top - 2, y2=top + _BAR + 2)
        elif mark == "*":
            root.add("circle", class_="prints", cx=x, cy=top + _BAR / 2, r=4)
        elif mark in _LOCKS.values():
            _draw_lock(root, (cell + 0.5) * share, top, mark)


def _draw_lock(root: Element, percent: float, top: int, mark: str) -> None:
    """Draw a triangle above the bar: down where a lock is taken, up where it is given back."""
    place = root.add("svg", x=f"{percent:.4g}%", y=top - 9, width=1, height=8, overflow="visible")
    place.add("polygon", class_=CLASSES[mark], points=TRIANGLES[CLASSES[mark]])


TRIANGLES: Final = {"takes": "-5,0 5,0 0,7", "gives": "-5,7 5,7 0,0"}
"""The corners of what is drawn for a lock."""


def _draw_holds(root: Element, lane: _Lane, scale: _Scale, top: int) -> None:
    for begin, end, locks in _holds(lane, scale.end):
        left, right = (100 * scale.exact(place) / scale.cells for place in (begin, end))
        bar = root.add("rect", class_="holds", x=f"{left:.4g}%", y=top, width=f"{right - left:.4g}%", height=3)
        bar.add("title", messages.has_locks(lane.name, locks))


def _holds(lane: _Lane, end: float) -> Iterator[tuple[float, float, tuple[str, ...]]]:
    """Yield from when to when a lane has which locks."""
    held: list[str] = []
    since = 0.0
    changes = [(place, event) for place, event in lane.notes if event.what in _LOCKS]
    for place, event in changes:
        if held and place > since:
            yield since, place, tuple(held[:_MAX_HELD])
        since, name = place, _shown(event.detail, 160)
        if event.what == "acquire":
            held.append(name)
        elif name in held:
            held.remove(name)
    if held and end > since:
        yield since, end, tuple(held[:_MAX_HELD])


_MAX_HELD: Final = 8
"""Locks of one lane that are named at once."""


def _without_points(row: str) -> str:
    """Return `row` with what is done before each point, or else after it, in the point's cell."""
    row = re.sub(r"([#.~-])[][*|]+", lambda match: match[1] * len(match[0]), row)
    row = re.sub(r"[][*|]+([#.~-])", lambda match: match[1] * len(match[0]), row)
    return re.sub(r"[][*|]", " ", row)


def _draw_axis(root: Element, scale: _Scale, top: int) -> None:
    if not scale.timed:
        root.add("text", scale.words, class_="axis", x=0, y=top + 14)
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


@dataclass(frozen=True, slots=True)
class _Scene:
    """What is to be drawn: the lanes that have room, and how many have not; if not `timed`, `steps` count.

    `remark` says that not all events were kept, if they were not.
    """

    lanes: list[_Lane]
    left_out: int
    begin: float
    end: float
    timed: bool
    steps: int
    full: bool
    words: str
    unseen: bool
    remark: str = ""

    @property
    def row(self) -> int:
        """Pixels that a lane is high in a drawing: what is told of locks stands above its bar."""
        return _FULL_ROW if self.full else _ROW

    def scale(self, room: int) -> _Scale:
        """Return where on a row of at most `room` cells each moment belongs."""
        cells = room if self.timed else min(room, 3 * self.steps)
        return _Scale(self.begin, self.end, cells, self.timed, self.words)


def _scene(events: Iterable[Event], *, full: bool, by_steps: bool) -> _Scene | None:
    in_time = ordered(events)
    if not in_time:
        return None
    remark = next((_shown(event.detail, 160) for event in in_time if is_remark(event)), "")
    passed = in_time[-1].at > in_time[0].at
    timed = passed and not by_steps
    places = [event.at if timed else float(step) for step, event in enumerate(in_time)]
    end = places[-1] if timed else float(len(in_time))
    points = _POINTS | _LOCKS if full else _POINTS
    lanes = _lanes(in_time, places, end, points)
    shown = _chosen(lanes)
    begin = places[0] if places[0] > end / 20 else 0.0
    words = messages.BY_STEPS if passed else messages.NO_TIME
    left_out, not_seen = len(lanes) - len(shown), unseen(in_time, timed=timed)
    return _Scene(shown, left_out, begin, end, timed, len(in_time), full, words, not_seen, remark)


def _left_out(scene: _Scene) -> list[str]:
    """Say what is not in the picture, if anything."""
    lanes = [messages.not_drawn(scene.left_out)] if scene.left_out else []
    return lanes + ([f"({scene.remark})"] if scene.remark else [])


def ordered(events: Iterable[Event]) -> list[Event]:
    """Return those events that have a place in time, by time, to the microsecond; none is before 0."""
    finite = (event for event in events if math.isfinite(event.at) and event.at <= _LATEST)
    rounded = (msgspec.structs.replace(event, at=round(max(event.at, 0.0), 6)) for event in finite)
    return sorted(rounded, key=lambda event: event.at)


_LATEST: Final = 1e12
"""Seconds; who claims that a call took longer is not believed."""


def _lanes(events: list[Event], places: list[float], end: float, points: dict[str, str]) -> list[_Lane]:
    rows: dict[str, list[tuple[float, Event]]] = {}
    for place, event in zip(places, events, strict=True):
        rows.setdefault(event.lane, []).append((place, event))
    return [_lane(name, row, end, points) for name, row in rows.items()]


def _lane(name: str, row: list[tuple[float, Event]], end: float, marks: dict[str, str]) -> _Lane:
    changes = [(place, event) for place, event in row if event.what in (*_STATES, "end") or is_remark(event)]
    spans = []
    for number, (place, event) in enumerate(changes):
        last = number + 1 == len(changes)
        until = end if last else changes[number + 1][0]
        if event.what in _STATES:
            spans.append(_Span(place, until, _STATES[event.what], event, last))
    points = tuple((place, marks[event.what]) for place, event in row if event.what in marks)
    told = {"note", *marks} - _POINTS.keys()
    notes = tuple((place, event) for place, event in row if event.what in told and not is_remark(event))
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
    for mark in ("]", "[", "|", "*"):
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


_BEYOND: Final = 16
"""Characters by which words at the axis may be beyond its end."""


def _axis(scale: _Scale, beyond: int) -> Iterator[str]:
    if not scale.timed:
        yield "-" * scale.cells
        yield scale.words
        return
    ticks = _ticks(scale, (scale.end - scale.begin) * 10 / scale.cells)
    ruler, labels = ["-"] * scale.cells, [" "] * (scale.cells + beyond)
    for tick in ticks:
        ruler[scale.cell(tick)] = "+"
        word = f"{tick:.6g}" if tick != ticks[-1] else f"{tick:.6g} s"
        _write(labels, min(scale.cell(tick), len(labels) - len(word)), word)
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
    if 0 <= start <= len(row) - len(word):
        row[start : start + len(word)] = word


def _legend(rows: Sequence[str], *, unseen: bool) -> dict[str, str]:
    """Say what the marks mean."""
    drawn = set("".join(rows))
    meanings = messages.LANES | ({"#": messages.NOT_SEEN} if unseen else {})
    return {mark: meaning for mark, meaning in meanings.items() if mark in drawn}


def _moments(scene: _Scene, width: int) -> list[str]:
    """Return the sentences that explain the picture, the most telling ones, by time."""
    timed = scene.timed
    told = [moment for lane in scene.lanes for moment in _merged(_told(lane, timed=timed))]
    telling = sorted(told, key=lambda moment: moment.weight)[: MAX_FULL if scene.full else MAX_MOMENTS]
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
        again = messages.times_more(len(more)) if more else ""
        yield replace(first, sentence=first.sentence + again)


def _told(lane: _Lane, *, timed: bool) -> Iterator[_Moment]:
    for span in lane.spans:
        detail, place = _shown(span.event.detail, 160), _place(span.event)
        length = span.end - span.begin
        if span.mark == "~" and (span.last or length > 0):
            long = messages.WITHOUT_END if span.last else _seconds(length) if timed else ""
            said = messages.waits(lane.name, long, detail) + place
            topic = f"{span.last} {detail}{place}"
            yield _Moment(span.begin, (0 if span.last else 1, -length), said, topic)
        elif span.event.what == "start" and place:
            said = messages.is_started(lane.name, detail) + place
            yield _Moment(span.begin, (3, span.begin), said, said)
    for begin, event in lane.notes:
        verb = f" {_HELD[event.what]}" if event.what in _HELD else ":"
        said = f"{lane.name}{verb} {_shown(event.detail, 160)}{_place(event)}"
        yield _Moment(begin, (2, begin), said, said)


def _place(event: Event) -> str:
    if event.line <= 0 or not event.file:
        return ""
    name = re.split(r"[/\\]", event.file)[-1]
    return f" ({_shown(name, 40)}:{event.line})"


def _seconds(value: float) -> str:
    return f"{round(value, 3) or 0:.7g} s"
