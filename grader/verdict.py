"""What came of a run: frozen values that nothing here computes with the outside world.

A `Result` is what ``--json`` writes; its shape is ``grader/result/v1`` and may gain keys, never lose them.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from grader import messages

SCHEMA = "grader/result/v1"

AGAIN = f"{messages.AGAIN}python -m grader replay"
"""How a line of a message begins that is a command, which shows a schedule again."""


class Status(enum.StrEnum):
    """What came of a check or a kata."""

    PASSED = "passed"
    FAILED = "failed"
    TIMED_OUT = "timed out"
    CRASHED = "crashed"
    GRADER_ERROR = "grader error"
    NOT_STARTED = "not started"
    NOT_HERE = "not here"
    NOT_RUN = "not run"

    @property
    def counts(self) -> bool:
        """Whether a check of this status counts in the score and in what can be reached."""
        return self not in (Status.NOT_HERE, Status.NOT_RUN, Status.GRADER_ERROR)


FAILURES = (Status.FAILED, Status.TIMED_OUT, Status.CRASHED)
"""What an answer brings upon itself, and a hint may help with."""

WORST_FIRST = (
    Status.GRADER_ERROR,
    Status.CRASHED,
    Status.TIMED_OUT,
    Status.FAILED,
    Status.PASSED,
    Status.NOT_RUN,
    Status.NOT_HERE,
)


def worst(statuses: Iterable[Status]) -> Status:
    """Return the worst of `statuses`; of none, `Status.NOT_RUN`."""
    found = set(statuses)
    return next((status for status in WORST_FIRST if status in found), Status.NOT_RUN)


class Where(msgspec.Struct, frozen=True):
    """A line of the answer."""

    file: str
    line: int


class Excerpt(msgspec.Struct, frozen=True):
    """Lines of the answer around the one, number `line`, that a check is about; the first of them is number `first`."""

    file: str
    line: int
    first: int
    lines: tuple[str, ...]


class Event(msgspec.Struct, frozen=True):
    """One thing that a thread or process did; `grader.wire.Event` says what each field means."""

    at: float
    lane: str
    what: str
    detail: str = ""
    file: str = ""
    line: int = 0


class Check(msgspec.Struct, frozen=True):
    """One test of a kata, judged. `seconds` is real time that judging it took.

    `hint` is the number of the kata's hint that fits its failure, 0 for none.
    `schedules` says of each exploration what was done: "increments(2, 2): proved: all 6 different schedules".
    """

    name: str
    title: str
    status: Status
    points: int
    max_points: int
    seconds: float = 0.0
    message: str = ""
    output: str = ""
    where: Where | None = None
    timeline: tuple[Event, ...] = ()
    story: dict[str, Any] | None = None
    excerpt: Excerpt | None = None
    schedules: tuple[str, ...] = ()
    hint: int = 0


class Verdict(msgspec.Struct, frozen=True):
    """What came of one kata: its checks, and the sum of their points."""

    kata: str
    title: str
    needs: tuple[str, ...]
    status: Status
    points: int
    max_points: int
    seconds: float = 0.0
    message: str = ""
    checks: tuple[Check, ...] = ()


class Result(msgspec.Struct, frozen=True):
    """A whole run, as ``--json`` writes it. `started` is UTC in ISO 8601; `seconds` are wall seconds."""

    grader: str
    commit: str | None
    started: str
    submission: str
    python: str
    tier: str
    guards: dict[str, bool]
    score: int
    max_score: int
    seconds: float
    katas: tuple[Verdict, ...]
    leftovers: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    time_scale: float = 1.0
    practice: bool = False
    interrupted: bool = False
    schema: str = SCHEMA


def pointed(fits: Mapping[str, int], checks: Sequence[Check]) -> dict[str, int]:
    """Return for the names of those `checks` that failed the number of the hint that helps, as `fits` has it.

    Where all fail for one reason, which is then none of theirs (a file that can't be imported), no hint helps.
    """
    if len(checks) > 1 and len({(check.status, check.message) for check in checks}) == 1:
        return {}
    failed = [check for check in checks if check.status in FAILURES]
    found = {check.name: fits.get(f"{check.name} {check.status}", fits.get(check.name)) for check in failed}
    return {name: number for name, number in found.items() if number is not None}
