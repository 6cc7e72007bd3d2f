"""Schedules for what is too large to run them all.

First in order of the number of pre-emptions, with what was begun before, in whatever order of steps that do not depend
on each other, left out (Musuvathi and Qadeer, *Iterative context bounding*, PLDI 2007); then by random priorities that
change at random places (Burckhardt and others, *A randomized scheduler with probabilistic guarantees*, ASPLOS 2010).
"""

from __future__ import annotations

import heapq
import itertools
import random
from typing import TYPE_CHECKING, Final, NamedTuple

from grader.bubble.chosen import Diverged
from grader.bubble.traces import Trace, prints

if TYPE_CHECKING:
    from grader.bubble.chosen import ChosenRun
    from grader.bubble.operations import BubbleThread

_DEPTH: Final = 3
"""Of the bugs that random priorities are made for: how many orders of steps must come together."""


class _Place(NamedTuple):
    """A place at which a thread was chosen: who could go on, whether the first had the baton, and who was chosen."""

    enabled: list[str]
    keeps: bool
    chosen: str


class Bounded:
    """Drives runs in order of the number of their pre-emptions.

    Attributes:
        preemptions: of the runs at present.
    """

    def __init__(self) -> None:
        self._serial = itertools.count()
        self._waiting: list[tuple[int, int, tuple[str, ...]]] = [(0, 0, ())]
        self._seen: set[tuple[int, str]] = set()
        self._planned: tuple[str, ...] = ()
        self._places: list[_Place] = []
        self.preemptions = 0

    def begin(self) -> bool:
        """Take the next schedule; return whether there is one."""
        if not self._waiting:
            return False
        self.preemptions, _, self._planned = heapq.heappop(self._waiting)
        self._places = []
        return True

    def choose(self, run: ChosenRun, enabled: list[BubbleThread]) -> BubbleThread:
        """Return who takes the next step: as planned, then by default."""
        keys = [thread.key for thread in enabled]
        number = len(self._places)
        key = self._planned[number] if number < len(self._planned) else keys[0]
        if key not in keys:
            raise Diverged
        self._places.append(_Place(keys, run.current is enabled[0], key))
        return enabled[keys.index(key)]

    def learn(self, trace: Trace) -> None:
        """Plan what can be begun from the run that was made."""
        state = 0
        keys: list[str] = [place.chosen for place in self._places]
        steps = prints(trace)
        for number, place in enumerate(self._places):
            state ^= steps[number]
            if number < len(self._planned):
                continue
            if (state, place.chosen) in self._seen:
                return
            self._seen.add((state, place.chosen))
            for key in place.enabled:
                if (state, key) not in self._seen:
                    self._seen.add((state, key))
                    cost = self.preemptions + place.keeps
                    heapq.heappush(self._waiting, (cost, next(self._serial), (*keys[:number], key)))


class Random:
    """Drives a run by random priorities.

    Args:
        seed: another one makes another schedule.
        length: about how many steps a run has.
    """

    def __init__(self, seed: int, length: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - it is to be the same each time
        self._changes = {self._random.randrange(max(length, 1)): -number for number in range(1, _DEPTH)}
        self._priorities: dict[str, float] = {}
        self._steps = 0

    def choose(self, run: ChosenRun, enabled: list[BubbleThread]) -> BubbleThread:  # noqa: ARG002 - a Driver's
        """Return the thread with the highest priority."""
        for thread in enabled:
            if thread.key not in self._priorities:
                self._priorities[thread.key] = self._random.random()
        chosen = max(enabled, key=lambda thread: self._priorities[thread.key])
        if self._steps in self._changes:
            self._priorities[chosen.key] = self._changes[self._steps]
            chosen = max(enabled, key=lambda thread: self._priorities[thread.key])
        self._steps += 1
        return chosen
