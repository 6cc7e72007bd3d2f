"""Takes the lock by `acquire` and gives it back on the good way only.

`increment("x")` raises between the two lines, and the next thread waits for ever (MISTAKES.md 13).

Fails: test_text_is_refused_and_the_counter_lives_on
"""

import threading


class Counter:
    def __init__(self):
        self._lock = threading.Lock()
        self.value = 0

    def increment(self, by=1):
        self._lock.acquire()
        self.value += by
        self._lock.release()
