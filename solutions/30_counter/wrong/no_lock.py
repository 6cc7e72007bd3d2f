"""Takes no lock: `+=` looks like one step.

It reads, adds and writes, and who is stopped between reading and writing loses what the others added (MISTAKES.md 9).
From Python 3.10 on it passes by luck in any number of free runs.

Fails: test_no_update_is_lost
"""


class Counter:
    def __init__(self):
        self.value = 0

    def increment(self, by=1):
        self.value += by
