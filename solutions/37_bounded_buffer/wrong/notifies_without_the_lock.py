"""Notifies after the block, where the lock is given back already (MISTAKES.md 14).

`notify` is only allowed to who holds the lock: RuntimeError.

Fails: test_first_in_first_out
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
        self.changed = threading.Condition()

    def put(self, item, timeout=None):
        with self.changed:
            self.changed.wait_for(lambda: self.closed or len(self.items) < self.size, timeout)
            if self.closed:
                raise ValueError("closed")
            if len(self.items) >= self.size:
                raise TimeoutError("full")
            self.items.append(item)
        self.changed.notify_all()

    def get(self, timeout=None):
        with self.changed:
            self.changed.wait_for(lambda: self.closed or self.items, timeout)
            if self.items:
                item = self.items.popleft()
                self.changed.notify_all()
                return item
            if self.closed:
                raise ValueError("closed")
            raise TimeoutError("empty")

    def close(self):
        with self.changed:
            self.closed = True
            self.changed.notify_all()
