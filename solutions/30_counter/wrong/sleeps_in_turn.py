"""Keeps its threads apart by sleeps: each waits so long that those before it should be done.

On a machine that is slow just then a sleep is over while another thread is still in the middle (MISTAKES.md 24).

Fails: test_no_update_is_lost
"""

import itertools
import threading
import time


class Counter:
    def __init__(self):
        self._value = 0
        self._numbers = itertools.count()
        self._mine = threading.local()

    @property
    def value(self):
        return self._value

    def increment(self, by=1):
        if not hasattr(self._mine, "turn"):
            self._mine.turn = next(self._numbers)
            time.sleep(0.25 * self._mine.turn)
        self._value = self._value + by
