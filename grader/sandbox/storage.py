"""What a learner's tree keeps in files: looked up by the keeper (Linux)."""

from __future__ import annotations

import contextlib
import itertools
import os
import stat
from collections.abc import Iterable, Iterator

_BLOCK = 512
"""Bytes that ``st_blocks`` counts in."""

_MOST_DESCRIPTORS = 5000
"""Open files of the tree that are looked at."""


def used(folders: Iterable[str], pids: Iterable[int], most: int) -> tuple[int, int]:
    """Return the bytes on disk or in memory of the tree's files, and their number.

    Counted are all in `folders`, and those without a name that processes of `pids` have open: removed ones, memfd.

    Args:
        folders: what the tree may write to.
        pids: its processes.
        most: files after which the count ends.
    """
    seen: dict[tuple[int, int], int] = {}
    entries = itertools.chain(_named(list(folders)), itertools.islice(_nameless(pids), _MOST_DESCRIPTORS))
    for found in entries:
        seen[found.st_dev, found.st_ino] = found.st_blocks * _BLOCK
        if len(seen) > most:
            break
    return sum(seen.values()), len(seen)


def _named(folders: list[str]) -> Iterator[os.stat_result]:
    while folders:
        with contextlib.suppress(OSError), os.scandir(folders.pop()) as entries:
            for entry in entries:
                with contextlib.suppress(OSError):
                    yield entry.stat(follow_symlinks=False)
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(entry.path)


def _nameless(pids: Iterable[int]) -> Iterator[os.stat_result]:
    for pid in pids:
        with contextlib.suppress(OSError), os.scandir(f"/proc/{pid}/fd") as entries:
            for entry in entries:
                with contextlib.suppress(OSError):
                    found = entry.stat()
                    if stat.S_ISREG(found.st_mode) and not found.st_nlink:
                        yield found
