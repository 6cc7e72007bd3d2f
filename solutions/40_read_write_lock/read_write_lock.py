"""The reference for kata 40."""

from __future__ import annotations

from threading import Condition


class ReadWriteLock:
    """Held by any number of readers at once, or by one writer alone; neither side starves the other."""

    def __init__(self) -> None:
        """Make a lock that nobody holds."""
        self._changed = Condition()  # its lock guards the numbers, and is held for moments only
        self._readers = 0  # in
        self._writing = False  # whether a writer is in
        self._waiting_readers = 0
        self._waiting_writers = 0
        self._turn = 0  # how many writers have gone out

    def acquire_read(self) -> None:
        """Wait until the lock can be held for reading, and hold it."""
        with self._changed:
            # A waiting writer counts as much as one that is in, else readers that take turns would keep it out.
            if not self._writing and not self._waiting_writers:
                self._readers += 1
                return
            self._waiting_readers += 1
            turn = self._turn
            # The writer that goes out counts this reader as being in: a next writer finds it there, however late this
            # thread wakes up.
            while self._turn == turn:
                self._changed.wait()

    def release_read(self) -> None:
        """Give a hold for reading back.

        Raises:
            RuntimeError: if no reader holds the lock.
        """
        with self._changed:
            if not self._readers:
                raise RuntimeError("no reader holds the lock")
            self._readers -= 1
            if not self._readers:
                self._changed.notify_all()  # not notify(): the one that it reaches may be a reader, that waits on

    def acquire_write(self) -> None:
        """Wait until the lock can be held for writing, and hold it alone."""
        with self._changed:
            self._waiting_writers += 1  # before the wait, so that readers that come now are behind
            while self._writing or self._readers:
                self._changed.wait()
            self._waiting_writers -= 1
            self._writing = True

    def release_write(self) -> None:
        """Give the hold for writing back.

        Raises:
            RuntimeError: if no writer holds the lock.
        """
        with self._changed:
            if not self._writing:
                raise RuntimeError("no writer holds the lock")
            self._writing = False
            # The readers that wait now go before the next writer.
            self._readers = self._waiting_readers
            self._waiting_readers = 0
            self._turn += 1
            self._changed.notify_all()
