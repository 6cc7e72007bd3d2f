"""Kata 37: a queue of limited size between threads, built from a lock and conditions."""

from __future__ import annotations

from typing import Any


class BoundedBuffer:
    """A queue that holds at most `size` items: what is put first is got first.

    Any number of threads may put, get and close at the same time. Any object is an item, None too.

    Args:
        size: how many items have room, at least 1.

    Raises:
        ValueError: if `size` is less than 1.
    """

    def __init__(self, size: int) -> None:
        """Make an empty buffer, open."""
        raise NotImplementedError

    def put(self, item: Any, timeout: float | None = None) -> None:
        """Add `item` behind all others; while the buffer is full, wait until there is room.

        Args:
            item: any object.
            timeout: how many seconds to wait at most, in all; 0 never waits, None waits as long as it takes.

        Raises:
            ValueError: if the buffer is closed, or is closed while this waits. The item is not in it then.
            TimeoutError: if there was no room in time. The item is not in it then.
        """
        raise NotImplementedError

    def get(self, timeout: float | None = None) -> Any:
        """Take out the first item and return it; while the buffer is empty, wait until there is one.

        Args:
            timeout: how many seconds to wait at most, in all; 0 never waits, None waits as long as it takes.

        Raises:
            ValueError: if the buffer is closed and empty, or is closed while this waits. What was in it when it was
                closed can still be got.
            TimeoutError: if there was no item in time.
        """
        raise NotImplementedError

    def close(self) -> None:
        """Close the buffer: nothing can be put any more, and all who wait are woken.

        Closing a second time does nothing.
        """
        raise NotImplementedError
