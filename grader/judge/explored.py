"""What came of chosen schedules, as a check sees it: the values that came, and the story of one that should not."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable, Iterator
from typing import Any, Final

from grader import stories, wire
from grader.judge import messages
from grader.judge.faults import LearnerFault, missing_of, where_of
from grader.judge.run import Run, brief, same
from grader.printable import clean, line
from grader.verdict import AGAIN, Status, Where

_MAX_PICTURE: Final = 8_000
_MAX_NAME: Final = 300
_PROBES: Final = "probes.py"
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

    def told(self) -> str:
        """Return what was done, in one line: whether it is a proof, and if not, why."""
        doubts = self.doubts if self.fault is None else []
        return line(messages.explored(self.asked, self.words, doubts), 400)

    def only(self, expected: object, why: str = "") -> None:
        """Fail the check unless every schedule gave exactly `expected`, types included.

        Args:
            why: a sentence more, on what the difference means.

        Raises:
            LearnerFault: with the story of a schedule that gave another value.
        """
        self.always(lambda value: same(value, expected), why, wanted=messages.should_give(brief(expected)))

    def always(self, holds: Callable[[Any], bool], why: str = "", wanted: str = messages.NOT_AS_IT_SHOULD) -> None:
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
        message = messages.wrong_value(self.asked, wanted, self._came(brief(value), len(wrong)))
        raise self._told(messages.and_why(message, why), name)

    def _came(self, value: str, wrong: int) -> str:
        """Say under which schedules `value` came, the first of so many wrong ones."""
        if self.schedules == 1:
            return messages.under_the_one(value)
        if wrong < len(self.values):
            return messages.under_one(self.schedules, value)
        if wrong == 1:
            return messages.under_each(self.schedules, value)
        return messages.under_none(self.schedules, value)

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
        TypeError, ValueError, LookupError, ArithmeticError: if it was not told as `inside` tells it: no schedule gave a
            value, nor a reason why not.
    """
    run = ask(schedule)
    run.raise_error()
    if schedule:
        _tell_one(run, asked)
        return Explored(asked, [], 0, proved=False, words=messages.NOT_RUN, doubts=[], fault=None, _names=[], _ask=ask)
    told: dict[str, Any] = run.told_of_schedules["explored"] or {}
    fault = None
    if isinstance(told["failure"], dict):
        failure = told["failure"]
        if (missing := missing_of(failure)) is not None:
            raise missing
        message = messages.at_schedule(asked, int(told["failed_at"]), failure["message"])
        fault = _with_story(run, message, failure)
    values = [(wire.decode(value), str(name)[:_MAX_NAME]) for value, name in told["values"]]
    run.sample = stories.events(told.get("sample") if fault is None else None)
    if fault is None and not values:  # a check of no values would pass
        raise ValueError("no schedule came to its end")
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
    if (missing := missing_of(told)) is not None:
        raise missing
    message = told["message"] or messages.under_this(brief(wire.decode(told["value"])))
    raise _with_story(run, messages.replayed(asked, message), told)


def _with_story(run: Run, message: str, told: dict[str, Any]) -> LearnerFault:
    status = _KINDS.get(str(told.get("kind")), Status.FAILED)
    story = told.get("story")
    run.story = story if isinstance(story, dict) else None
    name = str(told.get("schedule", ""))[:_MAX_NAME]
    drawn = clean(str(told.get("picture", "")), _MAX_PICTURE)
    again = f"{AGAIN} {run.kata} {name}" if name else ""
    more = "\n\n".join(part for part in (drawn, again) if part)
    where = where_of(told) or (_where(run.story) if run.story is not None else None)
    return LearnerFault(status, message, where, more=f"\n\n{more}".rstrip())


def _where(story: dict[str, Any]) -> Where | None:
    """Return the learner's own line that matters: where one waits for ever, or the later of two accesses that collide.

    Else it is the line at which the story ends. Lines of the course's probes never are. None if the answer's process
    wrote something else than a story.
    """
    with contextlib.suppress(TypeError, ValueError, LookupError, AttributeError):
        return next(_places(story), None)
    return None


def _places(story: dict[str, Any]) -> Iterator[Where]:
    """Yield the learner's lines in a story, those that matter first."""
    steps = list(story["steps"])
    places = list(story["waits"])
    if (collision := story["collision"]) is not None:
        hit = sorted({*collision["mine"], collision["other"]})
        places += [steps[number] for number in reversed(hit)]
    for place in (*places, *reversed(steps)):
        found = where_of({"where": [place["file"], place["line"]]})
        if found is not None and found.file not in ("", _PROBES) and found.line:
            yield found
