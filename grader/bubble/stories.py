"""A failing schedule as a story: who did what, line by line, where threads were switched, what collides."""

from __future__ import annotations

import dataclasses
import itertools
import linecache
import re
from typing import TYPE_CHECKING, Any, Final

from grader.bubble import messages
from grader.bubble.telling import Deed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from grader.bubble.exploring import Failure

_DATA: Final = ("read", "write")
_EDGES: Final = ("start", "join", "end")
"""What is told only of those who do something else too."""

_MAIN: Final = "MainThread"
_CONTAINER: Final = "[]"
_NUMBERED: Final = re.compile(rf"(?:lock|Condition) \d+{messages.MADE_AT}(\S+:\d+)")
_OF_CONTAINER: Final = re.compile(
    r"(?<![\w.\])])([A-Za-z_][\w.]*)"
    r"(?:\[|\.(?:add|append(?:left)?|clear|discard|extend|get|insert|items|keys|pop(?:left|item)?|remove|setdefault|"
    r"update|values)\()"
    r"|\b(?:len|list|max|min|sorted|sum|tuple)\(([A-Za-z_][\w.]*)\)"
    r"|\bin ([A-Za-z_][\w.]*)\b(?![\w.]*[\[(])"
)
"""What a line does with a container that it calls by a name."""

_WHEN_STUCK: Final = ("deadlock", "left", "limit")
"""Kinds of failures that come of waiting, not of data."""

_STOPS: Final = ("wait", "sleep", "end")
"""What a thread does last before others go on because it can't."""

MAX_STEPS: Final = 400
"""Steps that a story has at most: its last ones, where things go wrong."""


def story(failure: Failure, course: Collection[str] = ()) -> dict[str, Any]:
    """Return `failure` as plain data, fit for JSON.

    Args:
        failure: of `explore` or `replay`.
        course: names of files that are not the learner's own, so that what collides there is not told.

    Returns:
        ``kind``, ``message``, ``schedule`` (its name; ``""`` if it has none), ``preemptions``; ``lanes``: names of the
        threads in order of appearance; ``steps``: in order, each with ``lane``, ``what``, ``name``, ``held_by`` (as
        `Deed` has them), ``words``, ``file``, ``line``, ``text`` (of that line), ``at`` (virtual seconds) and
        ``switch`` (whether another thread went before); ``waits``: of a deadlock, who waits, each with ``lane``,
        ``for``, ``held_by``, ``file``, ``line``; ``collision``: None, or what collides where a thread was stopped that
        could have gone on: ``name``, ``mine`` (numbers of one or two steps of that thread), ``other`` (of the step of
        another thread between or after them) and ``words`` (``""`` if it is inside a container that has no name).
    """
    deeds = _worth_telling(_named_alike([*failure.deeds, *_last_waits(failure)]), failure.kind)
    dropped = max(0, len(deeds) - MAX_STEPS)
    deeds = deeds[dropped:]
    steps = [_step(deed, deeds[number - 1] if number else None) for number, deed in enumerate(deeds)]
    return {
        "kind": failure.kind,
        "message": failure.message,
        "schedule": str(failure.schedule or ""),
        "preemptions": failure.preemptions,
        "lanes": list(dict.fromkeys(deed.lane for deed in deeds)),
        "dropped": dropped,
        "steps": steps,
        "waits": _waits(failure),
        "collision": _collision(deeds, course) if failure.kind not in _WHEN_STUCK else None,
    }


def _named_alike(deeds: list[Deed]) -> list[Deed]:
    """Return the deeds with a number for the first lock of a line, too, where a second was made only later."""
    numbered = {match[1] for deed in deeds if (match := _NUMBERED.fullmatch(deed.name))}

    def named(deed: Deed) -> Deed:
        what, _, place = deed.name.partition(messages.MADE_AT)
        if place not in numbered or not what.startswith(messages.THE):
            return deed
        first = messages.one_of(what.removeprefix(messages.THE), 1)
        return dataclasses.replace(deed, name=messages.made_at(first, place))

    return [named(deed) for deed in deeds]


