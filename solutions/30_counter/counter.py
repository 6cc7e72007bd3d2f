"""The reference for kata 30."""

from __future__ import annotations

from threading import Lock


class Counter:
    """A whole number that threads add to. It starts at 0."""

    def __init__(self) -> None:
        """Make a counter that stands at 0."""
        self._lock = Lock()  # made once for each counter: who adds to the same number waits for the same lock
        self._value = 0

    @property
    def value(self) -> int:
        """What has been added so far."""
        # Reading one attribute is one step, and no half-written value is ever there. The lock says what is meant, and
        # stays right on the day when the value consists of two attributes.
        with self._lock:
            return self._value

    def increment(self, by: int = 1) -> None:
        """Add `by` to the counter, as one step.

        Raises:
            TypeError: if `by` is no number; then nothing has changed.
        """
        # Reading, adding and writing: all three under the lock. `with` gives it back when the adding raises, too. And
        # not self.value here: that would wait for the lock that this very thread holds.
        with self._lock:
            self._value += by
