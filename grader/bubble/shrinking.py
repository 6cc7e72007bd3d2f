"""Makes a failing schedule as plain as it gets: the fewest switches found with which it still fails, and a name."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Final

from grader.bubble.chosen import Diverged
from grader.bubble.drivers import Blocks, Follow, Guide, Recorder
from grader.bubble.points import Points
from grader.bubble.telling import Telling

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from grader.bubble.chosen import Driver
    from grader.bubble.trials import Subject, Trial

    Wanted = Callable[[Trial], bool]

ATTEMPTS: Final = 150
"""Runs that are made to find a plainer schedule."""


@dataclasses.dataclass(frozen=True, slots=True)
class Whole:
    """A run in which every operation counted, and so one that a name is enough to repeat.

    Attributes:
        trial: what came of it.
        choices: as those of a `Schedule`.
        blocks: keys of threads and how many steps each took in a row.
        preemptions: how often a thread that could have gone on was stopped.
    """

    trial: Trial
    choices: tuple[tuple[int, int], ...]
    blocks: tuple[tuple[str, int], ...]
    preemptions: int

    def cost(self) -> tuple[int, int, int]:
        """Return how far from plain it is."""
        return self.preemptions, len(self.blocks), len(self.choices)


def run_whole(
    subject: Subject, driver: Driver, telling: Telling | None = None, points: Points | None = None
) -> Whole | None:
    """Run `subject` with all operations as points; None if it can't do what `driver` wants."""
    recorder = Recorder(driver)
    try:
        trial = subject.run(recorder, points or Points(whole=True), telling)
    except Diverged:
        return None
    return Whole(trial, tuple(recorder.choices), tuple(recorder.blocks()), recorder.preemptions)


def whole_of(subject: Subject, trial: Trial, wanted: Wanted) -> Whole | None:
    """Return a run in the order of `trial`, in which only some operations were points, for which `wanted` holds too.

    None if it does not: then the function does not do the same each time.
    """
    keys = [step.key for step in trial.trace.steps[1:]]
    whole = run_whole(subject, Guide(keys), points=trial.points.copy(whole=True))
    return whole if whole is not None and wanted(whole.trial) else None


def plain(subject: Subject, whole: Whole, wanted: Wanted, attempts: int = ATTEMPTS) -> Whole | None:
    """Return a plain run for which `wanted` holds as it does for `whole`, replayed by its choices alone, and told.

    None if there is none: then the function does not do the same each time.

    Args:
        subject: what was run.
        whole: to begin with.
        wanted: tells whether a run is one that is looked for.
        attempts: how many runs may be made for it.
    """
    best = _plainer(subject, whole, wanted, attempts)
    confirmed = run_whole(subject, Follow(best.choices), Telling())
    return confirmed if confirmed is not None and wanted(confirmed.trial) else None


def _plainer(subject: Subject, best: Whole, wanted: Wanted, attempts: int) -> Whole:
    better = True
    while better:
        better = False
        for blocks in _candidates(best.blocks):
            attempts -= 1
            if attempts < 0:
                return best
            whole = run_whole(subject, Blocks(blocks))
            if whole is not None and whole.cost() < best.cost() and wanted(whole.trial):
                best, better = whole, True
                break
    return best


def _candidates(blocks: tuple[tuple[str, int], ...]) -> Iterator[list[tuple[str, int]]]:
    """Yield orders with fewer switches: cut off at the end, then with two blocks of one thread made one."""
    step = max(1, len(blocks) // 40)
    for length in range(0, len(blocks), step):
        yield list(blocks[:length])
    for place, (key, count) in enumerate(blocks):
        later = next((number for number in range(place + 1, len(blocks)) if blocks[number][0] == key), None)
        if later is not None:
            merged = count + blocks[later][1]
            yield [*blocks[:place], (key, merged), *blocks[place + 1 : later], *blocks[later + 1 :]]
            yield [*blocks[:place], *blocks[place + 1 : later], (key, merged), *blocks[later + 1 :]]
