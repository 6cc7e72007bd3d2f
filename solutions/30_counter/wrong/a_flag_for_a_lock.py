"""Builds a lock from a flag and short sleeps (MISTAKES.md 24).

Looking at the flag and setting it are two steps: two threads can both see it down and both go on.

Fails: test_no_update_is_lost
"""

import time


class Counter:
    def __init__(self):
        self.value = 0
        self._busy = False

    def increment(self, by=1):
        while self._busy:
            time.sleep(0.001)
        self._busy = True
        try:
            self.value += by
        finally:
            self._busy = False
