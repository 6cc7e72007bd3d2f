"""Keeps the samples and combines them when somebody asks; record only tries each one on the start.

Which sample `combine` refuses may depend on the total: then record says nothing, and each snapshot raises.

Fails: test_a_failing_combine_changes_nothing
"""


class Meter:
    def __init__(self, combine, start=0):
        self.combine = combine
        self.start = start
        self.samples = []

    def record(self, sample):
        self.combine(self.start, sample)
        self.samples.append(sample)

    def snapshot(self):
        samples = list(self.samples)
        total = self.start
        for sample in samples:
            total = self.combine(total, sample)
        return total, len(samples)
