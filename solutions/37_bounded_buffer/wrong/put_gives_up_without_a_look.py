"""A put whose time is over raises as soon as it is woken; a get looks once more.

The wake-up may have said that there is room. It is gone with the one who gives up, and another waits beside a free place.

Fails: test_who_gives_up_takes_no_wake_up_along
"""

import threading
import time
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
        deadline = None if timeout is None else time.monotonic() + timeout
        with self.not_full:
            while len(self.items) >= self.size and not self.closed:
                left = None if deadline is None else deadline - time.monotonic()
                if left is not None and left <= 0:
                    raise TimeoutError("full")
                self.not_full.wait(left)
                if deadline is not None and time.monotonic() >= deadline:
                    raise TimeoutError("too late")
            if self.closed:
                raise ValueError("closed")
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
