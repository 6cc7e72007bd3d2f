"""Things of the judge's that hold whoever comes until enough are there: so what overlaps is seen, not timed.

Each watches from a thread of its own, and lets go when enough are there, when nobody else has come for a while, or at
the end of its block.
"""

from __future__ import annotations

import contextlib
import os
import select
import stat
import struct
import sys
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final, Self

from grader.sandbox import guards
from grader.sandbox.launch import Child

_TICK: Final = 0.003
_PIECE: Final = 5_000
"""Bytes of a pipe that its reader can have at once: fewer than it is likely to ask for."""
_SET_LEASE, _GET_LEASE, _SET_OWNER = 1024, 1025, 8
"""Of ``fcntl(2)`` on Linux; Python has no names for the first two."""
_READ_WRITE_LEASE, _NO_LEASE = 1, 2


class Rendezvous:
    """What all of them have in common; use them as context managers.

    Attributes:
        peak: the most that were there at once, while they were held.

    Args:
        until: how many let all of them go.
        patience: seconds after which they may go all the same, from when the first came.
    """

    def __init__(self, until: int, patience: float) -> None:
        self.peak = 0
        self._until = until
        self._patience = patience
        self._ready = threading.Event()
        self._closed = threading.Event()
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._work, name=type(self).__name__, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait()
        self._raise_error()
        return self

    def __exit__(self, *_: object) -> None:
        self._closed.set()
        self._thread.join()
        self._raise_error()

    def _raise_error(self) -> None:
        if self._error is not None:
            raise self._error

    def _work(self) -> None:
        try:
            self._hold()
        except BaseException as error:  # noqa: BLE001 - raised where the block begins or ends
            self._error = error
        finally:
            self._ready.set()

    def _hold(self) -> None:
        """Hold what comes, say when it is so, wait, and let go."""
        raise NotImplementedError

    def _wait(self, count: Callable[[], int], *, rest: Callable[[], Any] | None = None) -> None:
        """Return when enough are there by `count`, when the patience is at its end, or the block.

        Args:
            rest: what to do between two looks, instead of a short sleep.
        """
        self._ready.set()
        since: float | None = None
        while not self._closed.is_set():
            there = count()
            self.peak = max(self.peak, there)
            now = time.monotonic()
            since = now if since is None and there else since
            if there >= self._until or (since is not None and now - since >= self._patience):
                return
            if rest is None:
                self._closed.wait(_TICK)
            else:
                rest()


class Locked(Rendezvous):
    """Holds an exclusive lock on an SQLite file (in rollback mode) until enough connections to it are open.

    Attributes:
        peak: the most connections that were open at once, while the lock was held.

    Args:
        child: returns the learner's process, None while there is none.
        user: the uid that it has, None for ours.
    """

    def __init__(
        self, database: str, child: Callable[[], Child | None], user: int | None, *, until: int, patience: float
    ) -> None:
        super().__init__(until, patience)
        self._database = database
        self._child = child
        self._user = user

    def _hold(self) -> None:
        import sqlite3  # noqa: PLC0415 - only who holds a database pays for it

        known = Path(self._database).stat()
        with contextlib.closing(sqlite3.connect(self._database, isolation_level=None)) as connection:
            connection.execute("BEGIN EXCLUSIVE")
            if self._user is not None:
                guards.see_as(self._user)
            self._wait(lambda: self._opened(known))
            connection.execute("ROLLBACK")

    def _opened(self, known: os.stat_result) -> int:
        child = self._child()
        return child.opened(known) if child is not None else 0


class Held(Rendezvous):
    """Holds back whoever opens one of some files to read it, until enough of the files are asked for at once (Linux).

    By leases: the kernel lets an ``open`` wait for who has one. Each file is held once; a file system may have none.

    Attributes:
        peak: the most files that were asked for at once, while they were held.
        possible: whether the system can do this; if not, nobody is held and `peak` says nothing.
    """

    def __init__(self, files: Iterable[str], *, until: int, patience: float) -> None:
        super().__init__(until, patience)
        self._files = list(files)
        self.possible = sys.platform == "linux"

    def _hold(self) -> None:
        leases: list[int] = []
        try:
            for file in self._files if self.possible else ():
                leases.append(os.open(file, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW))
                self._lease(leases[-1])
            if self.possible:
                self._wait(lambda: sum(_asked_for(lease) for lease in leases))
        finally:
            for lease in leases:
                os.close(lease)  # which ends it

    def _lease(self, handle: int) -> None:
        import fcntl  # noqa: PLC0415 - not there on Windows, where this never runs

        try:
            fcntl.fcntl(handle, _SET_LEASE, _READ_WRITE_LEASE)
            fcntl.fcntl(handle, _SET_OWNER, 0)  # no signal when somebody comes: we look
        except OSError:
            self.possible = False


def _asked_for(lease: int) -> bool:
    import fcntl  # noqa: PLC0415 - as above

    return fcntl.fcntl(lease, _GET_LEASE) != _READ_WRITE_LEASE


class Fifos(Rendezvous):
    """Named pipes that the judge writes into, each once; readers are held until enough of them are there.

    A pipe that somebody reads counts until all of it is written: before its reader can see its end.

    Attributes:
        peak: the most pipes that were being read at once, held or not.
    """

    def __init__(self, contents: dict[str, bytes], *, until: int, patience: float) -> None:
        super().__init__(until, patience)
        self._waiting = {path: memoryview(data) for path, data in contents.items()}
        self._open: dict[int, memoryview] = {}

    def _hold(self) -> None:
        try:
            self._wait(self._meet)
            while not self._closed.is_set():
                self.peak = max(self.peak, self._meet())
                if sum(map(self._write, list(self._open))) == 0:
                    self._closed.wait(_TICK)
        finally:
            for handle in self._open:
                os.close(handle)

    def _meet(self) -> int:
        """Open each pipe that somebody has opened to read it; return how many are being read."""
        for path in list(self._waiting):
            with contextlib.suppress(OSError):  # ENXIO: nobody reads it yet
                handle = os.open(path, os.O_WRONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOFOLLOW)
                data = self._waiting.pop(path)
                if stat.S_ISFIFO(os.fstat(handle).st_mode):
                    self._open[handle] = data
                else:  # an answer has put something else in its place
                    os.close(handle)
        for handle in [handle for handle in self._open if _left_alone(handle)]:
            self._finish(handle)
        return len(self._open)

    def _write(self, handle: int) -> bool:
        """Write a piece if the last was read, or end the pipe if there is no more; tell whether anything was done."""
        data = self._open.get(handle)
        if data is None or _unread(handle):
            return False
        try:
            written = os.write(handle, data[:_PIECE]) if data else 0
        except BlockingIOError:
            return False
        except OSError:  # its reader has gone
            written, data = 0, data[:0]
        self._open[handle] = data[written:]
        if not self._open[handle]:
            self._finish(handle)
        return True

    def _finish(self, handle: int) -> None:
        del self._open[handle]  # first: when its reader sees the end, it may begin with the next
        os.close(handle)


def _unread(handle: int) -> int:
    """Return how many bytes are in a pipe, which nobody has read yet."""
    import fcntl  # noqa: PLC0415 - not on Windows
    import termios  # noqa: PLC0415 - not on Windows

    (unread,) = struct.unpack("i", fcntl.ioctl(handle, termios.FIONREAD, bytes(4)))
    return int(unread)


def _left_alone(handle: int) -> bool:
    """Tell whether nobody reads the pipe any more."""
    poll = select.poll()
    poll.register(handle, 0)
    return bool(poll.poll(0))
