"""Kata 36: runners that begin together, phase by phase."""

from __future__ import annotations

from collections.abc import Callable, Sequence


def race(runners: Sequence[Callable[[int], object]], phases: int = 1) -> list[list[int]]:
    """Let all `runners` run at once, `phases` times, and return in which order they came in.

    In each phase each runner is called once, as ``runner(phase)``; phases count from 0. No two calls of a phase are
    made by the same thread. Before each phase all stand at a gate: no call of it begins before the threads of all
    runners are there, and so not before all calls of the phase before have ended. No thread is left behind.

    Args:
        runners: at least one.
        phases: how many phases, at least 1.

    Returns:
        For each phase the indices of the runners in the order in which their calls ended (told apart where that was
        clearly not the same moment).

    Raises:
        ValueError: if there are no runners, or `phases` is less than 1.
        threading.BrokenBarrierError: if a runner raised an exception, in any phase, the last too; a BrokenBarrierError
            of a gate of its own is one like any other. Its ``__cause__`` is that exception (of several: any). The other
            runners may or may not end that phase; none begins the next.
    """
    raise NotImplementedError
