"""The story of a failing schedule, read from what the learner's process says of it, and drawn.

`grader.bubble.stories` writes it inside, where the answer could have written anything: so `read` takes what has the
right shape, cleans every text, and leaves the rest. Only the outside draws.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from grader import messages
from grader.printable import clean, line
from grader.svg import Element
from grader.verdict import Event

MAX_LANES: Final = 12
MAX_STEPS: Final = 400
_MAX_LINE: Final = 10**9


class _Step(msgspec.Struct):
    lane: str
    what: str
    words: str
    file: str
    line: int
    text: str
    at: float = 0.0
    name: str = ""
    held_by: str = ""


class _Wait(msgspec.Struct, rename={"waits_for": "for"}):
    lane: str
    waits_for: str
    held_by: str
    file: str
    line: int


class _Collision(msgspec.Struct):
    mine: list[int]
    other: int
    words: str


class _Told(msgspec.Struct):
    lanes: list[str]
    steps: list[_Step]
    waits: list[_Wait]
    collision: _Collision | None
    schedule: str
    dropped: int = 0
    kind: str = ""


msgspec.json.Decoder(_Told)  # makes the type known, for the same reason as `grader.judge.orders.LINES`


@dataclass(frozen=True, slots=True)
class Deed:
    """What of one `kind` (``data``, ``lock``, ``wait`` or ``other``) a thread does in one go in one line."""

    file: str
    line: int
    text: str
    words: tuple[str, ...]
    kind: str
    collides: bool


@dataclass(frozen=True, slots=True)
class Turn:
    """What one thread does until another goes on; `lane` is its number in the story's lanes."""

    lane: int
    deeds: tuple[Deed, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """A schedule, turn by turn. All texts are fit to be shown.

    Attributes:
        lanes: names of the threads.
        turns: in order.
        waits: who waits for what at the end, in sentences.
        collision: which accesses collide, in a sentence; ``""`` if none do.
        schedule: its name, for `replay`.
        dropped: how many steps before these are not told.
    """

    lanes: tuple[str, ...]
    turns: tuple[Turn, ...]
    waits: tuple[str, ...]
    collision: str
    schedule: str
    dropped: int

    @property
    def legend(self) -> tuple[tuple[str, str], ...]:
        """The classes of what is drawn, and what they mean."""
        deeds = [deed for turn in self.turns for deed in turn.deeds]
        drawn = {deed.kind for deed in deeds} | ({"hit"} if any(deed.collides for deed in deeds) else set())
        return tuple((kind, meaning) for kind, meaning in messages.DEEDS.items() if kind in drawn)


def read(told: dict[str, Any] | None) -> Story | None:
    """Return the story that `told` holds; None if it is none that can be drawn."""
    try:
        found = msgspec.convert(told, _Told)
    except (msgspec.ValidationError, RecursionError):
        return None
    lanes = list(dict.fromkeys(step.lane for step in found.steps[:MAX_STEPS]))
    if not lanes or len(lanes) > MAX_LANES or len(found.steps) > MAX_STEPS:
        return None
    hit = set(found.collision.mine) | {found.collision.other} if found.collision is not None else set()
    return Story(
        lanes=tuple(line(lane, 40) or "?" for lane in lanes),
        turns=tuple(_turns(found.steps, lanes, hit)),
        waits=tuple(_wait(wait) for wait in found.waits[:MAX_LANES]),
        collision=line(found.collision.words, 300) if found.collision is not None else "",
        schedule=line(found.schedule, 300),
        dropped=max(0, min(found.dropped, _MAX_LINE)),
    )


def _turns(steps: list[_Step], lanes: list[str], hit: set[int]) -> Iterator[Turn]:
    numbered = list(enumerate(steps))
    for lane, turn in itertools.groupby(numbered, key=lambda one: one[1].lane):
        groups = itertools.groupby(turn, key=lambda one: (one[1].file, one[1].line, _kind(one[1].what)))
        yield Turn(lanes.index(lane), tuple(_deed(list(group), hit) for _, group in groups))


def _deed(group: list[tuple[int, _Step]], hit: set[int]) -> Deed:
    first = group[0][1]
    return Deed(
        file=line(first.file, 80),
        line=first.line if 0 < first.line < _MAX_LINE else 0,
        text=clean(first.text[:200]).strip().replace("\n", " "),
        words=tuple(dict.fromkeys(line(step.words, 200) for _, step in group)),
        kind=_kind(first.what),
        collides=any(number in hit for number, _ in group),
    )


def _kind(what: str) -> str:
    return next((kind for kind, found in _KINDS.items() if what in found), "other")


_KINDS: Final = {"data": ("read", "write"), "lock": ("acquire", "release"), "wait": ("wait", "try")}


def _wait(wait: _Wait) -> str:
    place = f" ({wait.file}:{wait.line})" if wait.file and 0 < wait.line < _MAX_LINE else ""
    return line(messages.waits_for(wait.lane, wait.waits_for, wait.held_by) + place, 300)


# --- as events


def events(told: dict[str, Any] | None) -> tuple[Event, ...]:
    """Return what the threads do in the story that `told` holds, as events in its order; none if there is no story.

    A thread that has begun and is not at its turn is ``ready``, unless it sleeps, waits or has ended. Where nobody is
    left to wait for ever, the others end when the story does: their last steps are not told.
    """
    if read(told) is None:
        return ()
    found = msgspec.convert(told, _Told)
    events = tuple(_events(found.steps))
    if found.kind in _STUCK:
        return events
    ended = {event.lane for event in events if event.what == "end"}
    left = [lane for lane in dict.fromkeys(event.lane for event in events) if lane not in ended]
    return (*events, *(Event(events[-1].at, lane, "end") for lane in left))


_STUCK: Final = ("deadlock", "left", "limit")
"""Kinds of stories at whose ends somebody waits."""


def _events(steps: list[_Step]) -> Iterator[Event]:
    doing: dict[str, str] = {}
    before = ""
    for step in steps:
        at, lane = min(max(0.0, step.at), _LATEST), step.lane[:_MAX_NAME]
        if before not in ("", lane) and doing[before] == "run":
            doing[before] = "ready"
            yield Event(at, before, "ready")
        if doing.get(lane) != "run":
            yield Event(at, lane, "run")
        event = _event(step, at, lane)
        doing[lane] = event.what if event.what in ("sleep", "wait", "end") else "run"
        yield event
        before = lane


_LATEST: Final = 1e9
"""Seconds. A time without end is no number in JSON, and a judge that tells of it is not understood."""

_MAX_NAME: Final = 200


def _event(step: _Step, at: float, lane: str) -> Event:
    place = (line(step.file, 80), step.line if 0 < step.line < _MAX_LINE else 0)
    if step.what not in _AS_EVENTS:
        return Event(at, lane, "note", line(step.words, 400), *place)
    detail = messages.for_what(step.name, step.held_by) if step.what == "wait" else step.name
    return Event(at, lane, step.what, line(detail, 400), *place)


_AS_EVENTS: Final = ("sleep", "wait", "end", "print", "acquire", "release")
"""What is done in stories and told by events of the same name; all else is a note."""


# --- drawing

_CELL: Final = 34
_ROW: Final = 52
_BAR: Final = 26


def drawing(story: Story) -> str:
    """Return `story` as an ``<svg>`` element: a row for each thread, a box for each line that it runs, in order.

    The boxes of a turn are one group of class ``turn`` with its number as ``data-turn``; a line leads from each turn
    to the next.
    """
    deeds = sum(len(turn.deeds) for turn in story.turns)
    width, height = _CELL * deeds + 8, _ROW * len(story.lanes) + 4
    root = Element("svg", class_="story", role="img", width=width, height=height)
    root.add("title", messages.a_schedule(story.lanes))
    for number in range(len(story.lanes)):
        root.add("line", class_="rail", x1=0, x2=width, y1=_middle(number), y2=_middle(number))
    place, before = 0, None
    for number, turn in enumerate(story.turns):
        group = root.add("g", class_="turn", data_turn=number)
        if before is not None:
            x = place * _CELL + 2
            group.add("line", class_="switch", x1=x, x2=x, y1=_middle(before), y2=_middle(turn.lane))
        for deed in turn.deeds:
            _draw_deed(group, deed, place * _CELL + 4, turn.lane * _ROW + 20)
            place += 1
        before = turn.lane
    for number, lane in enumerate(story.lanes):
        root.add("text", lane, class_="name", x=2, y=number * _ROW + 14)
    return str(root)


def _middle(lane: int) -> float:
    return lane * _ROW + 20 + _BAR / 2


def _draw_deed(group: Element, deed: Deed, x: int, top: int) -> None:
    box = group.add("g", class_=f"deed {deed.kind}{' hit' if deed.collides else ''}")
    said = f"{deed.line}: {deed.text}" if deed.line else ""
    box.add("title", f"{said} · {', '.join(deed.words)}")
    box.add("rect", x=x, y=top, width=_CELL - 4, height=_BAR, rx=4)
    box.add("text", str(deed.line or "·"), x=x + (_CELL - 4) / 2, y=top + 18, text_anchor="middle")
