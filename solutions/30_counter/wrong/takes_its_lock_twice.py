"""Uses the property `value` while it holds the lock that `value` takes.

A plain Lock can't be taken twice, not even by its holder: the first `increment` hangs (MISTAKES.md 11).

Fails: test_it_counts
"""

import threading


class Counter:
    def __init__(self):
        self._lock = threading.Lock()
        self._value = 0

    @property
    def value(self):
        with self._lock:
            return self._value

    def increment(self, by=1):
        with self._lock:
            self._value = self.value + by
