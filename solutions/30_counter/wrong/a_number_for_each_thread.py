"""Gives each thread a number of its own, to which nobody else adds, and sums them up where the value is read.

No update is lost. But the sum takes a while: it may hold a later increment and not the one before it.

Fails: test_nobody_sees_a_part
"""

import threading


class Share:
    def __init__(self):
        self.number = 0


class Counter:
    def __init__(self):
        self._lock = threading.Lock()
        self._shares = []
        self._mine = threading.local()

    @property
    def value(self):
        total = 0
        with self._lock:
            for share in self._shares:
                total += share.number
        return total

    def increment(self, by=1):
        if not hasattr(self._mine, "share"):
            self._mine.share = Share()
            with self._lock:
                self._shares.append(self._mine.share)
        self._mine.share.number += by
