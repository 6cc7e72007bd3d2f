"""The folders of a run: made short, and removed whatever the learner's code did to them."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final


def remove(folder: Path) -> None:
    """Remove `folder` with all that is in it, whatever rights the learner's code took from its parts.

    Thousands of folders in one another are too deep for a recursion, and have a path that no call takes: so one goes
    down and up again, a folder at a time. Links are removed, not followed. What the system does not let go of stays.
    """
    if os.open not in os.supports_dir_fd:
        shutil.rmtree(folder, ignore_errors=True)
        return
    with contextlib.suppress(OSError):
        folder.chmod(0o700)
        here = os.open(folder, FOLDER)
        try:
            here = _empty(here)
        finally:
            os.close(here)
        folder.rmdir()


FOLDER: Final = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0)


def _empty(here: int) -> int:
    """Remove all that is in the folder of file descriptor `here`; return a descriptor of the same folder."""
    way: list[str] = []
    ahead = [_folders_in(here)]
    while ahead:
        if ahead[-1]:
            name = ahead[-1].pop()
            with contextlib.suppress(OSError):
                os.chmod(name, 0o700, dir_fd=here)
                here = _step(name, here)
                way.append(name)
                ahead.append(_folders_in(here))
            continue
        ahead.pop()
        if way:
            here = _step("..", here)
            with contextlib.suppress(OSError):
                os.rmdir(way.pop(), dir_fd=here)
    return here


def _step(name: str, here: int) -> int:
    there = os.open(name, FOLDER, dir_fd=here)
    os.close(here)
    return there


def _folders_in(here: int) -> list[str]:
    """Remove the files in a folder; return the names of the folders in it."""
    with os.scandir(here) as entries:
        found = [(entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries]
    for name, is_folder in found:
        if not is_folder:
            with contextlib.suppress(OSError):
                os.unlink(name, dir_fd=here)
    return [name for name, is_folder in found if is_folder]


PREFIX = "gr-"
"""How the folders of runs begin; the process that owns one stands in its name."""


@contextlib.contextmanager
def run_folder() -> Iterator[Path]:
    """Keep a new folder for one run, marked as being in use; its path is short: a Unix socket's may have 108 bytes.

    Where this process is killed before it can remove it, the next run does.
    """
    folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
    mark = hold(folder)
    try:
        yield folder
    finally:
        remove(folder)
        if mark is not None:
            os.close(mark)


def hold(folder: Path) -> int | None:
    """Mark `folder` as being in use until the descriptor that is returned is closed, or this process ends.

    Whoever sees other processes than we do (in a container) can tell that too. None where the system has no such marks.
    """
    if sys.platform == "win32":
        return None
    import fcntl  # noqa: PLC0415 - not there on Windows

    handle = os.open(folder, FOLDER)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(handle)
        if isinstance(error, BlockingIOError):
            raise
        return None  # a file system without marks
    return handle


def is_held(folder: Path) -> bool:
    """Return whether somebody has marked `folder` as being in use."""
    try:
        handle = hold(folder)
    except BlockingIOError:
        return True
    if handle is not None:
        os.close(handle)
    return False
