"""A picture as a trace in the Trace Event Format, JSON that ui.perfetto.dev and chrome://tracing open.

A lane is a thread of one process; what it does are complete events (``X``), which never overlap; prints, notes and
locks are instants (``i``); an arrow (``s`` and ``f``) leads from who starts a thread, or gives a lock back, to whom
that lets go on. Of another process there is a thread for each lock: who has it. Times are microseconds, whole ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from grader import lanes
from grader.printable import line
from grader.timeline import messages
from grader.timeline.scene import Scene
from grader.verdict import Event

STEP: Final = 1_000
"""Microseconds that a step is drawn long, where the order counts and no time."""

_LANES, _LOCKS = 1, 2
_INSTANTS: Final = ("print", "note", "acquire", "release")
_VERBS: Final = {"print": "prints", "note": "", "acquire": "takes", "release": "gives back"}
_AWAITED: Final = re.compile(r"for (.+), held by (.+)")


def write(scene: Scene) -> bytes:
    """Return `scene` as JSON text in UTF-8."""
    trace = {
        "traceEvents": [*_names(scene), *sorted(_timed(scene), key=_order)],
        "displayTimeUnit": "ms",
        "otherData": {
            "kata": scene.kata,
            "check": line(scene.check.name),
            "status": scene.check.status,
            "time": messages.EACH_STEP if _by_steps(scene) else messages.IN_SECONDS,
        },
    }
    return msgspec.json.format(msgspec.json.encode(trace), indent=1) + b"\n"


@dataclass(frozen=True, slots=True)
class _Slice:
    """What a lane does from `begin` to `end`; `stuck` if it was still doing so when all was over."""

    begin: int
    end: int
    event: Event
    stuck: bool = False


@dataclass(frozen=True, slots=True)
class _Lane:
    """A lane: its number, the events in it with their times, and its slices, which neither overlap nor are empty."""

    number: int
    name: str
    events: tuple[tuple[int, Event], ...]
    slices: tuple[_Slice, ...]

    def anchor(self, time: int) -> int | None:
        """Return the time in a slice at which an arrow can be fixed for `time`; None if there is no slice there."""
        for one in self.slices:
            if one.begin <= time < one.end:
                return time
            if one.begin < time == one.end and not any(other.begin == time for other in self.slices):
                return time - 1
        return None


def _by_steps(scene: Scene) -> bool:
    return scene.by_steps or scene.events[0].at == scene.events[-1].at


def _lanes(scene: Scene) -> tuple[list[_Lane], int]:
    """Return the lanes, by their first events, and when all is over."""
    steps = _by_steps(scene)
    times = [_time(event, number, steps=steps) for number, event in enumerate(scene.events)]
    last = times[-1] + STEP if steps else times[-1]
    over = last + max(1, (last - times[0]) // 50)
    rows: dict[str, list[tuple[int, Event]]] = {}
    for time, event in zip(times, scene.events, strict=True):
        rows.setdefault(event.lane, []).append((time, event))
    numbered = enumerate(rows.items(), 1)
    return [_Lane(number, name, tuple(row), tuple(_slices(row, last, over))) for number, (name, row) in numbered], over


def _time(event: Event, number: int, *, steps: bool) -> int:
    return number * STEP if steps else round(min(event.at, _LATEST) * 1e6)


_LATEST: Final = 1e9
"""Seconds; in microseconds it is still a number that every reader of JSON has exactly."""


def _slices(row: list[tuple[int, Event]], last: int, over: int) -> Iterator[_Slice]:
    """Yield what a lane does; one that waits without end does so a little longer than all else, to be seen."""
    changes = [(time, event) for time, event in row if event.what in (*lanes.DOES, "end") or lanes.is_remark(event)]
    for number, (begin, event) in enumerate(changes):
        is_last = number + 1 == len(changes)
        stuck = is_last and event.what == "wait"
        end = over if stuck else last if is_last else changes[number + 1][0]
        if event.what in lanes.DOES and end > begin:
            yield _Slice(begin, end, event, stuck)


# --- events of the trace


def _names(scene: Scene) -> Iterator[dict[str, Any]]:
    found, over = _lanes(scene)
    locks = list(_holds(found, over))
    yield _meta("process_name", _LANES, 0, name=f"{scene.kata}: {line(scene.check.name)}")
    yield _meta("process_sort_index", _LANES, 0, sort_index=1)
    for lane in found:
        yield _meta("thread_name", _LANES, lane.number, name=line(lane.name, 60) or "?")
        yield _meta("thread_sort_index", _LANES, lane.number, sort_index=lane.number)
    if locks:
        yield _meta("process_name", _LOCKS, 0, name=messages.LOCKS)
        yield _meta("process_sort_index", _LOCKS, 0, sort_index=2)
    for number, name in enumerate(dict.fromkeys(hold.lock for hold in locks), 1):
        yield _meta("thread_name", _LOCKS, number, name=line(name, 100))
        yield _meta("thread_sort_index", _LOCKS, number, sort_index=number)


def _meta(kind: str, pid: int, tid: int, **args: Any) -> dict[str, Any]:
    return {"ph": "M", "name": kind, "pid": pid, "tid": tid, "args": args}


def _timed(scene: Scene) -> Iterator[dict[str, Any]]:
    found, over = _lanes(scene)
    unseen = lanes.unseen(scene.events, timed=not _by_steps(scene))
    for lane in found:
        yield from (_slice(scene, lane, one, unseen=unseen) for one in lane.slices)
        yield from (_instant(scene, lane, *one) for one in lane.events if one[1].what in _INSTANTS)
    yield from _arrows(found)
    tracks: dict[str, int] = {}
    for hold in _holds(found, over):
        tid = tracks.setdefault(hold.lock, len(tracks) + 1)
        name = f"held by {line(hold.lane, 60)}"
        yield {"ph": "X", "name": name, "cat": "lock", **_at(_LOCKS, tid, hold.begin), "dur": hold.end - hold.begin}


def _order(event: dict[str, Any]) -> tuple[int, int]:
    return event["ts"], "Xsfi".index(event["ph"])


def _at(pid: int, tid: int, time: int) -> dict[str, Any]:
    return {"pid": pid, "tid": tid, "ts": time}


def _slice(scene: Scene, lane: _Lane, one: _Slice, *, unseen: bool) -> dict[str, Any]:
    what = one.event.what
    detail = line(one.event.detail, 300) if what in ("sleep", "wait") else ""
    name = f"{lanes.does(what, unseen=unseen)}{' without end' if one.stuck else ''} {detail}".rstrip()
    time = _at(_LANES, lane.number, one.begin) | {"dur": one.end - one.begin}
    colour = {"cname": _COLOURS[what]} if what in _COLOURS else {}
    return {"ph": "X", "name": name, "cat": what, **time, **colour, "args": _place(scene, one.event)}


_COLOURS: Final = {
    "start": "thread_state_running",
    "run": "thread_state_running",
    "sleep": "thread_state_sleeping",
    "wait": "thread_state_iowait",
    "ready": "thread_state_runnable",
}


def _instant(scene: Scene, lane: _Lane, time: int, event: Event) -> dict[str, Any]:
    name = f"{_VERBS[event.what]} {line(event.detail, 300)}".strip() or event.what
    args = _place(scene, event)
    return {"ph": "i", "s": "t", "name": name, "cat": event.what, **_at(_LANES, lane.number, time), "args": args}


def _place(scene: Scene, event: Event) -> dict[str, str]:
    if event.line <= 0 or not event.file:
        return {}
    source = scene.source(event).strip()
    return {"line": f"{line(event.file, 80)}:{event.line}"} | ({"source": source} if source else {})


# --- arrows


@dataclass(frozen=True, slots=True)
class _Arrow:
    name: str
    source: tuple[_Lane, int]
    target: tuple[_Lane, int]


def _arrows(found: list[_Lane]) -> Iterator[dict[str, Any]]:
    """Yield both ends of each arrow whose ends lie in slices; a viewer can't fix it otherwise."""
    number = 0
    for arrow in (*_starts(found), *_hand_overs(found)):
        ends = [(lane, lane.anchor(time)) for lane, time in (arrow.source, arrow.target)]
        (source, begin), (target, end) = ends
        if begin is None or end is None or begin > end:
            continue
        number += 1
        both = {"name": arrow.name, "cat": "order", "id": number}
        yield {"ph": "s", **both, **_at(_LANES, source.number, begin)}
        yield {"ph": "f", "bp": "e", **both, **_at(_LANES, target.number, end)}


