"""The answer's files: followed by the system's events, and looked at all the time in case one is lost."""

from __future__ import annotations

import contextlib
import os
import platform
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from grader.course import Kata
from grader.submission import Answer, find, notebook_of
from grader.watch import messages

_STEP: Final = 10
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
        say: is told a sentence: that an answer to one of `others` was saved, or that a fault of ours ends this early.
        others: katas that are not followed, but who saves an answer to one of them is told so.
    """

    def __init__(
        self,
        kata: Kata,
        root: Path,
        found: Callable[[Kata, Answer], None],
        say: Callable[[str], None],
        others: Sequence[Kata] = (),
    ) -> None:
        self._kata = kata
        self._others = {other.folder.name: other for other in others if other.name != kata.name}
        self._root = root
        self._found = found
        self._say = say
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
            self._say(messages.fault(f"{type(error).__name__}: {error}"))

    def _follow(self) -> None:
        self._tell()
        while not self._over.is_set():
            folder = _identity(self._kata.folder)
            with contextlib.suppress(OSError, RuntimeError):  # the folder is gone, or the system can't follow it
                for changed in _changes(self._folders(), self._over):
                    own = [path for path in changed if path.parent.name not in self._others]
                    self._hear_of_others(changed)
                    if own or self._seen != _sight(self._kata):
                        self._tell()
                    if _identity(self._kata.folder) != folder:
                        break  # another folder of this name
            if self._over.wait(_GONE):
                return
            if self._seen != _sight(self._kata):
                self._tell()

    def _folders(self) -> list[Path]:
        """Return the folders whose events are heard, the kata's first; it alone where they may have to be polled."""
        if _polled(self._kata.folder) or os.environ.get("WATCHFILES_FORCE_POLLING") or _on_wsl():
            return [self._kata.folder]
        return [self._kata.folder, *(other.folder for other in self._others.values() if other.folder.is_dir())]

    def _hear_of_others(self, changed: Iterable[Path]) -> None:
        """Tell that an answer to another kata was saved; not of many at once, which nobody saves."""
        saved = {path.parent.name for path in changed if _is_answer(self._others.get(path.parent.name), path.name)}
        if len(saved) == 1:
            self._say(messages.saved_elsewhere(self._others[saved.pop()].name, self._kata.name))

    def _tell(self) -> None:
        """Tell what the answer is now. What is gone or empty may be about to be written: that gets a moment."""
        end = time.monotonic() + _GONE
        while _may_be_unfinished(self._kata) and time.monotonic() < end:
            if self._over.wait(_STEP / 1000):
                return
        self._seen = _sight(self._kata)
        self._found(self._kata, find(self._kata, self._root))


def _changes(folders: Sequence[Path], over: threading.Event) -> Iterator[list[Path]]:
    """Yield what an event in one of `folders` was about, at each event; and nothing some times a second.

    Raises:
        OSError, RuntimeError: if it can't be followed.
    """
    from watchfiles import watch  # noqa: PLC0415 - 20 ms, while the first answer is judged

    for changes in watch(
        *folders,
        watch_filter=None,
        debounce=_MOST,
        step=_STEP,
        stop_event=over,
        rust_timeout=_LOOK,
        yield_on_timeout=True,
        raise_interrupt=False,
        force_polling=_polled(folders[0]),
        poll_delay_ms=_POLL,
        recursive=False,
    ):
        yield [Path(path) for _, path in changes]


def _polled(folder: Path) -> bool | None:
    """Return whether `folder` has to be polled; None where that is for watchfiles to decide, as on WSL.

    WATCHFILES_FORCE_POLLING decides where it is set.
    """
    if os.environ.get("WATCHFILES_FORCE_POLLING"):
        return None
    return True if _is_remote(folder) else None


def _is_answer(kata: Kata | None, name: str) -> bool:
    """Whether a file of this name is one of an answer to `kata`."""
    return kata is not None and any(name in (file, notebook_of(kata, file)) for file in kata.files)


def _on_wsl() -> bool:
    return "microsoft" in platform.uname().release.lower()


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
