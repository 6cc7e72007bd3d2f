"""Makes the lock in the method (MISTAKES.md 10).

Each call has one of its own, for which nobody else ever waits.

Fails: test_no_sample_is_lost
"""

import threading


class Meter:
    def __init__(self, combine, start=0):
        self.combine = combine
        self.total = start
        self.count = 0

    def record(self, sample):
        lock = threading.Lock()
        with lock:
            self.total = self.combine(self.total, sample)
            self.count += 1

    def snapshot(self):
        lock = threading.Lock()
        with lock:
            return self.total, self.count
