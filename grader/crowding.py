"""Who is judged beside others may lack what they have used up: threads, processes, memory, disk, files in flight.

What the kernel counts for a user it counts for all graders of that user, so such a check is judged once more, alone.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
import sys
import tempfile
import threading
from collections.abc import Callable
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


class Crowd:
    """The jobs of all graders of this user, each a locked file. One that has to be alone waits for all, and all for it.

    What is locked is let go of by the kernel when its process ends, however it ends. Where the system has no such locks
    each job is taken to be one of many, and nobody waits.

    Args:
        folder: where the files are; it is made when it is needed, and goes with the last of them.
    """

    def __init__(self, folder: Callable[[], Path]) -> None:
        self._folder = folder
        self._guard = threading.Lock()
        self._held: dict[object, list[_Lock]] = {}

    def enter(self, job: object, *, alone: bool = False) -> bool:
        """Let `job` start, if it may now; else ask again later."""
        folder = self._ready()
        if folder is None:
            return True
        with self._guard:
            held = self._held.setdefault(job, [])
            try:
                return self._enter_alone(folder, held) if alone else self._enter_beside(folder, held)
            except FileNotFoundError:  # the folder has gone with somebody else's last job
                return False
            except OSError:  # a file system without locks, or without room
                return True

    def _enter_alone(self, folder: Path, held: list[_Lock]) -> bool:
        held += [] if held else _locked(folder / _GATE, exclusive=True)
        return bool(held) and not self._sees_others(folder, held)

    def _enter_beside(self, folder: Path, held: list[_Lock]) -> bool:
        passing = _locked(folder / _GATE, exclusive=False)
        if passing:
            held += _locked(folder / secrets.token_hex(8), exclusive=True)
            _let_go(passing)
        return bool(passing)

    def leave(self, job: object) -> None:
        """Forget `job`: it has ended, or never will start."""
        folder = self._ready()
        with self._guard, contextlib.suppress(OSError):
            for lock in self._held.pop(job, []):
                _remove(lock)
            if folder is not None and not self._sees_others(folder, []):
                for lock in _locked(folder / _GATE, exclusive=True):
                    _remove(lock)
                folder.rmdir()

    def beside(self, job: object) -> bool:
        """Return whether others than `job` run."""
        folder = self._ready()
        if folder is None:
            return True
        with self._guard, contextlib.suppress(OSError):
            return self._sees_others(folder, self._held.get(job, []))
        return True

    def _sees_others(self, folder: Path, own: list[_Lock]) -> bool:
        """Return whether somebody else has a file in `folder`; what the dead have left there is removed."""
        mine = {folder / _GATE, *(path for path, _ in own)}
        for path in set(folder.iterdir()) - mine:
            found = _locked(path, exclusive=True)
            if not found:
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


def _locked(path: Path, *, exclusive: bool) -> list[_Lock]:
    """Lock `path`, which is made if it is not there; return nothing if others have it."""
    import fcntl  # noqa: PLC0415 - not there on Windows

    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(handle, (fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH) | fcntl.LOCK_NB)
            if os.path.samestat(os.fstat(handle), path.stat()):  # else it was removed meanwhile
                return [(path, handle)]
        except FileNotFoundError:
            pass
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
        path.unlink()
    os.close(handle)


def _let_go(locks: list[_Lock]) -> None:
    for _, handle in locks:
        os.close(handle)


def _folder() -> Path:
    return Path(tempfile.gettempdir(), f"grader-jobs-{os.getuid()}")


CROWD: Final = Crowd(_folder)
"""Of this user."""
