"""Makes the lock inside `increment`.

Each call has a lock of its own, which nobody else ever waits for (MISTAKES.md 10).

Fails: test_no_update_is_lost
"""

import threading


class Counter:
    def __init__(self):
        self.value = 0

    def increment(self, by=1):
        lock = threading.Lock()
        with lock:
            self.value += by
