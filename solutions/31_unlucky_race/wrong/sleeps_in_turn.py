"""Keeps its threads apart by sleeps: each waits so long that those before it should be done.

On a machine that is slow just then a sleep is over while another thread is still in the middle (MISTAKES.md 24).

Fails: test_no_sample_is_lost
"""

import itertools
import threading
import time


class Meter:
    def __init__(self, combine, start=0):
        self._combine = combine
        self._total = start
        self._count = 0
        self._numbers = itertools.count()
        self._mine = threading.local()

    def _wait_for_its_turn(self):
        if not hasattr(self._mine, "turn"):
            self._mine.turn = next(self._numbers)
            time.sleep(0.3 * self._mine.turn)

    def record(self, sample):
        self._wait_for_its_turn()
        self._total = self._combine(self._total, sample)
        self._count += 1

    def snapshot(self):
        self._wait_for_its_turn()
        return self._total, self._count
