"""A failing schedule as a story: who did what, line by line, where threads were switched, what collides."""

from __future__ import annotations

import linecache
import textwrap
from typing import TYPE_CHECKING, Any, Final

from grader.bubble.telling import Deed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.bubble.exploring import Failure

_DATA: Final = ("read", "write")
_EDGES: Final = ("start", "join")
"""What is told only of those who do something else too."""

_WORDS: Final = {
    "start": "starts {}",
    "end": "ends",
    "read": "reads {}",
    "write": "writes {}",
    "acquire": "acquires {}",
    "release": "releases {}",
    "try": "tries in vain to get {}",
    "wait": "waits for {}",
    "join": "sees the end of {}",
    "sleep": "sleeps {}",
    "print": "prints {}",
    "note": "notes {}",
}
MAX_STEPS: Final = 400
"""Steps that a story has at most: its last ones, where things go wrong."""


def story(failure: Failure) -> dict[str, Any]:
    """Return `failure` as plain data, fit for JSON.

    Returns:
        ``kind``, ``message``, ``schedule`` (its name; ``""`` if it has none), ``preemptions``; ``lanes``: names of the
        threads in order of appearance; ``steps``: in order, each with ``lane``, ``what``, ``name``, ``held_by`` (as
        `Deed` has them), ``words``, ``file``, ``line``, ``text`` (of that line), ``at`` (virtual seconds) and
        ``switch`` (whether another thread went before); ``waits``: of a deadlock, who waits, each with ``lane``,
        ``for``, ``held_by``, ``file``, ``line``; ``collision``: None, or the accesses that collide: ``name``, ``mine``
        (numbers of one or two steps of one thread), ``other`` (of the step of another thread between or beside them)
        and ``words``.
    """
    deeds = _worth_telling([*failure.deeds, *_last_waits(failure)])
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
        "collision": _collision(deeds) if failure.kind not in ("deadlock", "left", "limit") else None,
    }


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


def _worth_telling(deeds: Sequence[Deed]) -> list[Deed]:
    """Return the deeds that concern others, without those of threads that only start others and wait for their ends."""
    shared = _shared(deeds)
    kept = [deed for deed in deeds if _concerns(deed, shared)]
    last = {deed.lane: deed for deed in kept}
    kept = [deed for deed in kept if not _is_a_join(deed) or deed is last[deed.lane]]
    busy = {deed.lane for deed in kept if deed.what not in (*_EDGES, "end")}
    return [deed for deed in kept if deed.lane in busy]


def _is_a_join(deed: Deed) -> bool:
    return deed.what == "wait" and deed.name.startswith("the end of ")


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
    name = "what is in a container" if deed.name == "[]" else deed.name
    held = f", held by {'itself' if deed.held_by == deed.lane else deed.held_by}" if deed.held_by else ""
    return {
        "lane": deed.lane,
        "what": deed.what,
        "name": deed.name,
        "held_by": deed.held_by,
        "words": _WORDS[deed.what].format(name) + held,
        "file": deed.file,
        "line": deed.line,
        "text": linecache.getline(deed.path, deed.line).strip() if deed.line else "",
        "at": deed.at,
        "switch": before is not None and before.lane != deed.lane,
    }


def _waits(failure: Failure) -> list[dict[str, Any]]:
    stuck = failure.outcome.deadlock.stuck if failure.outcome.deadlock is not None else ()
    return [
        {"lane": one.name, "for": one.waits_for, "held_by": one.held_by, "file": one.file, "line": one.line}
        for one in stuck
    ]


def _collision(deeds: Sequence[Deed]) -> dict[str, Any] | None:
    """Return the accesses that collide: another's write between two accesses of one thread; else two in a row."""
    found = next(_interrupted(deeds), None)
    if found is not None:
        first, other, second = found
        mine, words = [first, second], f", before {deeds[first].lane} {_past(deeds[second])} it"
    else:
        pairs = list(_neighbours(deeds))
        if not pairs:
            return None
        (first, other), words = pairs[-1], ""
        mine = [first]
    one, two = deeds[first], deeds[other]
    name = "a container" if one.name == "[]" else one.name
    words = f"{one.lane} {_past(one)} {name}, then {two.lane} {_past(two)} it{words}"
    return {"name": one.name, "mine": mine, "other": other, "words": words}


def _interrupted(deeds: Sequence[Deed]) -> Iterator[tuple[int, int, int]]:
    """Yield triples: a thread's access, another's write of the same, and the thread's next access of it."""
    for first, deed in enumerate(deeds):
        if deed.what not in _DATA:
            continue
        other = -1
        for number in range(first + 1, len(deeds)):
            later = deeds[number]
            if later.what not in _DATA or not _is_same(later, deed):
                continue
            if later.lane != deed.lane:
                other = number if later.what == "write" else other
                continue
            if other >= 0:
                yield first, other, number
            break


def _neighbours(deeds: Sequence[Deed]) -> Iterator[tuple[int, int]]:
    """Yield pairs of accesses of the same thing by two threads, one after the other, of which one writes."""
    data = [number for number, deed in enumerate(deeds) if deed.what in _DATA]
    for place, number in enumerate(data):
        deed = deeds[number]
        before = next((other for other in reversed(data[:place]) if _is_same(deeds[other], deed)), None)
        if before is not None and deeds[before].lane != deed.lane and "write" in (deed.what, deeds[before].what):
            yield before, number


def _past(deed: Deed) -> str:
    return "wrote" if deed.what == "write" else "read"


# --- text


def picture(told: dict[str, Any], width: int = 100) -> str:
    """Return a `story` as text: a column for each thread, its own lines in it, time going down.

    Args:
        told: what `story` returned.
        width: of the text, in characters.
    """
    lanes = told["lanes"]
    if not lanes:
        return str(told["message"])
    column = max(24, (width - 3 * (len(lanes) - 1)) // len(lanes))
    rows = [
        _row(lanes, column, {lane: lane for lane in lanes}),
        _row(lanes, column, dict.fromkeys(lanes, "─" * column)),
    ]
    for group in _groups(told["steps"]):
        rows += _tell_group(lanes, column, group)
    ends = [told["message"]]
    if told["collision"] is not None:
        ends.append(told["collision"]["words"] + ".")
    return "\n".join([*rows, "", *ends])


def _groups(steps: Sequence[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """Yield the steps of one thread in one line together."""
    group: list[dict[str, Any]] = []
    for step in steps:
        if group and any(step[key] != group[0][key] for key in ("lane", "file", "line")):
            yield group
            group = []
        group.append(step)
    if group:
        yield group


def _tell_group(lanes: Sequence[str], column: int, group: list[dict[str, Any]]) -> Iterator[str]:
    first = group[0]
    lines = []
    if first["line"]:
        lines += _wrapped(f"{first['line']:>3} {first['text']}", column)
    done = ", ".join(dict.fromkeys(step["words"] for step in group))
    lines += _wrapped(f"    · {done}", column)
    for line in lines:
        yield _row(lanes, column, {first["lane"]: line})


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width, subsequent_indent="      ", drop_whitespace=False, replace_whitespace=False) or [
        ""
    ]


def _row(lanes: Sequence[str], column: int, cells: dict[str, str]) -> str:
    return " │ ".join(cells.get(lane, "")[:column].ljust(column) for lane in lanes).rstrip()