def _last_waits(failure: Failure) -> Iterator[Deed]:
    """Yield the waits of those who were stopped before they knew that they would have to wait."""
    last = {deed.lane: deed for deed in failure.deeds}
    paths = {deed.file: deed.path for deed in failure.deeds}
    step = len(failure.trace.steps)
    for one in failure.outcome.deadlock.stuck if failure.outcome.deadlock is not None else ():
        if one.name not in last or last[one.name].what != "wait":
            at = failure.outcome.seconds
            yield Deed(
                step, one.name, "wait", one.waits_for, one.held_by, one.file, one.line, paths.get(one.file, ""), at
            )


def _worth_telling(deeds: Sequence[Deed], kind: str) -> list[Deed]:
    """Return the deeds that concern others, without those of threads that only start others and wait for their ends."""
    shared = _shared(deeds)
    kept = [deed for deed in deeds if _concerns(deed, shared)]
    if kind not in ("deadlock", "limit", "error"):  # then the main thread's end may be where it goes wrong
        kept = _without_the_frame(kept)
    last = {deed.lane: deed for deed in kept}
    kept = [deed for deed in kept if not _is_a_join(deed) or deed is last[deed.lane]]
    busy = {deed.lane for deed in kept if deed.what not in _EDGES and not _is_a_join(deed)}
    return [deed for deed in kept if not busy or deed.lane in busy]


def _without_the_frame(deeds: list[Deed]) -> list[Deed]:
    """Return the deeds without what the main thread does while it is alone: before all others, and after them."""
    others = [number for number, deed in enumerate(deeds) if deed.lane != _MAIN]
    return deeds[others[0] : others[-1] + 1] if others else deeds


def _is_a_join(deed: Deed) -> bool:
    return deed.what == "wait" and deed.name.startswith(messages.END_OF)


def _concerns(deed: Deed, shared: set[tuple[str, int]]) -> bool:
    if deed.what in _DATA:
        return (deed.name, deed.number) in shared
    if deed.what in ("acquire", "release", "try"):
        return deed.name != ""
    return deed.line > 0 or deed.what in ("end", "wait")


def _shared(deeds: Sequence[Deed]) -> set[tuple[str, int]]:
    """Return the names and numbers of what several threads touch and one writes."""
    touched: dict[str, dict[int, set[str]]] = {}
    for deed in deeds:
        if deed.what in _DATA:
            touched.setdefault(deed.name, {}).setdefault(deed.number, set()).add(deed.lane)
    written = {(deed.name, deed.number) for deed in deeds if deed.what == "write"}
    return {
        (name, number)
        for name, objects in touched.items()
        for number, lanes in objects.items()
        if len(lanes | objects.get(0, set())) > 1 and {(name, number), (name, 0)} & written
    }


def _is_same(one: Deed, other: Deed) -> bool:
    """Return whether two accesses may be of the same thing."""
    return one.name == other.name and (one.number == other.number or not one.number or not other.number)


def _step(deed: Deed, before: Deed | None) -> dict[str, Any]:
    is_inside = deed.name == _CONTAINER
    name = messages.inside_of(_container(deed) or messages.A_CONTAINER) if is_inside else deed.name
    held = messages.held_by(deed.held_by, itself=deed.held_by == deed.lane)
    return {
        "lane": deed.lane,
        "what": deed.what,
        "name": deed.name,
        "held_by": deed.held_by,
        "words": messages.deed(deed.what, name) + held,
        "file": deed.file,
        "line": deed.line,
        "text": _text(deed),
        "at": deed.at,
        "switch": before is not None and before.lane != deed.lane,
    }


def _text(deed: Deed) -> str:
    return linecache.getline(deed.path, deed.line).strip() if deed.line else ""


def _container(deed: Deed) -> str:
    """Return how the container is called that `deed` reads or changes; ``""`` if the line may mean several."""
    found = {match[1] or match[2] or match[3] for match in _OF_CONTAINER.finditer(_text(deed))}
    return found.pop() if len(found) == 1 else ""


def _waits(failure: Failure) -> list[dict[str, Any]]:
    stuck = failure.outcome.deadlock.stuck if failure.outcome.deadlock is not None else ()
    return [
        {"lane": one.name, "for": one.waits_for, "held_by": one.held_by, "file": one.file, "line": one.line}
        for one in stuck
    ]


