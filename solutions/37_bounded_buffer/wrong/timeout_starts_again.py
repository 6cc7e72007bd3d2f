"""Waits `timeout` seconds after each wake-up anew.

Who is woken in vain after 1 of 3 s waits 4 s in all. The timeout is a promise about the whole call.

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
            while not self.closed and len(self.items) >= self.size:
                if not self.changed.wait(timeout):
                    break
            if self.closed:
                raise ValueError("closed")
            if len(self.items) >= self.size:
                raise TimeoutError("full")
            self.items.append(item)
            self.changed.notify_all()

    def get(self, timeout=None):
        with self.changed:
            while not self.closed and not self.items:
                if not self.changed.wait(timeout):
                    break
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
