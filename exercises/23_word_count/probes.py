"""What runs beside the answer of kata 23: it writes the files, piece by piece, so that this takes no memory either."""

from __future__ import annotations

import multiprocessing
import os
import sys
import tempfile
from collections import Counter
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing.pool import ApplyResult, MapResult
from pathlib import Path
from types import ModuleType
from typing import Any


def count_words(
    answer: ModuleType, files: list[tuple[bytes, int]], workers: int, missing: str = "", again: int = 0
) -> Any:
    """Call `count_words` on files that hold some bytes, so many times; return a dict, or a note of what else came.

    Args:
        files: the bytes of each, and how often they are repeated.
        missing: the name of a file that is not there, and comes last.
        again: how many more times the path of the first file is handed over.
    """
    folder = Path(tempfile.mkdtemp())
    paths: list[Any] = []
    for number, (block, times) in enumerate(files):
        path = folder / f"{number}.txt"
        with path.open("wb") as file:
            for _ in range(times):
                file.write(block)
        paths.append(path if number % 2 else str(path))
    paths += paths[:1] * again
    if missing:
        paths.append(folder / missing)
    counts = answer.count_words(paths, workers)
    return dict(counts) if isinstance(counts, Counter) else f"(no Counter: {type(counts).__name__})"


def counters_sent(answer: ModuleType, files: list[tuple[bytes, int]], workers: int) -> list[int] | None:
    """Call `count_words` and return the sum of each Counter that other processes pickled, as is done to send it.

    What a spawned process pickles is not seen: None if that is how processes start here.
    """
    if multiprocessing.get_start_method() != "fork":
        return None
    here = os.getpid()
    notes, original = Path(tempfile.mkdtemp()) / "sent.txt", Counter.__reduce__

    def reduced(counter: Counter[Any]) -> Any:
        if os.getpid() != here:
            with notes.open("a", encoding="ascii") as file:
                file.write(f"{sum(counter.values())}\n")
        return original(counter)

    notes.write_text("", encoding="ascii")
    Counter.__reduce__ = reduced  # type: ignore[method-assign]
    try:
        count_words(answer, files, workers)
    finally:
        Counter.__reduce__ = original  # type: ignore[method-assign]
    return [int(words) for words in notes.read_text(encoding="ascii").split()]


def times_opened(answer: ModuleType, files: list[tuple[bytes, int]], workers: int, again: int) -> int:
    """Call `count_words`; return how often the first file was opened to read it, here or in a forked process.

    What spawned processes open is not seen.
    """
    notes = os.open(Path(tempfile.mkdtemp()) / "opened.txt", os.O_RDWR | os.O_CREAT | os.O_APPEND)

    def note(event: str, args: tuple[Any, ...]) -> None:
        # The probe writes the files, and has nothing to do with how often they are read.
        if event != "open" or args[2] & (os.O_WRONLY | os.O_RDWR) or isinstance(args[0], int):
            return
        if os.fsdecode(args[0]).endswith(f"{os.sep}0.txt"):
            os.write(notes, b".")

    sys.addaudithook(note)
    count_words(answer, files, workers, again=again)
    return os.fstat(notes).st_size


def tasks(answer: ModuleType, files: list[tuple[bytes, int]], workers: int) -> list[str]:
    """Call `count_words`; return what became of the tasks of its pool, in order: each is "handed in", then "done"."""
    told: list[str] = []
    _note(ProcessPoolExecutor, "submit", "handed in", told)
    _note(Future, "set_result", "done", told)
    _note(ApplyResult, "__init__", "handed in", told)
    _note(ApplyResult, "_set", "done", told)
    _note(MapResult, "_set", "done", told)
    count_words(answer, files, workers)
    return told


def _note(owner: type, method: str, word: str, told: list[str]) -> None:
    """Have each call of this method add `word` to `told` before it does what it does."""
    original = getattr(owner, method)

    def call(*args: Any, **kwargs: Any) -> Any:
        told.append(word)
        return original(*args, **kwargs)

    setattr(owner, method, call)
