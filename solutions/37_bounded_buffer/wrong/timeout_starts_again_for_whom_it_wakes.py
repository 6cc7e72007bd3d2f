"""Waits `timeout` seconds after each wake-up anew, on two conditions with `notify`.

Only one is woken, and finds nothing where a third has been quicker: that one waits its whole time once more.

Fails: test_timeouts_are_exact
"""

import threading
from collections import deque


class BoundedBuffer:
    def __init__(self, size):
        if size < 1:
            raise ValueError("size must be at least 1")
        self.size = size
        self.items = deque()
        self.closed = False
        lock = threading.Lock()
        self.not_full = threading.Condition(lock)
        self.not_empty = threading.Condition(lock)

    def wait(self, condition, ready, timeout):
        while not ready() and not self.closed:
            if not condition.wait(timeout) and not ready() and not self.closed:
                raise TimeoutError("too late")

    def put(self, item, timeout=None):
        with self.not_full:
            self.wait(self.not_full, lambda: len(self.items) < self.size, timeout)
            if self.closed:
                raise ValueError("closed")
            self.items.append(item)
            self.not_empty.notify()

    def get(self, timeout=None):
        with self.not_empty:
            self.wait(self.not_empty, lambda: self.items, timeout)
            if not self.items:
                raise ValueError("closed")
            item = self.items.popleft()
            self.not_full.notify()
            return item

    def close(self):
        with self.not_empty:
            self.closed = True
            self.not_full.notify_all()
            self.not_empty.notify_all()
