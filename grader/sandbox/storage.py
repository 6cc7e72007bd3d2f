"""What a learner's tree keeps in files and mappings: looked up by the keeper (Linux)."""

from __future__ import annotations

import contextlib
import os
import re
import stat
import time
from collections.abc import Generator, Iterable, Iterator
from typing import Final

from grader.sandbox import guards, processes

_BLOCK: Final = 512
"""Bytes that ``st_blocks`` counts in."""

_LONG: Final = 900
"""Characters of a path that, with a name more, is still short enough for a call, whatever it is written in."""

_DEEPEST: Final = 200
"""Such paths one after the other that are followed."""

_AT_ONCE: Final = 2**16
"""Bytes of a list of mappings that are read in one step."""

_REMOVED: Final = b" (deleted)\n"
_HIDDEN: Final = re.compile(rb"(\w+)-(\w+) \S+ (\w+) (\S+) (\d+) ")
"""A line of ``/proc/PID/maps`` on a file without a name, or shared memory: from, to, place in it, device and number."""

_EPOLL: Final = "anon_inode:[eventpoll]"
_ON_THEIR_WAY: Final = re.compile(rb"^scm_fds:\s+(\d+)$", re.MULTILINE)


class Look:
    """One look at all that a tree keeps, in steps: there may be more than can be looked at in a moment.

    Counted are all files in `folders`, and those without a name, as long as processes of `pids` have them open or
    mapped: removed ones, memfd, and shared memory, of which a process need not have as its own what it keeps.

    Args:
        folders: what the tree may write to.
        pids: its processes.
        user: whose rights let one see what those have open; None if ours do.

    Attributes:
        size: the bytes on disk or in memory of its files. Like all of these it grows as long as one looks.
        files: their number.
        opened: what its processes have open, of whatever kind.
        sent: what is on its way through their sockets, as far as one can see: not what is in a socket on its way.
        watched: what their epolls watch.
        mappings: the pieces of memory that its processes have mapped.
        hidden: folders and processes that do not let us see what they have.
    """

    def __init__(self, folders: Iterable[str], pids: Iterable[int], user: int | None) -> None:
        self.size = self.opened = self.sent = self.watched = self.mappings = 0
        self.hidden: set[str | int] = set()
        self._user = user
        self._sizes: dict[tuple[object, ...], int] = {}
        self._told: set[tuple[bytes, bytes]] = set()
        self._folders = self._look_into(list(folders))
        self._processes = self._look_at(list(pids))

    @property
    def files(self) -> int:
        """Return how many files were found."""
        return len(self._sizes)

    def go_on(self, until: float) -> bool:
        """Look on, till `until` of the monotonic clock; return whether all has been seen."""
        if not _done(self._folders, until):
            return False
        with guards.seeing_as(self._user):
            return _done(self._processes, until)

    def close(self) -> None:
        """Let go of the folders that are open, wherever it has come to."""
        for steps in (self._folders, self._processes):
            steps.close()

    def _keep(self, key: tuple[object, ...], size: int) -> None:
        known = self._sizes.get(key, 0)
        self._sizes[key] = max(known, size)
        self.size += max(0, size - known)

    def _keep_file(self, found: os.stat_result) -> None:
        self._keep((found.st_dev, found.st_ino), found.st_blocks * _BLOCK)

    # --- files with a name

    def _look_into(self, folders: list[str]) -> Generator[None, None, None]:
        """Count all in `folders`, also what is so deep that no call takes its path: then begin at a descriptor."""
        held: list[tuple[int, int]] = []
        try:
            while folders:
                while held and held[-1][0] >= len(folders):
                    os.close(held.pop()[1])  # all below it has been looked at
                folder = folders.pop()
                if len(held) > _DEEPEST:
                    self.hidden.add(folder)
                    continue
                with contextlib.suppress(OSError):
                    if len(folder) > _LONG:
                        held.append((len(folders), os.open(folder, os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW)))
                        folder = f"/proc/self/fd/{held[-1][1]}"
                    yield from self._list(folder, folders)
        finally:
            for _, handle in held:
                os.close(handle)

    def _list(self, folder: str, folders: list[str]) -> Iterator[None]:
        """Count what is in `folder`; add the folders in it to `folders`."""
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    with contextlib.suppress(FileNotFoundError):
                        self._keep_file(entry.stat(follow_symlinks=False))
                        if entry.is_dir(follow_symlinks=False):
                            folders.append(entry.path)
                    yield
        except PermissionError:
            self.hidden.add(folder)

    # --- what processes have open or mapped

    def _look_at(self, pids: list[int]) -> Generator[None, None, None]:
        for pid in pids:
            with contextlib.suppress(OSError):  # it has gone
                yield from self._look_at_opened(pid)
                yield from self._look_at_mapped(pid)

    def _look_at_opened(self, pid: int) -> Iterator[None]:
        about = f"/proc/{processes.eye(pid)}"
        try:
            with os.scandir(f"{about}/fd") as entries:
                for entry in entries:
                    self.opened += 1
                    with contextlib.suppress(FileNotFoundError):
                        self._look_at_one(entry, f"{about}/fdinfo/{entry.name}")
                    yield
        except PermissionError:
            if processes.hides(pid):
                self.hidden.add(pid)

    def _look_at_one(self, entry: os.DirEntry[str], about: str) -> None:
        """Count one open file in; `about` is where the kernel tells of it."""
        found = entry.stat()
        if stat.S_ISREG(found.st_mode) and not found.st_nlink:
            self._keep_file(found)
        elif stat.S_ISSOCK(found.st_mode):
            with open(about, "rb") as file:  # noqa: PTH123 - as in `processes`
                self.sent += sum(int(number) for number in _ON_THEIR_WAY.findall(file.read()))
        elif not stat.S_IFMT(found.st_mode) and os.readlink(entry.path) == _EPOLL:  # noqa: PTH115 - as above
            with open(about, "rb") as file:  # noqa: PTH123 - as above
                self.watched += file.read().count(b"tfd:")

    def _look_at_mapped(self, pid: int) -> Iterator[None]:
        eye = processes.eye(pid)
        with open(f"/proc/{eye}/maps", "rb") as file:  # noqa: PTH123 - as above
            while lines := file.readlines(_AT_ONCE):
                self.mappings += len(lines)
                for line in lines:
                    if line.endswith(_REMOVED):
                        self._look_at_removed(eye, line)
                        yield
                yield

    def _look_at_removed(self, eye: int, line: bytes) -> None:
        """Count a removed file or shared memory that a process has mapped, once for all that map it.

        Only who has rights over all processes is told how large it is; to others it counts as what is mapped of it.
        """
        parts = _HIDDEN.match(line)
        if parts is None:
            return
        begin, end, place, device, number = parts.groups()
        if (device, number) in self._told:
            return
        try:
            self._keep_file(os.stat(f"/proc/{eye}/map_files/{begin.decode()}-{end.decode()}"))  # noqa: PTH116 - as above
        except OSError:
            self._keep((device, number, place), int(end, 16) - int(begin, 16))
        else:
            self._told.add((device, number))


def _done(steps: Iterator[None], until: float) -> bool:
    """Take `steps` till that time; return whether none is left."""
    return all(time.monotonic() < until for _ in steps)
