"""Takes None as the sign that there is no item.

Who puts None puts an item, and gets a TimeoutError for it.

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
            item = self.items.popleft() if self.items else None
            if item is not None:
                self.changed.notify_all()
                return item
            if self.closed:
                raise ValueError("closed")
            raise TimeoutError("empty")

    def close(self):
        with self.changed:
            self.closed = True
            self.changed.notify_all()
