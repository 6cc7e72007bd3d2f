"""Catches what `combine` raises, so that the program goes on.

The total is right, and nobody hears that a sample is missing from it.

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
            try:
                self.total = self.combine(self.total, sample)
                self.count += 1
            except Exception as error:
                print("can't record", sample, error)

    def snapshot(self):
        with self.lock:
            return self.total, self.count
