"""Reads and adds before it takes the lock.

The lock makes sure that two threads do not write at the same time; what they write was out of date before (MISTAKES.md 9).

Fails: test_no_update_is_lost
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
        new = self.value + by
        with self._lock:
            self._value = new
