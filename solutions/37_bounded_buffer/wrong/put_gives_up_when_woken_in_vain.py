"""A put with a timeout waits once: whoever finds no room then raises, also where time is left.

It was woken, and a third has been quicker. A get looks again and keeps its deadline.

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

    def put(self, item, timeout=None):
        with self.not_full:
            while len(self.items) >= self.size and not self.closed:
                self.not_full.wait(timeout)
                if timeout is not None:
                    break
            if self.closed:
                raise ValueError("closed")
            if len(self.items) >= self.size:
                raise TimeoutError("full")
            self.items.append(item)
            self.not_empty.notify()

    def get(self, timeout=None):
        with self.not_empty:
            if not self.not_empty.wait_for(lambda: self.closed or self.items, timeout):
                raise TimeoutError("empty")
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
