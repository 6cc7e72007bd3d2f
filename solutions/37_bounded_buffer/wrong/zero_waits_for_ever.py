"""Asks `if timeout:`, and so takes 0 for None.

"Now or never" becomes "as long as it takes": the first get(timeout=0) of an empty buffer hangs.

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
        self.changed = threading.Condition()

    def put(self, item, timeout=None):
        with self.changed:
            if timeout:
                self.changed.wait_for(lambda: self.closed or len(self.items) < self.size, timeout)
            else:
                self.changed.wait_for(lambda: self.closed or len(self.items) < self.size)
            if self.closed:
                raise ValueError("closed")
            if len(self.items) >= self.size:
                raise TimeoutError("full")
            self.items.append(item)
            self.changed.notify_all()

    def get(self, timeout=None):
        with self.changed:
            if timeout:
                self.changed.wait_for(lambda: self.closed or self.items, timeout)
            else:
                self.changed.wait_for(lambda: self.closed or self.items)
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
