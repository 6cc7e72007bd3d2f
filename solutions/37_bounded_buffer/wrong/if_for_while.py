"""Asks `if` before it waits, and not `while` (MISTAKES.md 15).

Between being woken and having the lock back another thread may have taken the item: pop from an empty deque.

Fails: test_no_wake_up_is_lost
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
            if not self.closed and len(self.items) >= self.size:
                if not self.changed.wait(timeout):
                    raise TimeoutError("full")
            if self.closed:
                raise ValueError("closed")
            self.items.append(item)
            self.changed.notify_all()

    def get(self, timeout=None):
        with self.changed:
            if not self.closed and not self.items:
                if not self.changed.wait(timeout):
                    raise TimeoutError("empty")
            if self.closed and not self.items:
                raise ValueError("closed")
            item = self.items.popleft()
            self.changed.notify_all()
            return item

    def close(self):
        with self.changed:
            self.closed = True
            self.changed.notify_all()
