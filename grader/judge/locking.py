"""Which locks the threads of a story took, in a sentence: whoever lost an update sees what did not protect it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any, Final

from grader.judge import messages
from grader.judge.faults import LearnerFault
from grader.judge.run import Run
from grader.printable import line

_MAX: Final = 400


@contextlib.contextmanager
def telling_locks(runs: list[Run]) -> Iterator[None]:
    """Add to a fault of the block which locks were taken in the story of the last of `runs`.

    The answer's process has written that story, or something else in its place: then nothing is added.
    """
    try:
        yield
    except LearnerFault as fault:
        told = ""
        with contextlib.suppress(TypeError, ValueError, LookupError, AttributeError):
            told = line(_locks_of(runs[-1].story or {}), _MAX)
        raise fault.explained(told) from None


def _locks_of(story: dict[str, Any]) -> str:
    """Return the sentence; "" where somebody waits for ever, or where only a part is known."""
    if story["kind"] or story["dropped"] or not story["steps"]:
        return ""
    takers: dict[str, set[str]] = {}
    for step in story["steps"]:
        if step["what"] == "acquire":
            takers.setdefault(step["name"], set()).add(step["lane"])
    lanes = {step["lane"] for step in story["steps"]} - {"MainThread"}
    idle = sorted(lanes.difference(*takers.values()))
    if not takers:
        return messages.NO_LOCKS
    if idle:
        return messages.took_no_lock(idle)
    if all(len(taking) == 1 for taking in takers.values()):
        return messages.locks_of_one_each(len(takers))
    return _overtaken(story) or (messages.several_locks(list(takers)) if len(takers) > 1 else "")


def _overtaken(story: dict[str, Any]) -> str:
    """Say that who was overtaken read without a lock, or gave it back before it wrote; "" if neither."""
    first, *_, last = story["collision"]["mine"]
    lane = story["steps"][first]["lane"]
    if not any(step["lane"] == lane and step["what"] == "acquire" for step in story["steps"][:first]):
        return messages.read_without_lock(lane)
    between = [step["what"] for step in story["steps"][first:last] if step["lane"] == lane]
    return messages.gave_back_between(lane) if "release" in between else ""
