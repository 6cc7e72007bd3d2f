"""What came of chosen schedules, as a check sees it: the values that came, and the story of one that should not."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any, Final

from grader import wire
from grader.judge.faults import LearnerFault
from grader.judge.run import Run, brief, same
from grader.printable import clean
from grader.verdict import Status, Where

_MAX_PICTURE: Final = 8_000
_KINDS: Final = {"deadlock": Status.TIMED_OUT, "left": Status.TIMED_OUT, "limit": Status.TIMED_OUT}


@dataclasses.dataclass(frozen=True, slots=True)
class Explored:
    """The schedules of one probe.

    Attributes:
        asked: the call of the probe, as Python writes it.
        values: what it returned, each value once.
        schedules: how many schedules were run.
        proved: whether these are all that differ.
        words: that, in words.
        doubts: why it is no proof, in sentences.
        fault: what went wrong under a schedule, whatever value should have come; None if nothing did.
    """

    asked: str
    values: list[Any]
    schedules: int
    proved: bool
    words: str
    doubts: list[str]
    fault: LearnerFault | None
    _names: list[str]
    _ask: Callable[..., Run]

    def only(self, expected: object, why: str = "") -> None:
        """Fail the check unless every schedule gave exactly `expected`, types included.

        Args:
            why: a sentence more, on what the difference means.

        Raises:
            LearnerFault: with the story of a schedule that gave another value.
        """
        self.always(lambda value: same(value, expected), why, wanted=f"should give {brief(expected)}")

    def always(self, holds: Callable[[Any], bool], why: str = "", wanted: str = "gave what it should not") -> None:
        """Fail the check unless `holds` is true of what every schedule gave.

        Args:
            why: a sentence more, on what should hold.
            wanted: what should have come, in words.

        Raises:
            LearnerFault: with the story of a schedule that gave another value.
        """
        if self.fault is not None:
            raise self.fault.explained(why)
        wrong = [(value, name) for value, name in zip(self.values, self._names, strict=True) if not holds(value)]
        if not wrong:
            return
        value, name = wrong[0]
        of = f"one of {self.schedules} schedules" if self.schedules > 1 else "the schedule that was run"
        message = f"{self.asked} {wanted}; under {of} it gave {brief(value)}. {why}".rstrip()
        raise self._told(message, name)

    def _told(self, message: str, name: str) -> LearnerFault:
        told = self._ask(name, plainer=True) if name else None
        replayed = told.told_of_schedules["replayed"] if told is not None else None
        if told is None or not isinstance(replayed, dict):
            return LearnerFault(Status.FAILED, message)
        return _with_story(told, message, replayed)


def explored(ask: Callable[..., Run], asked: str, schedule: str) -> Explored:
    """Have the probe run and return what came of it.

    Args:
        ask: runs all schedules, or the one that it is given the name of.
        asked: the call of the probe, as Python writes it.
        schedule: the one that is asked for, "" for all.

    Raises:
        LearnerFault: if the probe could not be run; and for the one schedule that is asked for, if it is of this call.
        RuntimeError: if no schedule gave a value, nor a reason why not: a fault of ours.
    """
    run = ask(schedule)
    run.raise_error()
    if schedule:
        _tell_one(run, asked)
        return Explored(asked, [], 0, proved=False, words="not run", doubts=[], fault=None, _names=[], _ask=ask)
    told: dict[str, Any] = run.told_of_schedules["explored"] or {}
    fault = None
    if isinstance(told["failure"], dict):
        failure = told["failure"]
        fault = _with_story(run, f"{asked}, at schedule {int(told['failed_at'])}: {failure['message']}", failure)
    values = [(wire.decode(value), str(name)) for value, name in told["values"]]
    if fault is None and not values:  # a check of no values would pass
        raise RuntimeError(f"no schedule of {asked} came to its end: {told['words']}, {told['doubts']}")
    return Explored(
        asked=asked,
        values=[value for value, _ in values],
        schedules=int(told["schedules"]),
        proved=told["proved"] is True,
        words=str(told["words"]),
        doubts=[str(doubt) for doubt in told["doubts"]],
        fault=fault,
        _names=[name for _, name in values],
        _ask=ask,
    )


def _tell_one(run: Run, asked: str) -> None:
    """Tell what came of the one schedule, if it is of this call."""
    told = run.told_of_schedules["replayed"]
    if told is None:
        return
    message = told["message"] or f"under this schedule it gives {brief(wire.decode(told['value']))}."
    raise _with_story(run, f"{asked}: {message}", told)


def _with_story(run: Run, message: str, told: dict[str, Any]) -> LearnerFault:
    status = _KINDS.get(str(told["kind"]), Status.FAILED)
    story = told.get("story")
    run.story = story if isinstance(story, dict) else None
    name = str(told.get("schedule", ""))[:300]
    drawn = clean(str(told.get("picture", "")), _MAX_PICTURE)
    again = f"\nTo see it again: python -m grader replay {run.kata} {name}" if name else ""
    return LearnerFault(status, message, _where(run.story), more=f"\n\n{drawn}{again}".rstrip())


def _where(story: dict[str, Any] | None) -> Where | None:
    """Return the learner's line at which the story ends."""
    steps = story.get("steps") if story is not None else None
    for step in reversed(steps if isinstance(steps, list) else []):
        if isinstance(step, dict) and step.get("file") and type(step.get("line")) is int:
            return Where(str(step["file"])[:200], step["line"])
    return None