def _collision(deeds: Sequence[Deed], course: Collection[str]) -> dict[str, Any] | None:
    """Return the accesses that collide where a thread was stopped that could have gone on.

    At best they are another's write between a thread's read and its write; else one between any two of its accesses;
    else an access by another of what the thread has just written, or its write of what the thread has just read.
    """
    data = [number for number, deed in enumerate(deeds) if deed.what in _DATA and deed.file not in course]
    stops = list(_preemptions(deeds))[::-1]
    between = [found for stop in stops for found in _interrupted(deeds, data, stop)]
    lost = [found for found in between if deeds[found[0]].what == "read" and deeds[found[2]].what == "write"]
    for found in (*lost, *between):
        return _told_collision(deeds, *found)
    torn = next(filter(None, (_torn(deeds, data, stop) for stop in stops)), None)
    return None if torn is None else _told_collision(deeds, *torn)


def _told_collision(deeds: Sequence[Deed], first: int, other: int, second: int | None = None) -> dict[str, Any]:
    one, two = deeds[first], deeds[other]
    mine = [first] if second is None else [first, second]
    name = _common_name([deeds[number] for number in (*mine, other)])
    words = messages.collision(one.lane, two.lane, name, _past(one), _past(two))
    if second is not None:
        later = deeds[second]
        words += messages.before_again(one.lane, _past(later), again=one.what == later.what)
    return {"name": one.name, "mine": mine, "other": other, "words": words if name else ""}


def _common_name(deeds: Sequence[Deed]) -> str:
    """Return how all of the `deeds` call what they concern; ``""`` if it has no name, or may not be one thing."""
    if deeds[0].name != _CONTAINER:
        return deeds[0].name
    if all(deed.what == "write" for deed in deeds):  # which may be different things in it
        return ""
    names = [_container(deed) for deed in deeds]
    return messages.inside_of(names[0]) if len({name.rpartition(".")[2] for name in names}) == 1 and names[0] else ""


def _preemptions(deeds: Sequence[Deed]) -> Iterator[tuple[int, int]]:
    """Yield where threads were stopped that could have gone on: the last deed before, and the same thread's next."""
    for number, (deed, following) in enumerate(itertools.pairwise(deeds)):
        if following.lane != deed.lane and deed.what not in _STOPS:
            later = (other for other in range(number + 1, len(deeds)) if deeds[other].lane == deed.lane)
            resumed = next(later, None)
            if resumed is not None:
                yield number, resumed


def _interrupted(deeds: Sequence[Deed], data: Sequence[int], stop: tuple[int, int]) -> Iterator[tuple[int, int, int]]:
    """Yield triples: an access before, another's write of the same, and the first one's next access of it.

    Either the first thread is the one that was stopped; or the writer is, and the first access was meanwhile.
    """
    last, resumed = stop
    stopped = deeds[last].lane
    for first in reversed([number for number in data if number < resumed]):
        same = [number for number in data if number > first and _is_same(deeds[number], deeds[first])]
        lane = deeds[first].lane
        second = next((number for number in same if deeds[number].lane == lane), None)
        if second is None or (first > last) == (lane == stopped):
            continue
        begin = last if lane == stopped else resumed - 1
        writes = [n for n in same if begin < n < second and deeds[n].lane != lane and deeds[n].what == "write"]
        if lane != stopped:
            writes = [number for number in writes if deeds[number].lane == stopped]
        if writes:
            yield first, writes[-1], second


def _torn(deeds: Sequence[Deed], data: Sequence[int], stop: tuple[int, int]) -> tuple[int, int] | None:
    """Return the stopped thread's last access before, and another's next one of the same, if one of them writes."""
    last, resumed = stop
    first = next((number for number in reversed(data) if number <= last and deeds[number].lane == deeds[last].lane), -1)
    if first < 0:
        return None
    same = (number for number in data if last < number < resumed and _is_same(deeds[number], deeds[first]))
    other = next(same, None)
    return (first, other) if other is not None and "write" in (deeds[first].what, deeds[other].what) else None


def _past(deed: Deed) -> str:
    return messages.PAST[deed.what]
