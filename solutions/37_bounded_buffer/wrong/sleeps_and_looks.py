"""Takes no lock and no condition: looks every millisecond whether its turn has come (MISTAKES.md 24).

To look and to act are two steps: two threads see the same place, or the same item, and both take it (MISTAKES.md 9).

Fails: test_it_waits_when_full_and_when_empty, test_no_wake_up_is_lost
"""

import time
from collections import deque


class BoundedBuffer:
    def __init__(self, size):
        if size < 1:
            raise ValueError("size must be at least 1")
        self.size = size
        self.items = deque()
        self.closed = False

    def put(self, item, timeout=None):
        deadline = None if timeout is None else time.monotonic() + timeout
        while len(self.items) >= self.size:
            if self.closed:
                raise ValueError("closed")
            if deadline is not None and time.monotonic() >= deadline:
                raise TimeoutError("full")
            time.sleep(0.001)
        if self.closed:
            raise ValueError("closed")
        self.items.append(item)

    def get(self, timeout=None):
        deadline = None if timeout is None else time.monotonic() + timeout
        while not self.items:
            if self.closed:
                raise ValueError("closed")
            if deadline is not None and time.monotonic() >= deadline:
                raise TimeoutError("empty")
            time.sleep(0.001)
        return self.items.popleft()

    def close(self):
        self.closed = True
