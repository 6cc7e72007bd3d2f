"""The reference for kata 36."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from threading import Barrier, BrokenBarrierError, Thread


def race(runners: Sequence[Callable[[int], object]], phases: int = 1) -> list[list[int]]:
    """Let all `runners` run at once, `phases` times, and return for each phase in which order they came in.

    Raises:
        ValueError: if there are no runners, or `phases` is less than 1.
        BrokenBarrierError: if a runner raised an exception; that is its cause.
    """
    if not runners:
        raise ValueError("there is nobody to run")
    if phases < 1:
        raise ValueError(f"a race of {phases} phases is none")
    gate = Barrier(len(runners))  # the main thread does not run, so it has no place at the gate
    ended: list[list[int]] = [[] for _ in range(phases)]
    errors: list[Exception] = []

    def run(index: int) -> None:
        with suppress(BrokenBarrierError):  # somebody failed, and the reason is in `errors`
            for phase, order in enumerate(ended):
                gate.wait()
                _call(runners[index], phase, gate, errors)
                order.append(index)

    threads = [Thread(target=run, args=(index,)) for index in range(len(runners))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # Asked here and not where the broken gate is met: in the last phase nobody comes to it any more.
    if errors:
        raise BrokenBarrierError("a runner failed") from errors[0]
    return ended


def _call(runner: Callable[[int], object], phase: int, gate: Barrier, errors: list[Exception]) -> None:
    """Call the runner; if it raises, keep why and break the gate, since the others would wait there for ever."""
    try:
        runner(phase)
    except Exception as error:  # a runner may raise anything, even a BrokenBarrierError of its own
        errors.append(error)  # first the reason, then the gate
        gate.abort()
        raise BrokenBarrierError from error
