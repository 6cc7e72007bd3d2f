"""Read what was seen of a call, and what its process says of itself: hostile until it has become a `Run`."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, Final

import msgspec

from grader import wire
from grader.judge import messages
from grader.judge.exchange import Exchange
from grader.judge.faults import ABORTED, raised_text, standing, where_of
from grader.judge.run import Exit, Line, Run
from grader.verdict import Event

_LATEST: Final = 1e9
"""Seconds that no call takes by any clock."""

_MAX_NAME: Final = 200
_MAX_NAMES: Final = 100


def to_run(seen: Exchange, asked: str, files: Collection[str], *, real: bool) -> Run:
    """Read what the learner's process says of itself; raises for whatever is not as `inside` writes it.

    Args:
        files: names of the answer's files.
    """
    reply = seen.reply or {}
    left = _names(reply.get("left", []))
    events = wire.read_events(reply.get("events", []))
    error = wire.decode(reply.get("raised"))
    if "raised" in reply and not isinstance(error, wire.Raised):
        raise wire.WireError("not an exception")
    seconds = seen.seconds if real else _number(reply.get("seconds", 0.0))
    printed = [Line(event.detail, event.lane, event.at) for event in events if event.what == "print"]
    came = [Line(text, "", at, pid) for text, at, pid in seen.out.lines]
    return Run(
        asked,
        round(seconds, 6),
        value=wire.decode(reply.get("value")),
        error=error if isinstance(error, wire.Raised) else None,
        told=raised_text(reply) if "raised" in reply else "",
        where=where_of(reply),
        out=came if real else printed,
        text=seen.out.text,
        stderr=seen.err.text.partition(ABORTED)[0] if seen.report.asked else seen.err.text,
        timeline=msgspec.convert(events, tuple[Event, ...], from_attributes=True),
        left=left,
        processes=list(seen.report.processes),
        cpu_here=seen.report.cpu,
        cpu_children=seen.report.cpu_children,
        exit_code=seen.report.exit,
        leftovers=_leftovers(seen, files),
        left_threads=_left_threads(left, asked, reply, events),
        explored=reply.get("explored"),
        replayed=reply.get("replayed"),
        unfit=reply.get("unfit"),
        followed=reply.get("followed"),
        exits=_exits(reply.get("exits", [])),
        peak_threads=seen.report.peaks.get("threads", 0),
        own_memory=seen.report.peaks.get("own_memory", 0),
        shared_memory=_names(reply.get("shared", [])) if seen.report.rooted else [],
        stall=seen.report.stall if real else 0.0,
        loading=seen.loading if real else None,
    )


def _names(given: Iterable[object]) -> list[str]:
    return [str(name)[:_MAX_NAME] for name in list(given)[:_MAX_NAMES]]


def _exits(rows: object) -> list[Exit]:
    exits = []
    for name, method, code in rows if isinstance(rows, list) else []:
        if not isinstance(name, str) or not isinstance(method, str) or type(code) not in (int, type(None)):
            raise TypeError("names, methods and exit codes expected")
        exits.append(Exit(name[:_MAX_NAME], method[:_MAX_NAME], code))
    return exits


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError("a number expected")
    if not 0 <= value <= _LATEST:
        raise ValueError("seconds that no clock shows")
    return float(value)


def _leftovers(seen: Exchange, files: Collection[str]) -> list[str]:
    """Return the processes that were left, in words; if all that were asked told where they stood, with that."""
    told = list(seen.report.leftovers)
    places = standing(seen.err.text, files) if told else []
    if len(places) != seen.report.asked:
        return told
    return [*map(messages.left_process, told, places), *told[len(places) :]]


def _left_threads(left: list[str], asked: str, reply: dict[str, Any], events: Iterable[wire.Event]) -> list[str]:
    """Return the threads that were left, in words, with where they stood: by their word, or by what they did last."""
    did = {event.lane: (event.file, event.line, "") for event in events if event.line}
    places = [_place(row) for row in list(reply.get("standing", []))] or [did.get(name) for name in left]
    if len(places) != len(left):
        raise ValueError("not as many places as threads")
    return [
        messages.left_thread(name, asked, messages.at(*place) if place else "")
        for name, place in zip(left, places, strict=True)
    ]


def _place(row: Any) -> tuple[str, int, str] | None:
    if row is None:
        return None
    file, number, function = row
    if not isinstance(file, str) or type(number) is not int or not isinstance(function, str):
        raise TypeError("no place")
    return file[:_MAX_NAME], number, function[:_MAX_NAME]
