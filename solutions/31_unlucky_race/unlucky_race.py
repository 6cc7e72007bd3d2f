"""The reference for kata 31."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Any


class Meter:
    """Combines samples into a total and counts them."""

    def __init__(self, combine: Callable[[Any, Any], Any], start: Any = 0) -> None:
        """Make a meter with the total `start` and the count 0."""
        self._combine = combine
        self._total = start
        self._count = 0
        self._lock = Lock()

    def record(self, sample: Any) -> None:
        """Set the total to ``combine(total, sample)`` and add 1 to the count, both as one step.

        Raises:
            Exception: what `combine` raises; then nothing has changed.
        """
        # The call stands between the reading and the writing, so it is under the lock too: the total that combine is
        # given is still the total when its result is written. If it raises, nothing has been changed yet.
        with self._lock:
            self._total = self._combine(self._total, sample)
            self._count += 1

    def snapshot(self) -> tuple[Any, int]:
        """Return total and count as they were at one and the same moment."""
        # Two attributes are read one after the other; without the lock, record may come between.
        with self._lock:
            return self._total, self._count
