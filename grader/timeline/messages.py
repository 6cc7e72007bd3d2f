"""What `timeline` says, in one place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

NOT_RUN: Final = "no check was run"
EACH_STEP: Final = "each step is drawn 1 ms long"
IN_SECONDS: Final = "seconds since the call began"
LOCKS: Final = "who has which lock"
OF_THE_CHECK: Final = "in what the check itself does"
NO_EVENTS: Final = "a scene without events"
END_OF: Final = "for the end of "
"""How an event begins that waits for a thread: `grader.bubble` says so, and here it is only read."""


def goes_wrong(collision: str) -> str:
    """Say that what is drawn is a schedule that fails, and where two threads collide in it, if that is known."""
    return f"This is a schedule under which it goes wrong{f': {collision}' if collision else ''}."


def one_of(tried: Sequence[str]) -> str:
    """Say that what is drawn is one of many schedules, with what was said of the last of those explorations."""
    return f"This is one of the schedules of {tried[-1]}." if tried else "This is one of its schedules."


def nothing_of_kata(kata: str, status: str, why: str) -> str:
    """Say that a kata was not judged, and so there is no picture."""
    return f"There is nothing to draw of {kata}, which is {status}: {why.rstrip('.')}."


def came_to_no_end(name: str, status: str, why: str) -> str:
    """Say that a kata or a check did not come to its end, why, and that so there is no picture."""
    return f"There is nothing to draw of {name} ({status}): {why.rstrip('.:')}."


def undrawn(checks: Sequence[str]) -> str:
    """Say which checks did not pass, of which there is no picture."""
    return f"This one passed. Not passed, and without a picture: {', '.join(checks)}."


def no_such_check(kata: str, name: str, known: Sequence[str]) -> str:
    """Say which checks there are."""
    return f"{kata} has no check {name!r}; it has {', '.join(known)}."


def nobody_in_check(name: str, status: str) -> str:
    """Say that one check has nothing to draw."""
    return f"There is nothing to draw of {name} ({status}): in it no thread or process was seen beside the main one."


def nobody_in_kata(kata: str) -> str:
    """Say that no check of a kata has anything to draw."""
    return f"There is nothing to draw of {kata}: in its checks no thread or process was seen beside the main one."


def others(names: Sequence[str]) -> str:
    """Say what else can be drawn."""
    return f"Others, by --check NAME: {', '.join(names)}"
