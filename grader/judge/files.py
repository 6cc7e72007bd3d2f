"""A folder of the judge's for the files that an answer works on: real files, pipes and databases.

What lies in it after a call may be anything: no link that an answer has left is followed, neither where something is
made nor where it is read, and nothing but files is read.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import stat
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, Final

from grader.judge import messages
from grader.judge.faults import LearnerFault
from grader.judge.folders import FOLDER
from grader.judge.rendezvous import Fifos, Held, Locked
from grader.sandbox.launch import Child
from grader.verdict import Status

_NEW: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
"""How a file is opened that must be new: nothing is there that could be followed."""
_IN_THE_WAY: Final = {
    errno.EEXIST, errno.ENOENT, errno.EISDIR, errno.ENOTDIR, errno.ELOOP, errno.EACCES, errno.EPERM, errno.ENOTEMPTY,
    errno.ENAMETOOLONG
}  # fmt: skip
"""What the system says where something lies in the way, or folders or rights that were there are there no more."""
_CHUNK: Final = 2**20
_MOST_READ: Final = 64 * 2**20


class Files:
    """The folder; `Learner.files` makes it. Names are relative to it, and may have folders.

    Attributes:
        folder: the folder itself.
        child: the learner's process, while there is one.

    Args:
        user: the uid that learner's code gets, None for ours.
        time_scale: how much longer real-time limits are.
    """

    def __init__(self, folder: Path, user: int | None, time_scale: float) -> None:
        self.folder = folder
        self.child: Child | None = None
        self._user = user
        self._time_scale = time_scale

    def path(self, name: str) -> str:
        """Return the path of `name`, to be handed to the answer; there need not be anything."""
        return str(self.folder / name)

    def make_folder(self, name: str) -> str:
        """Make a folder that the answer may write to; return its path."""
        with self._place_of(name, made=True) as (place, last):
            os.mkdir(last, dir_fd=place)
            if self._user is not None:
                os.chown(last, self._user, self._user, dir_fd=place, follow_symlinks=False)
        return self.path(name)

    def write(self, name: str, data: bytes | str = b"", size: int = 0, mode: int = 0o644) -> str:
        """Write a file that the answer may read, in the place of what is there; return its path.

        Args:
            data: text is written as UTF-8.
            size: bytes that it should have at least: a hole, which reads as zeros, follows the data.
            mode: its rights.
        """
        with self._place_of(name) as (place, last):
            _remove(last, place)
            handle = os.open(last, _NEW, mode, dir_fd=place)
            with open(handle, "wb") as file:  # noqa: PTH123 - as above
                file.write(data.encode() if isinstance(data, str) else data)
                if size > file.tell():
                    file.truncate(size)
                if hasattr(os, "fchmod"):
                    os.fchmod(handle, mode)
        return self.path(name)

    def database(self, name: str, script: str) -> str:
        """Make an SQLite file (in rollback mode) by the SQL of `script` in the place of what is there; return its path.

        It is made where no answer writes, as what makes it would follow links.
        """
        import sqlite3  # noqa: PLC0415 - only who makes a database pays for it

        with tempfile.TemporaryDirectory(dir=self.folder.parent) as private, self._place_of(name) as (place, last):
            made = os.path.join(private, "new")  # noqa: PTH118 - os.replace takes a descriptor
            with contextlib.closing(sqlite3.connect(made)) as connection:
                connection.executescript(script)
            if self._user is not None:
                os.chown(made, self._user, self._user)
            os.replace(made, last, dst_dir_fd=place)
        return self.path(name)

    def names(self, name: str = ".") -> list[str]:
        """Return the names of all that is in the folder `name`, sorted."""
        folder = self._inside(name)
        with contextlib.suppress(OSError):  # its rights may have been taken away
            if folder is not None and folder.is_dir():
                return sorted(entry.name for entry in folder.iterdir())
        return []

    def read(self, name: str) -> bytes | None:
        """Return what is in the file `name`, of a large one the first 64 MiB; None if there is none."""
        with self._reading(name) as file:
            return file.read(_MOST_READ) if file is not None else None

    def leads_to(self, path: object, name: str) -> bool:
        """Tell whether `path`, which may be anything that an answer returned, is a path of the file `name`."""
        if not isinstance(path, str):
            return False
        with contextlib.suppress(OSError, ValueError):
            return Path(path).samefile(self.folder / name)
        return False

    def digest(self, name: str) -> str | None:
        """Return the SHA-256 of the file `name` in hex, None if there is none."""
        with self._reading(name) as file:
            if file is None:
                return None
            found = hashlib.sha256()
            while chunk := file.read(_CHUNK):
                found.update(chunk)
            return found.hexdigest()

    def locked(self, database: str, until: int, patience: float = 3.0) -> Locked:
        """Hold an exclusive lock on the SQLite file at this path until `until` connections to it are open.

        Args:
            patience: seconds from when the first connection is open, after which the lock goes all the same. By itself
                SQLite waits 5 s for a lock.
        """
        if Path(database).is_symlink():
            raise _in_the_way(database)
        return Locked(database, lambda: self.child, self._user, until=until, patience=patience)

    def held(self, files: Iterable[str], until: int, patience: float = 2.0) -> Held:
        """Hold back whoever opens one of the files at these paths, until `until` of them are asked for at once.

        Args:
            patience: seconds from when the first was asked for, after which nobody is held any more.
        """
        return Held(files, until=until, patience=patience * self._time_scale)

    def fifos(self, contents: dict[str, bytes], until: int = 0, patience: float = 2.0) -> Fifos:
        """Make named pipes, name → what is written to it once it is read; hold that until `until` are read at once.

        Args:
            patience: seconds from when the first was opened, after which the rest need not come.
        """
        for name in contents:
            with self._place_of(name) as (place, last):
                _remove(last, place)
                os.mkfifo(last, dir_fd=place)
                handle = os.open(last, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW, dir_fd=place)
                try:
                    os.fchmod(handle, 0o644)
                finally:
                    os.close(handle)
        known = {self.path(name): data for name, data in contents.items()}
        return Fifos(known, until=until, patience=patience * self._time_scale)

    @contextlib.contextmanager
    def _place_of(self, name: str, *, made: bool = False) -> Iterator[tuple[int | None, str]]:
        """Yield a descriptor of the folder that `name` lies in, to be given as ``dir_fd``, and how it is called there.

        Where the system knows no such descriptors, it is None, and what it is called a whole path.

        Args:
            made: whether folders on the way are made that are not there.

        Raises:
            LearnerFault: if what lies there, or on the way, keeps the block from what it does.
        """
        *folders, last = Path(name).parts
        if ".." in (*folders, last) or Path(name).is_absolute() or "\0" in name:
            raise _in_the_way(name)
        try:
            with contextlib.ExitStack() as opened:
                if os.open not in os.supports_dir_fd:
                    (self.folder / name).parent.mkdir(parents=True, exist_ok=made)
                    yield None, self.path(name)
                    return
                place = _opened(opened, str(self.folder), None)
                for folder in folders:
                    if made:
                        with contextlib.suppress(FileExistsError):
                            os.mkdir(folder, dir_fd=place)
                    place = _opened(opened, folder, place)
                yield place, last
        except OSError as error:
            if error.errno not in _IN_THE_WAY:
                raise
            raise _in_the_way(name) from error

    def _inside(self, name: str) -> Path | None:
        """Return where `name` really is, None if that is not in the folder."""
        path = Path(os.path.realpath(self.folder / name))
        return path if path.is_relative_to(os.path.realpath(self.folder)) else None

    @contextlib.contextmanager
    def _reading(self, name: str) -> Iterator[BinaryIO | None]:
        path = self._inside(name)
        try:
            if path is None or not stat.S_ISREG(path.lstat().st_mode):
                yield None
                return
            file = path.open("rb")
        except OSError:
            yield None
            return
        with file:
            yield file


def _opened(stack: contextlib.ExitStack, folder: str, place: int | None) -> int:
    """Open `folder`, which must be none but by a link, in the folder `place`, until `stack` is closed."""
    handle = os.open(folder, FOLDER, dir_fd=place)
    stack.callback(os.close, handle)
    return handle


def _remove(name: str, place: int | None) -> None:
    """Remove the file or link `name` in the folder `place`, if there is one."""
    with contextlib.suppress(FileNotFoundError):
        os.unlink(name, dir_fd=place)


def _in_the_way(name: str) -> LearnerFault:
    return LearnerFault(Status.FAILED, messages.in_the_way(Path(name).name), alone=True)
