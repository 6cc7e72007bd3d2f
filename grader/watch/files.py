"""The answer's files: followed by the system's events, and looked at all the time in case one is lost."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from grader.course import Kata
from grader.submission import Answer, find
from grader.watch import messages

_STEP: Final = 15
"""Milliseconds without a further event after which files are looked at."""
_MOST: Final = 60
"""Milliseconds after which they are looked at in any case."""
_LOOK: Final = 400
"""Milliseconds between looks without an event."""
_POLL: Final = 100
"""Milliseconds between polls where the system has no events."""
_GONE: Final = 0.25
"""Seconds that a file may be gone or empty while an editor writes it anew."""

_REMOTE: Final = (
    "9p afpfs afs beegfs ceph cifs davfs drvfs fuse.sshfs fuse.vmhgfs-fuse glusterfs lustre ncpfs nfs nfs4 prl_fs smb2 "
    "smb3 smbfs sshfs vboxsf virtiofs vmhgfs webdav"
)
"""File systems on which others may write, and no event tells of it."""


class Follower:
    """Follows the answer to one kata, by a thread, until it is closed.

    Args:
        kata: whose answer.
        root: the clone.
        found: is told the answer: at first, and whenever it may be another one.
        failed: is told a sentence if a fault of ours ends this early.
    """

    def __init__(
        self, kata: Kata, root: Path, found: Callable[[Kata, Answer], None], failed: Callable[[str], None]
    ) -> None:
        self._kata = kata
        self._root = root
        self._found = found
        self._failed = failed
        self._over = threading.Event()
        self._seen: object = None
        self._thread = threading.Thread(target=self._serve, daemon=True, name="files")
        self._thread.start()

    def close(self) -> None:
        """Follow no longer."""
        self._over.set()
        self._thread.join()

    def _serve(self) -> None:
        try:
            self._follow()
        except Exception as error:  # noqa: BLE001 - a fault of ours is told where the learner looks
            self._failed(messages.fault(f"{type(error).__name__}: {error}"))

    def _follow(self) -> None:
        self._tell()
        while not self._over.is_set():
            folder = _identity(self._kata.folder)
            with contextlib.suppress(OSError, RuntimeError):  # the folder is gone, or the system can't follow it
                for changed in _changes(self._kata.folder, self._over):
                    if changed or self._seen != _sight(self._kata):
                        self._tell()
                    if _identity(self._kata.folder) != folder:
                        break  # another folder of this name
            if self._over.wait(_GONE):
                return
            if self._seen != _sight(self._kata):
                self._tell()

    def _tell(self) -> None:
        """Tell what the answer is now. What is gone or empty may be about to be written: that gets a moment."""
        end = time.monotonic() + _GONE
        while _may_be_unfinished(self._kata) and time.monotonic() < end:
            if self._over.wait(_STEP / 1000):
                return
        self._seen = _sight(self._kata)
        self._found(self._kata, find(self._kata, self._root))


def _changes(folder: Path, over: threading.Event) -> Iterator[bool]:
    """Yield whether there was an event in `folder`, at each event and some times a second.

    Raises:
        OSError, RuntimeError: if it can't be followed.
    """
    from watchfiles import watch  # noqa: PLC0415 - 20 ms, while the first answer is judged

    for changes in watch(
        folder,
        watch_filter=None,
        debounce=_MOST,
        step=_STEP,
        stop_event=over,
        rust_timeout=_LOOK,
        yield_on_timeout=True,
        raise_interrupt=False,
        force_polling=_polled(folder),
        poll_delay_ms=_POLL,
        recursive=False,
    ):
        yield bool(changes)


def _polled(folder: Path) -> bool | None:
    """Return whether `folder` has to be polled; None where that is for watchfiles to decide, as on WSL.

    WATCHFILES_FORCE_POLLING decides where it is set.
    """
    if os.environ.get("WATCHFILES_FORCE_POLLING"):
        return None
    return True if _is_remote(folder) else None


def _sight(kata: Kata) -> object:
    """Return what tells, without reading them, that the files in the kata's folder are others than before."""
    try:
        with os.scandir(kata.folder) as entries:
            files = [entry for entry in entries if entry.name.endswith((".py", ".ipynb"))]
            seen = [(entry.name, entry.stat(follow_symlinks=False)) for entry in files]
    except OSError as error:
        return error.errno
    return sorted((name, found.st_mtime_ns, found.st_size, found.st_ino, found.st_mode) for name, found in seen)


def _identity(folder: Path) -> object:
    try:
        found = folder.stat()
    except OSError as error:
        return error.errno
    return found.st_dev, found.st_ino


def _may_be_unfinished(kata: Kata) -> bool:
    """Whether a file of the answer is gone or empty."""
    for name in kata.files:
        try:
            if not (kata.folder / name).stat().st_size:
                return True
        except OSError:
            return True
    return False


def _is_remote(folder: Path) -> bool:
    """Whether `folder` lies on a file system that others may write to."""
    import psutil  # noqa: PLC0415 - while the first answer is judged

    place = folder.resolve()
    try:
        mounts = [mount for mount in psutil.disk_partitions(all=True) if place.is_relative_to(mount.mountpoint)]
    except (OSError, RuntimeError):
        return False
    nearest = max(mounts, key=lambda mount: len(mount.mountpoint), default=None)
    return nearest is not None and (nearest.fstype.lower() in _REMOTE.split() or "remote" in nearest.opts.split(","))
