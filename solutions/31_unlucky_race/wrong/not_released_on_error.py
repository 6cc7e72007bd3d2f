"""Gives the lock back on the good way only (MISTAKES.md 13).

When `combine` raises, the lock stays held, and all others wait for ever.

Fails: test_a_failing_combine_changes_nothing
"""

import threading


class Meter:
    def __init__(self, combine, start=0):
        self.combine = combine
        self.total = start
        self.count = 0
        self.lock = threading.Lock()

    def record(self, sample):
        self.lock.acquire()
        self.total = self.combine(self.total, sample)
        self.count += 1
        self.lock.release()

    def snapshot(self):
        with self.lock:
            return self.total, self.count