def _starts(found: list[_Lane]) -> Iterator[_Arrow]:
    by_name = {lane.name: lane for lane in found}
    for lane in found:
        for time, event in lane.events:
            starter = by_name.get(event.detail.removeprefix("by "))
            if event.what == "start" and starter is not None:
                yield _Arrow("starts", (starter, time), (lane, time))


def _hand_overs(found: list[_Lane]) -> Iterator[_Arrow]:
    """Yield an arrow to the end of each wait, from who gave back the lock, or ended."""
    for lane in found:
        for wait in lane.slices:
            if wait.event.what == "wait" and not wait.stuck:
                yield from _hand_over(found, lane, wait)


def _hand_over(found: list[_Lane], lane: _Lane, wait: _Slice) -> Iterator[_Arrow]:
    lock = match[1] if (match := _AWAITED.fullmatch(wait.event.detail)) else ""
    ended = wait.event.detail.removeprefix(messages.END_OF)
    for other in found:
        for time, event in other.events:
            by_release = event.what == "release" and event.detail == lock
            by_end = event.what == "end" and other.name == ended
            if other is not lane and time == wait.end and (by_release or by_end):
                yield _Arrow("gives back" if by_release else "ends", (other, time), (lane, wait.end))


# --- locks


@dataclass(frozen=True, slots=True)
class _Hold:
    """A time in which a lane had a lock."""

    lock: str
    lane: str
    begin: int
    end: int


def _holds(found: list[_Lane], over: int) -> Iterator[_Hold]:
    """Yield who had which lock, each lock's in order; one that is taken again by its holder is one hold."""
    told = [(time, event) for lane in found for time, event in lane.events if event.what in ("acquire", "release")]
    locks: dict[str, list[tuple[int, Event]]] = {}
    for time, event in sorted(told, key=lambda one: one[0]):
        locks.setdefault(event.detail, []).append((time, event))
    for lock, events in locks.items():
        yield from (hold for hold in _holds_of(lock, events, over) if hold.end > hold.begin)


def _holds_of(lock: str, events: list[tuple[int, Event]], over: int) -> Iterator[_Hold]:
    holder, begin, depth = "", 0, 0
    for time, event in events:
        if event.what == "release":
            depth = max(0, depth - 1)
            if holder and not depth:
                yield _Hold(lock, holder, begin, time)
                holder = ""
        elif event.lane == holder:
            depth += 1
        else:
            if holder:
                yield _Hold(lock, holder, begin, time)
            holder, begin, depth = event.lane, time, 1
    if holder:
        yield _Hold(lock, holder, begin, over)
