"""Adds `by` in steps of one, each under the lock.

No update is lost, and a reader sees numbers that were never meant to be there. (And a negative `by` adds nothing.)

Fails: test_nobody_sees_a_part
"""

import threading


class Counter:
    def __init__(self):
        self._lock = threading.Lock()
        self.value = 0

    def increment(self, by=1):
        for _ in range(by):
            with self._lock:
                self.value += 1
