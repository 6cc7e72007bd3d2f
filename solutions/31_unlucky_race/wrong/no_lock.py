"""Takes no lock, as the counter without one seemed to work (MISTAKES.md 9).

With a call between the reading and the writing, another thread has all the time that it needs.

Fails: test_no_sample_is_lost, test_waiting_in_the_middle_loses_nothing, test_many_samples_for_real
"""

class Meter:
    def __init__(self, combine, start=0):
        self.combine = combine
        self.total = start
        self.count = 0

    def record(self, sample):
        self.total = self.combine(self.total, sample)
        self.count += 1

    def snapshot(self):
        return self.total, self.count
