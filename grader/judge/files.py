"""A folder of the judge's for the files that an answer works on: real files, pipes and databases.

What lies in it after a call may be anything: links are not followed out of it, and nothing but files is read.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, Final

from grader.judge.rendezvous import Fifos, Held, Locked
from grader.sandbox.launch import Child

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
        path = self.folder / name
        path.mkdir(parents=True)
        self._give(path)
        return str(path)

    def write(self, name: str, data: bytes | str = b"", size: int = 0) -> str:
        """Write a file that the answer may read; return its path.

        Args:
            data: text is written as UTF-8.
            size: bytes that it should have at least: a hole, which reads as zeros, follows the data.
        """
        path = self.folder / name
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        if size > path.stat().st_size:
            os.truncate(path, size)
        path.chmod(0o644)
        return str(path)

    def database(self, name: str, script: str) -> str:
        """Make an SQLite file (in rollback mode) by the SQL of `script`; return its path."""
        import sqlite3  # noqa: PLC0415 - only who makes a database pays for it

        path = self.folder / name
        with contextlib.closing(sqlite3.connect(path)) as connection:
            connection.executescript(script)
        self._give(path)
        return str(path)

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
            path = self.folder / name
            os.mkfifo(path)
            path.chmod(0o644)
        known = {self.path(name): data for name, data in contents.items()}
        return Fifos(known, until=until, patience=patience * self._time_scale)

    def _give(self, path: Path) -> None:
        if self._user is not None:
            os.chown(path, self._user, self._user)

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
