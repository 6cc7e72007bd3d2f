"""Notifies only when the buffer was empty before a put, or full before a get: "else nobody waits".

Two wait, the first item wakes one of them, and the second comes before that one has run: the other is told nothing.

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
        lock = threading.Lock()
        self.not_full = threading.Condition(lock)
        self.not_empty = threading.Condition(lock)

    def put(self, item, timeout=None):
        with self.not_full:
            room = self.not_full.wait_for(lambda: self.closed or len(self.items) < self.size, timeout)
            if self.closed:
                raise ValueError("closed")
            if not room:
                raise TimeoutError("full")
            self.items.append(item)
            if len(self.items) == 1:
                self.not_empty.notify()

    def get(self, timeout=None):
        with self.not_empty:
            if not self.not_empty.wait_for(lambda: self.closed or self.items, timeout):
                raise TimeoutError("empty")
            if not self.items:
                raise ValueError("closed")
            item = self.items.popleft()
            if len(self.items) == self.size - 1:
                self.not_full.notify()
            return item

    def close(self):
        with self.not_empty:
            self.closed = True
            self.not_full.notify_all()
            self.not_empty.notify_all()
