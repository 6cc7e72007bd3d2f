"""The reference for kata 37."""

from __future__ import annotations

from collections import deque
from threading import Condition, Lock
from typing import Any


class BoundedBuffer:
    """A queue that holds at most `size` items: what is put first is got first.

    Raises:
        ValueError: if `size` is less than 1.
    """

    def __init__(self, size: int) -> None:
        """Make an empty buffer, open."""
        if size < 1:
            raise ValueError(f"in a buffer of size {size} nothing has room")
        self._size = size
        self._items: deque[Any] = deque()
        self._closed = False
        # One lock for all that is shared, and a condition for each thing that one may wait for: so a notify() always
        # reaches somebody who can use it.
        lock = Lock()
        self._not_full = Condition(lock)
        self._not_empty = Condition(lock)

    def put(self, item: Any, timeout: float | None = None) -> None:
        """Add `item` behind all others; while the buffer is full, wait until there is room.

        Raises:
            ValueError: if the buffer is closed, or is closed meanwhile.
            TimeoutError: if there was no room in time.
        """
        with self._not_full:
            # wait_for looks again after each wake-up, keeps one deadline over all of them, and looks a last time when
            # that is over: so a notify() that comes at the same moment is not lost.
            self._not_full.wait_for(lambda: self._closed or len(self._items) < self._size, timeout)
            if self._closed:
                raise ValueError("the buffer is closed")
            if len(self._items) >= self._size:
                raise TimeoutError("the buffer is full")
            self._items.append(item)
            self._not_empty.notify()

    def get(self, timeout: float | None = None) -> Any:
        """Take out the first item and return it; while the buffer is empty, wait until there is one.

        Raises:
            ValueError: if the buffer is closed and empty, or is closed meanwhile.
            TimeoutError: if there was no item in time.
        """
        with self._not_empty:
            self._not_empty.wait_for(lambda: self._closed or self._items, timeout)
            # Items first: what was in the buffer when it was closed can still be got.
            if self._items:
                item = self._items.popleft()
                self._not_full.notify()
                return item
            if self._closed:
                raise ValueError("the buffer is closed")
            raise TimeoutError("the buffer is empty")

    def close(self) -> None:
        """Close the buffer: nothing can be put any more, and all who wait are woken."""
        with self._not_full:  # the same lock as that of _not_empty
            self._closed = True
            self._not_full.notify_all()
            self._not_empty.notify_all()
