"""Raises TimeoutError as soon as `wait` says that the time is over, on two conditions with `notify`.

The thread may have been notified at the same moment. It goes away, the wake-up with it, and another one waits beside an item.

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
        self.lock = threading.Lock()
        self.not_full = threading.Condition(self.lock)
        self.not_empty = threading.Condition(self.lock)

    def wait(self, condition, deadline):
        if deadline is None:
            condition.wait()
        elif not condition.wait(max(0, deadline - time.monotonic())):
            raise TimeoutError("too late")

    def put(self, item, timeout=None):
        deadline = None if timeout is None else time.monotonic() + timeout
        with self.lock:
            while len(self.items) >= self.size and not self.closed:
                self.wait(self.not_full, deadline)
            if self.closed:
                raise ValueError("closed")
            self.items.append(item)
            self.not_empty.notify()

    def get(self, timeout=None):
        deadline = None if timeout is None else time.monotonic() + timeout
        with self.lock:
            while not self.items and not self.closed:
                self.wait(self.not_empty, deadline)
            if not self.items:
                raise ValueError("closed")
            item = self.items.popleft()
            self.not_full.notify()
            return item

    def close(self):
        with self.lock:
            self.closed = True
            self.not_full.notify_all()
            self.not_empty.notify_all()
