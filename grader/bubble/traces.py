"""What one schedule did, as far as other orders could make a difference; and which two steps race.

A *step* is an operation that a thread announced, and all that it did until its next announcement. Two steps depend on
each other if they touch the same thing and one of them changes it. The order of dependent steps is all that makes two
schedules different: the *trace* of a schedule.

Only the first operation of a step can race. What is merged into a step after it (the release of a lock by who has it)
orders steps, but nobody could have come in between.

After Flanagan and Godefroid, *Dynamic partial-order reduction for model checking software* (2005).
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


class Op(NamedTuple):
    """One operation, as far as it can depend on others.

    Attributes:
        mode: ``read`` and ``write`` of data; ``acquire``, ``take`` (a try that succeeded), ``peek`` (one that failed,
            or a question), ``look`` (a question under a lock, asked when it is free), ``release``, ``free`` (by who
            does not hold it) and ``fault`` (of a lock that nobody holds); ``join``; or what else is announced.
        name: of what it concerns; ``""`` if it depends on nothing.
        number: of the object whose attribute `name` is; 0 if that is not known, so that it may be any.
    """

    mode: str
    name: str = ""
    number: int = 0


MAX_DEPTH: Final = 500
"""Steps after which threads go on by default, which is fair: what makes no progress would be followed without an end,
and be called a livelock."""

MAX_DEPTH_WITH_DOUBTS: Final = 150
"""The same where there is no proof to be had: threads that ask busily make trees without an end."""

READING: Final = frozenset({"read", "peek", "look", "fault", "join"})
"""Modes that change nothing for others."""

LETTING_GO: Final = frozenset({"release", "free"})
HAVING: Final = frozenset({"acquire", "take"})
"""Modes of what is done to locks."""

_WAITING: Final = frozenset({"acquire", "look"})


def dependent(one: Op, other: Op) -> bool:
    """Return whether the order of the two can make a difference."""
    return (
        one.name == other.name
        and one.name != ""
        and not (one.mode in READING and other.mode in READING)
        and (one.number == other.number or not one.number or not other.number)
    )


def independent(some: Iterable[Op], others: Sequence[Op]) -> bool:
    """Return whether no two of them depend on each other."""
    return not any(dependent(one, other) for one in some for other in others)


class Step:
    """What a thread did from one announcement to the next.

    Attributes:
        key: the thread's.
        ops: the operation announced, then those that came with it.
    """

    __slots__ = ("key", "ops")

    def __init__(self, key: str, first: Op) -> None:
        self.key = key
        self.ops = [first]

    def __repr__(self) -> str:
        return f"<{self.key} {self.ops}>"


@dataclasses.dataclass(frozen=True, slots=True)
class Pause:
    """A moment at which nobody could go on, so that the clock moved, somebody was quiet, or all was over.

    Attributes:
        position: how many steps there were before.
        pending: keys of the threads that waited, each with what it had announced.
    """

    position: int
    pending: tuple[tuple[str, Op], ...]


@dataclasses.dataclass(slots=True)
class Trace:
    """The steps of one schedule.

    Attributes:
        steps: in order; the first is the main thread's before any choice.
        births, ends: of each thread but the main one by its key, the number of the step in which it was started, and
            of its last one.
        pauses: in order.
    """

    steps: list[Step] = dataclasses.field(default_factory=list)
    births: dict[str, int] = dataclasses.field(default_factory=dict)
    ends: dict[str, int] = dataclasses.field(default_factory=dict)
    pauses: list[Pause] = dataclasses.field(default_factory=list)


class Race(NamedTuple):
    """Two steps that could have come in the other order.

    Attributes:
        first, second: their numbers; `second` may be the number of steps, for one that a thread never came to.
        key: the thread of the second.
        starters: keys of the threads with which a run from the first's place may begin that has the other order.
    """

    first: int
    second: int
    key: str
    starters: tuple[str, ...]


class Order:
    """The happens-before order of a trace, by vector clocks: of each thread, the last step that came surely before.

    Attributes:
        clocks: of each step so far.
    """

    def __init__(self, trace: Trace) -> None:
        self._trace = trace
        self._latest: dict[str, dict[str, int]] = {}
        self._history: dict[str, list[tuple[int, Op]]] = {}
        self._barrier: dict[str, int] = {}
        self._pauses = iter([*trace.pauses, None])
        self._pause = next(self._pauses)
        self.clocks: list[dict[str, int]] = []

    def races(self, since: int = 0) -> Iterator[Race]:
        """Yield the races whose second step is one from number `since` on."""
        for number, step in enumerate(self._trace.steps):
            yield from self._pausing(number, since)
            clock = self._begin(step)
            found = self._meet(step.key, step.ops[0], clock)
            if number >= since:
                for first in found:
                    yield self._race(first, number, step.key, clock)
            clock[step.key] = number
            self._latest[step.key] = clock
            self.clocks.append(clock)
            for op in step.ops:
                if op.name:
                    self._history.setdefault(op.name, []).append((number, op))
        yield from self._pausing(len(self._trace.steps), since)

    def _pausing(self, position: int, since: int) -> Iterator[Race]:
        """Look at what waits at a pause, without what the pause orders; then order all before it."""
        while self._pause is not None and self._pause.position == position:
            for key, op in self._pause.pending if position > since else ():
                clock = dict(self._latest.get(key) or self.clocks[self._trace.births[key]])
                for first in self._meet(key, op, clock):
                    yield self._race(first, position, key, clock)
            self._barrier = {key: clock[key] for key, clock in self._latest.items()}
            self._pause = next(self._pauses)

    def _begin(self, step: Step) -> dict[str, int]:
        """Return the clock of what comes before `step` for sure, but for what its operation adds."""
        clock = self._latest.get(step.key)
        if clock is None:
            born = self._trace.births.get(step.key)
            clock = {} if born is None else self.clocks[born]
        clock = _joined(dict(clock), self._barrier)
        first = step.ops[0]
        if first.mode == "join":
            _joined(clock, self.clocks[self._trace.ends[first.name]])
        return clock

    def _meet(self, key: str, op: Op, clock: dict[str, int]) -> list[int]:
        """Add to `clock` the steps on which `op` of the thread `key` depends; return those that race with it."""
        history = self._history.get(op.name) if op.name else None
        if not history:
            return []
        found = self._wants(key, op, clock, history) if op.mode in _WAITING else []
        for number, other in reversed(history):
            if not dependent(op, other):
                continue
            if op.mode not in _WAITING and self._races(key, number, other, clock):
                found.append(number)
            _joined(clock, self.clocks[number])
            if other.mode not in READING and other.number in (0, op.number):
                break
        return found

    def _wants(self, key: str, op: Op, clock: dict[str, int], history: list[tuple[int, Op]]) -> list[int]:
        """Return the steps with which the wish for a lock races: who had it last, and who asked since it is free."""
        found: list[int] = []
        changes = HAVING | LETTING_GO
        last, mode = next(
            ((number, other.mode) for number, other in reversed(history) if other.mode in changes), (-1, "")
        )
        known = dict(clock)  # without the releases, which order but could not have come later
        for number, other in reversed(history):
            if other.mode not in changes and (number < last or mode in HAVING):
                continue  # it asked before the lock was free
            if other.mode in LETTING_GO or not dependent(op, other):
                continue
            if self._races(key, number, other, known):
                found.append(number)
            _joined(known, self.clocks[number])
            if other.mode in HAVING:
                break
        return found

    def _races(self, key: str, number: int, op: Op, clock: dict[str, int]) -> bool:
        step = self._trace.steps[number]
        return step.key != key and clock.get(step.key, -1) < number and step.ops[0] is op

    def _race(self, first: int, second: int, key: str, clock: dict[str, int]) -> Race:
        """Return the race of step `first` with the operation of the thread `key` whose clock is `clock`."""
        steps, clocks = self._trace.steps, self.clocks
        owner = steps[first].key
        between = [number for number in range(first + 1, second) if clocks[number].get(owner, -1) < first]
        starters: list[str] = []
        before: list[int] = []
        for number in between:
            if not _after_any(clocks[number], before, steps):
                starters.append(steps[number].key)
            before.append(number)
        if not _after_any(clock, before, steps):
            starters.append(key)
        return Race(first, second, key, tuple(dict.fromkeys(starters)))


def _after_any(clock: dict[str, int], numbers: list[int], steps: list[Step]) -> bool:
    return any(clock.get(steps[number].key, -1) >= number for number in numbers)


def _joined(clock: dict[str, int], other: dict[str, int]) -> dict[str, int]:
    for key, number in other.items():
        if clock.get(key, -1) < number:
            clock[key] = number
    return clock


def fingerprint(trace: Trace) -> int:
    """Return a hash of the trace: the same for two schedules exactly if they order dependent steps alike."""
    return hash(frozenset(prints(trace)))


def prints(trace: Trace) -> list[int]:
    """Return of each step a hash of what it is and of all that comes before it for sure."""
    order = Order(trace)
    for _ in order.races(len(trace.steps) + 1):
        pass
    counts: dict[str, int] = {}
    nth: list[int] = []
    found: list[int] = []
    for step, clock in zip(trace.steps, order.clocks, strict=True):
        counts[step.key] = counts.get(step.key, 0) + 1
        nth.append(counts[step.key])
        before = frozenset((key, nth[number]) for key, number in clock.items())
        found.append(hash((step.key, step.ops[0].mode, step.ops[0].name, before)))
    return found
