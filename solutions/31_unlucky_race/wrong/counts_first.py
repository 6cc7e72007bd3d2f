"""Counts the sample before it calls `combine`.

If that raises, a sample is counted that is in no total.

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
        with self.lock:
            self.count += 1
            self.total = self.combine(self.total, sample)

    def snapshot(self):
        with self.lock:
            return self.total, self.count
