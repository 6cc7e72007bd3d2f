"""Kata 31: a meter whose update calls a function, so that the race has all the time that it needs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class Meter:
    """Combines samples into a total and counts them. Any number of threads may use it at the same time.

    Args:
        combine: called as ``combine(total, sample)``; returns the new total. It may take its time, it may raise, and it
            may be called more than once for a sample. It does not use the meter.
        start: the total of no samples.
    """

    def __init__(self, combine: Callable[[Any, Any], Any], start: Any = 0) -> None:
        """Make a meter with the total `start` and the count 0."""
        raise NotImplementedError

    def record(self, sample: Any) -> None:
        """Set the total to ``combine(total, sample)`` and add 1 to the count, both as one step.

        The total that `combine` is given is the one that its result replaces: no sample is lost.

        Raises:
            Exception: what `combine` raises. Then total and count are as before, and the meter can be used as before,
                by all threads.
        """
        raise NotImplementedError

    def snapshot(self) -> tuple[Any, int]:
        """Return total and count as they were at one and the same moment."""
        raise NotImplementedError
