"""Has a lock for the total and one for the count.

No sample is lost, but between the two somebody may look: a snapshot mixes two moments.

Fails: test_a_snapshot_is_of_one_moment
"""

import threading


class Meter:
    def __init__(self, combine, start=0):
        self.combine = combine
        self.total = start
        self.count = 0
        self.total_lock = threading.Lock()
        self.count_lock = threading.Lock()

    def record(self, sample):
        with self.total_lock:
            self.total = self.combine(self.total, sample)
        with self.count_lock:
            self.count += 1

    def snapshot(self):
        with self.total_lock:
            total = self.total
        with self.count_lock:
            count = self.count
        return total, count
