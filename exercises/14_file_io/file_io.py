"""Kata 14: copy many files and compute their checksums, several at a time."""

from __future__ import annotations


def copy_all(sources: list[str], target_dir: str, workers: int) -> dict[str, str | OSError]:
    """Copy each of `sources` into `target_dir`, under its own base name.

    As long as there are enough files left, `workers` of them are copied at the same time, and never more.

    A copy that fails is told in the result and takes nothing from the others. It leaves no part of a file under its
    final name. Where an older file of that name lies there, a copy takes its place in one step, so that one of the two
    is always there, and a copy that fails leaves it as it was. What is unfinished may lie in `target_dir` under other
    names, and nowhere else; at the end only the copies are new there, and what lay there under other names, whatever
    these are, is as it was.

    When this returns all files are closed, and `sources` is as it was.

    Memory stays small, however large a file is: the program may grow by less than 32 MiB for a file of 128 MiB.

    Args:
        sources: paths of regular files, whose base names differ; also none at all. Some may be missing, or no files.
        target_dir: a folder, which exists.
        workers: how many files may be copied at the same time, at least 1.

    Returns:
        Source, as it was given → the path of its copy, or the `OSError` itself that told why there is none: for a
        source that is missing the `FileNotFoundError` that names it.

    Raises:
        ValueError: if `workers` is less than 1, even if there are no sources.
    """
    raise NotImplementedError


def checksum_all(paths: list[str], workers: int) -> dict[str, str | OSError]:
    """Compute the SHA-256 of each of `paths`.

    As long as there are enough left, `workers` of them are read at the same time, and never more. A path may be that
    of a named pipe (a FIFO): it can be read once, its bytes come when their writer has them, and it has no size.

    A file that can't be read is told in the result and takes nothing from the others. Memory stays small, as above
    (a file that is mapped into memory counts); files are closed and `paths` is left alone, as above.

    Args:
        paths: distinct paths; also none at all. Some may be missing, or no files.
        workers: how many may be read at the same time, at least 1.

    Returns:
        Path, as it was given → its SHA-256 as 64 lower-case hex digits, or the `OSError` itself that told why there is
        none, as above.

    Raises:
        ValueError: if `workers` is less than 1, even if there are no paths.
    """
    raise NotImplementedError
