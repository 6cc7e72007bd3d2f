"""Who is judged beside others may lack what they have used up: threads, processes, memory, disk, files in flight.

What the kernel counts for a user it counts for all graders of that user, so such a check is judged once more, alone.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import secrets
import stat
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from grader.verdict import Check, Status

_LACKS: Final = (
    "can't start new thread",
    "Resource temporarily unavailable",
    "Cannot allocate memory",
    "No space left on device",
    "Too many open files in system",
    "Too many references",  # of files in flight between processes
)
"""Words of Python's and the system's for what there was not enough of."""


def lacked_something(check: Check) -> bool:
    """Return whether `check` did not pass and others may be why: something was used up, or the grader itself failed."""
    if check.status is Status.GRADER_ERROR:
        return True
    return check.status is not Status.PASSED and any(words in check.message for words in _LACKS)


_Lock = tuple[Path, int]
"""A file, and the descriptor by which it is locked."""


_SILENT: Final = 10.0
"""Seconds after which nobody waits for who did not say that he goes on: he is stopped, or hangs."""

_UNTIL_ALONE: Final = 300.0
"""Seconds that one waits, at most, to be alone. What others run may take some minutes."""

_UNTIL_OPEN: Final = 600.0
"""Seconds that one waits, at most, for others to have been alone: one of them may wait for that, and be judged."""


class Crowd:
    """The jobs of all graders of this user, each a locked file. One that has to be alone waits for all, and all for it.

    What is locked is let go of by the kernel when its process ends, however it ends. While it goes on its process says
    so, by the time of the file. Nobody waits for who has not said it for a while, nor for anybody without end. Where
    the system has no such locks each job is taken to be one of many, and nobody waits.

    Args:
        folder: where the files are; it is made when it is needed, and goes with the last of them.
    """

    def __init__(self, folder: Callable[[], Path]) -> None:
        self._folder = folder
        self._guard = threading.Lock()
        self._held: dict[object, list[_Lock]] = {}
        self._asked: dict[object, float] = {}

    def enter(self, job: object, *, alone: bool = False) -> bool:
        """Let `job` start, if it may now, or has waited long enough; else ask again later."""
        folder = self._ready()
        if folder is None:
            return True
        with self._guard:
            held = self._held.setdefault(job, [])
            waited = time.monotonic() - self._asked.setdefault(job, time.monotonic())
            try:
                if alone:
                    return self._enter_alone(folder, held, at_once=waited > _UNTIL_ALONE)
                return self._enter_beside(folder, held, at_once=waited > _UNTIL_OPEN)
            except FileNotFoundError:  # the folder has gone with somebody else's last job
                return False
            except OSError:  # a file system without locks, or without room
                return True

    def _enter_alone(self, folder: Path, held: list[_Lock], *, at_once: bool) -> bool:
        if not all(map(_is_there, held)):  # we were stopped ourselves, and somebody has made a gate of his own
            _let_go(held)
            held.clear()
        held += [] if held else _gate(folder, exclusive=True)
        entered = at_once or (bool(held) and not self._sees_others(folder, held, waits=True))
        if entered:
            held += _locked(folder / secrets.token_hex(8), exclusive=True)
        return entered

    def _enter_beside(self, folder: Path, held: list[_Lock], *, at_once: bool) -> bool:
        passing = _gate(folder, exclusive=False)
        try:
            entered = at_once or bool(passing)
            if entered:
                held += _locked(folder / secrets.token_hex(8), exclusive=True)
            return entered
        finally:
            _let_go(passing)

    def go_on(self, jobs: Iterable[object]) -> None:
        """Say that `jobs` go on, or still wait: to be called every few seconds."""
        with self._guard, contextlib.suppress(OSError):
            for _, handle in itertools.chain.from_iterable(self._held.get(job, []) for job in jobs):
                os.utime(handle)

    def leave(self, job: object) -> None:
        """Forget `job`: it has ended, or never will start."""
        folder = self._ready()
        with self._guard, contextlib.suppress(OSError):
            self._asked.pop(job, None)
            for lock in self._held.pop(job, []):
                _remove(lock)
            if folder is not None and not self._sees_others(folder, []):
                for lock in _locked(folder / _GATE, exclusive=True):
                    _remove(lock)
                folder.rmdir()

    def beside(self, job: object, *, unseen: bool = True) -> bool:
        """Return whether others than `job` are there, be they stopped; `unseen` where nobody can look."""
        folder = self._ready()
        if folder is None:
            return unseen
        with self._guard, contextlib.suppress(OSError):
            return self._sees_others(folder, self._held.get(job, []))
        return unseen

    def _sees_others(self, folder: Path, own: list[_Lock], *, waits: bool = False) -> bool:
        """Return whether others have files in `folder`, for whom one `waits`; what the dead have left is removed."""
        mine = {folder / _GATE, *(path for path, _ in own)}
        for path in set(folder.iterdir()) - mine:
            found = _locked(path, exclusive=True)
            if not found and not (waits and _is_silent(path)):
                return True
            for lock in found:
                _remove(lock)
        return False

    def _ready(self) -> Path | None:
        """Return the folder, made if it is not there; None if there can be none, or it is somebody else's."""
        if sys.platform == "win32":
            return None
        folder = self._folder()
        with contextlib.suppress(OSError):
            folder.mkdir(mode=0o700, exist_ok=True)
            found = folder.lstat()
            if stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid():
                return folder
        return None


_GATE: Final = "gate"
"""The file that who has to be alone locks first, so that nobody else starts."""


def _gate(folder: Path, *, exclusive: bool) -> list[_Lock]:
    """Lock the gate; one whose holder is silent is replaced, and he will see that when he goes on."""
    gate = folder / _GATE
    found = _locked(gate, exclusive=exclusive)
    if not found and _is_silent(gate):
        gate.unlink(missing_ok=True)
        found = _locked(gate, exclusive=exclusive)
    return found


def _is_silent(path: Path) -> bool:
    """Return whether who has `path` did not say for a while that he goes on."""
    return abs(time.time() - path.stat().st_mtime) > _SILENT  # before or after: the clock may have been set


def _is_there(lock: _Lock) -> bool:
    """Return whether the file that is locked is the one of that name."""
    path, handle = lock
    with contextlib.suppress(FileNotFoundError):
        return os.path.samestat(os.fstat(handle), path.stat())
    return False


def _locked(path: Path, *, exclusive: bool) -> list[_Lock]:
    """Lock `path`, which is made if it is not there; return nothing if others have it."""
    import fcntl  # noqa: PLC0415 - not there on Windows

    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(handle, (fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH) | fcntl.LOCK_NB)
            os.utime(handle)
            if _is_there((path, handle)):  # else it was removed meanwhile
                return [(path, handle)]
        except BlockingIOError:
            os.close(handle)
            return []
        except OSError:
            os.close(handle)
            raise
        os.close(handle)


def _remove(lock: _Lock) -> None:
    """Remove a file that we have locked, and let go of it."""
    path, handle = lock
    with contextlib.suppress(OSError):
        if _is_there(lock):
            path.unlink()
    os.close(handle)


def _let_go(locks: list[_Lock]) -> None:
    for _, handle in locks:
        os.close(handle)


def _folder() -> Path:
    return Path(tempfile.gettempdir(), f"grader-jobs-{os.getuid()}")


CROWD: Final = Crowd(_folder)
"""Of this user."""
