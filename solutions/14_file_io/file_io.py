"""Kata 14, an answer: one pool for both tasks, and errors as values."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path


def _all(task: Callable[[str], str], paths: list[str], workers: int) -> dict[str, str | OSError]:
    """Do `task` for each path, up to `workers` at the same time."""

    def attempt(path: str) -> str | OSError:
        try:
            return task(path)
        except OSError as error:
            return error

    with ThreadPoolExecutor(max_workers=workers) as pool:
        return dict(zip(paths, pool.map(attempt, paths), strict=True))


def copy_all(sources: list[str], target_dir: str, workers: int) -> dict[str, str | OSError]:
    """Copy each of `sources` into `target_dir`, under its own base name.

    Raises:
        ValueError: if `workers` is less than 1 (the pool itself says so).
    """

    def copy(source: str) -> str:
        target = Path(target_dir, Path(source).name)
        # A folder in the same folder, so that renaming is one step: under its name there is the whole file, or none.
        # Nobody else has its name, and at the end it is removed, with what is left in it.
        with tempfile.TemporaryDirectory(dir=target_dir) as own:
            unfinished = Path(own, "unfinished")
            shutil.copyfile(source, unfinished)  # piece by piece, and where it can in the kernel alone
            unfinished.replace(target)
        return str(target)

    return _all(copy, sources, workers)


def checksum_all(paths: list[str], workers: int) -> dict[str, str | OSError]:
    """Compute the SHA-256 of each of `paths`.

    Raises:
        ValueError: if `workers` is less than 1 (as above).
    """

    def checksum(path: str) -> str:
        with Path(path).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()  # reads to the end, in pieces

    return _all(checksum, paths, workers)
