"""What a learner's tree keeps in files: looked up by the keeper (Linux)."""

from __future__ import annotations

import contextlib
import itertools
import os
import re
import stat
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

_BLOCK: Final = 512
"""Bytes that ``st_blocks`` counts in."""

_LONG: Final = 900
"""Characters of a path that, with a name more, is still short enough for a call, whatever it is written in."""

_DEEPEST: Final = 200
"""Such paths one after the other that are followed."""

_HIDDEN: Final = re.compile(rb"^(\w+)-(\w+) \S+ (\w+) (\S+) (\d+) .* \(deleted\)$", re.MULTILINE)
"""A line of ``/proc/PID/maps`` on a file without a name, or shared memory: from, to, place in it, device and number."""


class _Kept(NamedTuple):
    """A file, or memory that is kept like one: what it is known by, and its bytes on disk or in memory."""

    key: tuple[object, ...]
    size: int


def used(folders: Iterable[str], pids: Iterable[int], most: int) -> tuple[int, int]:
    """Return the bytes on disk or in memory of the tree's files, and their number.

    Counted are all in `folders`, and those without a name, as long as processes of `pids` have them open or mapped:
    removed ones, memfd, and shared memory, of which a process need not have as its own what it keeps.

    Args:
        folders: what the tree may write to.
        pids: its processes.
        most: files, or open files, after which the count ends, with a number above it.
    """
    seen: dict[tuple[object, ...], int] = {}
    pids = list(pids)
    try:
        for found in itertools.chain(_named(list(folders)), _nameless(pids, most), _mapped(pids)):
            seen[found.key] = max(found.size, seen.get(found.key, 0))
            if len(seen) > most:
                break
    except _TooManyError:
        return sum(seen.values()), most + 1
    return sum(seen.values()), len(seen)


class _TooManyError(Exception):
    """There is more than anybody looks at."""


def _kept(found: os.stat_result) -> _Kept:
    return _Kept((found.st_dev, found.st_ino), found.st_blocks * _BLOCK)


def _named(folders: list[str]) -> Iterator[_Kept]:
    """Yield all in `folders`, also what is so deep that no call takes its path: then that begins anew, at a descriptor.

    Raises:
        _TooManyError: if it is deeper than that.
    """
    held: list[tuple[int, int]] = []
    try:
        while folders:
            while held and held[-1][0] >= len(folders):
                os.close(held.pop()[1])  # all below it has been looked at
            folder = folders.pop()
            with contextlib.suppress(OSError):
                if len(folder) > _LONG:
                    held.append((len(folders), os.open(folder, os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW)))
                    folder = f"/proc/self/fd/{held[-1][1]}"
                yield from _listed(folder, folders)
            if len(held) > _DEEPEST:
                raise _TooManyError
    finally:
        for _, handle in held:
            os.close(handle)


def _listed(folder: str, folders: list[str]) -> Iterator[_Kept]:
    """Yield what is in `folder`; add the folders in it to `folders`."""
    with os.scandir(folder) as entries:
        for entry in entries:
            with contextlib.suppress(OSError):
                yield _kept(entry.stat(follow_symlinks=False))
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)


def _nameless(pids: Iterable[int], most: int) -> Iterator[_Kept]:
    """Yield the removed files that `pids` have open.

    Raises:
        _TooManyError: if they have more than `most` descriptors, of whatever.
    """
    looked = 0
    for pid in pids:
        with contextlib.suppress(OSError), os.scandir(f"/proc/{pid}/fd") as entries:
            for entry in entries:
                looked += 1
                if looked > most:
                    raise _TooManyError
                with contextlib.suppress(OSError):
                    found = entry.stat()
                    if stat.S_ISREG(found.st_mode) and not found.st_nlink:
                        yield _kept(found)


def _mapped(pids: Iterable[int]) -> Iterator[_Kept]:
    """Yield the removed files and the shared memory that `pids` have mapped.

    Only who has rights over all processes is told how large these are; to others each counts as what is mapped of it.
    """
    for pid in pids:
        with contextlib.suppress(OSError), open(f"/proc/{pid}/maps", "rb") as file:  # noqa: PTH123 - as in `processes`
            for begin, end, place, device, number in _HIDDEN.findall(file.read()):
                try:
                    yield _kept(os.stat(f"/proc/{pid}/map_files/{begin.decode()}-{end.decode()}"))  # noqa: PTH116 - as above
                except OSError:
                    yield _Kept((device, number, place), int(end, 16) - int(begin, 16))
