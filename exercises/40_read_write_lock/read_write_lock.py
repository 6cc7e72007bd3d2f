"""Kata 40: a lock that many may hold for reading, or one for writing."""

from __future__ import annotations


class ReadWriteLock:
    """Held by any number of readers at once, or by one writer alone.

    Neither side starves the other: a reader that comes while a writer waits, waits as well, until a writer has had the
    lock. And when a writer gives it back, the readers that wait at that moment get it before the next writer, whichever
    that is.

    It is not re-entrant: who holds it, in either way, must not acquire it again. A hold belongs to the lock and not to
    a thread: what one thread has acquired another one may release.
    """

    def __init__(self) -> None:
        """Make a lock that nobody holds."""
        raise NotImplementedError

    def acquire_read(self) -> None:
        """Wait until the lock can be held for reading, and hold it."""
        raise NotImplementedError

    def release_read(self) -> None:
        """Give a hold for reading back.

        Raises:
            RuntimeError: if no reader holds the lock.
        """
        raise NotImplementedError

    def acquire_write(self) -> None:
        """Wait until the lock can be held for writing, and hold it alone."""
        raise NotImplementedError

    def release_write(self) -> None:
        """Give the hold for writing back.

        Raises:
            RuntimeError: if no writer holds the lock.
        """
        raise NotImplementedError
