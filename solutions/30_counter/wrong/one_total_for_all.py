"""Keeps the number in the class.

With one counter that works; the second one adds to the same number.

Fails: test_counters_are_apart
"""

import threading


class Counter:
    _lock = threading.Lock()
    _value = 0

    @property
    def value(self):
        return Counter._value

    def increment(self, by=1):
        with Counter._lock:
            Counter._value += by
