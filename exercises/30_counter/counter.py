"""Kata 30: a counter that many threads may use at once."""

from __future__ import annotations


class Counter:
    """A whole number that threads add to. It starts at 0. Each counter is one of its own."""

    def __init__(self) -> None:
        """Make a counter that stands at 0."""
        raise NotImplementedError

    @property
    def value(self) -> int:
        """What has been added so far. Any thread may read it at any time, also while others add."""
        raise NotImplementedError

    def increment(self, by: int = 1) -> None:
        """Add `by` to the counter, as one step: no update is lost, and nobody sees a part of it.

        Any number of threads may call this at the same time.

        Args:
            by: any int, also 0 or a negative one.

        Raises:
            TypeError: if `by` is no number, such as ``"x"``. Then the value is as before, and the counter can be used
                as before, by all threads.
        """
        raise NotImplementedError
