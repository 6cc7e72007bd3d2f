"""`put` looks under the lock whether the buffer is closed, but after the wait only whether there is room.

Who waits at a full buffer from which an item is got before it is closed puts an item into a closed one.

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
            if self.closed:
                raise ValueError("closed")
            self.changed.wait_for(lambda: self.closed or len(self.items) < self.size, timeout)
            if len(self.items) < self.size:
                self.items.append(item)
                self.changed.notify_all()
            elif self.closed:
                raise ValueError("closed")
            else:
                raise TimeoutError("full")

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
