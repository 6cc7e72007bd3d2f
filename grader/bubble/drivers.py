"""Who decides who goes on, but for `trees.Tree` and `searching`: those that follow what was decided before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.bubble.chosen import Diverged

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grader.bubble.chosen import ChosenRun, Driver
    from grader.bubble.operations import BubbleThread


class Follow:
    """Makes the choices of a schedule, and the default ones where it has none."""

    def __init__(self, choices: Iterable[tuple[int, int]]) -> None:
        self._choices = dict(choices)
        self._place = 0

    def choose(self, run: ChosenRun, enabled: list[BubbleThread]) -> BubbleThread:  # noqa: ARG002 - a Driver's
        """Return who takes the next step.

        Raises:
            Diverged: if there are not as many threads to choose from.
        """
        if len(enabled) == 1:
            return enabled[0]
        index = self._choices.pop(self._place, 0)
        self._place += 1
        if index >= len(enabled):
            raise Diverged
        return enabled[index]


class Guide:
    """Lets the threads go on in the order of a run in which only some points counted, now that all do.

    Args:
        keys: of the threads, one for each of its steps.
    """

    def __init__(self, keys: Iterable[str]) -> None:
        self._keys = iter(keys)

    def choose(self, run: ChosenRun, enabled: list[BubbleThread]) -> BubbleThread:
        """Return who takes the next step."""
        if run.current is enabled[0] and not run.counts:
            return run.current
        key = next(self._keys, "")
        return next((thread for thread in enabled if thread.key == key), enabled[0])


class Blocks:
    """Lets threads go on for some steps each, and by default afterwards.

    Args:
        blocks: keys of threads and how many steps each is to take.
    """

    def __init__(self, blocks: Iterable[tuple[str, int]]) -> None:
        self._keys = [key for key, count in blocks for _ in range(count)]
        self._keys.reverse()

    def choose(self, run: ChosenRun, enabled: list[BubbleThread]) -> BubbleThread:  # noqa: ARG002 - a Driver's
        """Return who takes the next step; steps of a thread that can't go on are left out."""
        while self._keys:
            key = self._keys.pop()
            for thread in enabled:
                if thread.key == key:
                    return thread
            while self._keys and self._keys[-1] == key:
                self._keys.pop()
        return enabled[0]


class Recorder:
    """Takes down what another driver decides.

    Attributes:
        choices: as those of a `Schedule`.
        keys: of the threads, one for each step.
        preemptions: how often a thread that could have gone on was stopped.
    """

    def __init__(self, driver: Driver) -> None:
        self._driver = driver
        self._place = 0
        self.choices: list[tuple[int, int]] = []
        self.keys: list[str] = []
        self.preemptions = 0

    def choose(self, run: ChosenRun, enabled: list[BubbleThread]) -> BubbleThread | None:
        """Return what the other driver does."""
        chosen = self._driver.choose(run, enabled)
        if chosen is None:
            return None
        if len(enabled) > 1:
            index = enabled.index(chosen)
            if index:
                self.choices.append((self._place, index))
            self._place += 1
        self.preemptions += run.current is enabled[0] and chosen is not run.current
        self.keys.append(chosen.key)
        return chosen

    def blocks(self) -> list[tuple[str, int]]:
        """Return the steps as blocks of one thread each."""
        blocks: list[tuple[str, int]] = []
        for key in self.keys:
            if blocks and blocks[-1][0] == key:
                blocks[-1] = (key, blocks[-1][1] + 1)
            else:
                blocks.append((key, 1))
        return blocks
