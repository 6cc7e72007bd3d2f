"""Keeps what was added and what was taken off apart, each under a lock of its own, and reads both under none.

Between the two readings an increment may change the one, and another the other: a value comes that never was.

Fails: test_nobody_sees_a_part
"""

import threading


class Counter:
    def __init__(self):
        self._plus_lock = threading.Lock()
        self._minus_lock = threading.Lock()
        self._plus = 0
        self._minus = 0

    @property
    def value(self):
        return self._plus - self._minus

    def increment(self, by=1):
        if by >= 0:
            with self._plus_lock:
                self._plus += by
        else:
            with self._minus_lock:
                self._minus -= by
