"""What came of a schedule that the answer wrote, as a check sees it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any, Final

from grader import wire
from grader.judge import messages
from grader.judge.faults import LearnerFault
from grader.judge.run import Run, brief
from grader.printable import clean
from grader.verdict import Status

MAX_NAMES: Final = 1000
"""Entries that a schedule may have."""

MAX_NAME: Final = 100
"""Characters that a name in it may have."""

_MAX_PICTURE: Final = 8_000
_MAX_ENTRIES: Final = 40
_HANGS: Final = ("deadlock", "left", "limit")


@dataclasses.dataclass(frozen=True, slots=True)
class Followed:
    """One run of a program under a schedule.

    Attributes:
        asked: the program and the schedule, in words.
        impossible: a sentence with the number, from 0, of the entry that can't be followed, and why; else ``""``.
        hang: how it hangs, in words; ``""`` if it does not.
        error: with what exception it or one of its threads ended, in words; ``""`` if with none.
        entries: the names that were followed, each with where it led, in words.
        rest: who went on after them, in the same way.
        picture: what was done, as text.
    """

    asked: str
    impossible: str
    hang: str
    error: str
    entries: tuple[tuple[str, str], ...]
    rest: tuple[tuple[str, str], ...]
    picture: str
    _value: Any

    @property
    def value(self) -> Any:
        """What the program returned.

        Raises:
            LearnerFault: if it did not, or an entry of the schedule is impossible.
        """
        self._check_possible()
        if self.hang or self.error:
            raise self.fault(messages.no_value(self.hang or self.error))
        return self._value

    def gave(self, holds: Callable[[Any], bool], why: str = "") -> None:
        """Fail the check unless the schedule is possible, and `holds` is true of what the program returned.

        Args:
            why: a sentence more, on what should come, and how.

        Raises:
            LearnerFault: with where each entry led, and the picture.
        """
        value = self.value
        if not holds(value):
            raise self.fault(messages.gave(brief(value), why))

    def hung(self, why: str = "") -> None:
        """Fail the check unless the schedule is possible, and the program hangs under it. Else as `gave`."""
        self._check_possible()
        if not self.hang:
            came = self.error or messages.came_to_its_end(brief(self._value))
            raise self.fault(messages.no_hang(came, why))

    def fault(self, message: str) -> LearnerFault:
        """Return the fault of a schedule: the message, where each entry led, and the picture."""
        led = _rows(messages.ENTRIES, self.entries) if self.entries else messages.NO_ENTRY
        rest = _rows(messages.AFTER_ENTRIES, self.rest) if self.rest else ""
        more = "\n\n".join(part for part in (led, rest, self.picture) if part)
        return LearnerFault(Status.FAILED, f"{self.asked} {message}".rstrip(), more=f"\n\n{more}")

    def _check_possible(self) -> None:
        if self.impossible:
            raise self.fault(messages.not_followed(self.impossible))


def _rows(title: str, entries: tuple[tuple[str, str], ...]) -> str:
    rows = [title, *(f"{number:>4} {name}: {words}" for number, (name, words) in enumerate(entries[:_MAX_ENTRIES]))]
    if len(entries) > _MAX_ENTRIES:
        rows.append(f"     {messages.more_entries(len(entries) - _MAX_ENTRIES)}")
    return "\n".join(rows)


def not_a_schedule(names: object) -> str:
    """Return why `names` is no list of names of threads, as the end of a sentence and one more; ``""`` if it is."""
    if type(names) is not list:
        return messages.no_list(brief(names))
    for number, name in enumerate(names):
        if type(name) is not str or len(name) > MAX_NAME:
            return messages.no_name(brief(name), number)
    return messages.too_many_entries(len(names), MAX_NAMES) if len(names) > MAX_NAMES else ""


def followed(run: Run, asked: str) -> Followed:
    """Read what came of the schedule.

    Raises:
        TypeError, ValueError, LookupError: if it was not told as `inside` tells it.
    """
    told = run.told_of_schedules["followed"]
    if not isinstance(told, dict):
        raise TypeError("no schedule was followed")
    kind, message = str(told["kind"]), clean(str(told["message"]), _MAX_PICTURE)
    story = told["story"]
    run.story = story | {"schedule": ""} if isinstance(story, dict) else None  # it needs no name, being the answer
    return Followed(
        asked=asked,
        impossible=clean(str(told["impossible"]), _MAX_PICTURE),
        hang=message if kind in _HANGS else "",
        error=message if kind and kind not in _HANGS else "",
        entries=_entries(told["entries"]),
        rest=_entries(told["rest"]),
        picture=clean(str(told["picture"]), _MAX_PICTURE).strip(),
        _value=wire.decode(told["value"]),
    )


def _entries(told: list[list[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((clean(str(name), MAX_NAME), clean(str(words), 300)) for name, words in told)
