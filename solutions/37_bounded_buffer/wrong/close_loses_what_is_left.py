"""Looks in `get` whether the buffer is closed before it looks for an item.

What was put before the closing is lost.

Fails: test_closing_wakes_all
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
            if self.closed:
                raise ValueError("closed")
            if not self.items:
                raise TimeoutError("empty")
            item = self.items.popleft()
            self.changed.notify_all()
            return item

    def close(self):
        with self.changed:
            self.closed = True
            self.changed.notify_all()
