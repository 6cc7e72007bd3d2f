"""`put` looks whether the buffer is closed before it has the lock, and not again.

It may be closed meanwhile: the item lies in a closed buffer, from which others have gone home.

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
        if self.closed:
            raise ValueError("closed")
        with self.changed:
            self.changed.wait_for(lambda: self.closed or len(self.items) < self.size, timeout)
            if len(self.items) >= self.size:
                raise ValueError("closed") if self.closed else TimeoutError("full")
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
