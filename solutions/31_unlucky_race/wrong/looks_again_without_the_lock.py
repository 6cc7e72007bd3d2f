"""Tries anew if the total has changed meanwhile, and does so without a lock.

Between "it is still the same" and the writing there is room for another thread (MISTAKES.md 9).

Fails: test_no_sample_is_lost
"""

import threading


class Meter:
    def __init__(self, combine, start=0):
        self.combine = combine
        self.total = start
        self.count = 0
        self.lock = threading.Lock()

    def record(self, sample):
        while True:
            seen = self.total
            total = self.combine(seen, sample)
            if self.total is seen:
                self.total = total
                break
        with self.lock:
            self.count += 1

    def snapshot(self):
        with self.lock:
            return self.total, self.count
