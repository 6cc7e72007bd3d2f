"""Kata 03: measure what it costs to begin and end a thread, and a process."""

from __future__ import annotations


def creation_cost(kind: str, workers: int) -> float:
    """Start `workers` threads or processes that do nothing, wait for the end of each, return the seconds per worker.

    That is the whole time, from before the first start to after the last join, divided by `workers`: 0.001 where ten of
    them took 0.01 s. It is time as it goes by on the wall, waits included. All are started at once, or one after the
    other; that is up to you.

    Exactly so many are started, none before that to warm up, and none is used twice.

    Args:
        kind: ``"thread"`` (`threading.Thread`) or ``"process"`` (`multiprocessing.Process`, by any start method).
        workers: how many, at least 1.

    Raises:
        ValueError: if `kind` is any other, or `workers` is less than 1.
    """
    raise NotImplementedError
