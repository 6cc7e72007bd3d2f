"""What runs beside the answer of kata 05: ints that take their time and note who adds them, and notes of its waits."""

from __future__ import annotations

import concurrent.futures
import functools
import inspect
import multiprocessing.connection
import multiprocessing.pool
import multiprocessing.process
import multiprocessing.queues
import os
import queue
import threading
import time
from types import ModuleType
from typing import Any

WAITS = (
    (threading.Thread, ("join",)),
    (multiprocessing.process.BaseProcess, ("join",)),
    (queue.Queue, ("get", "empty")),
    (multiprocessing.queues.Queue, ("get", "empty")),
    (multiprocessing.queues.SimpleQueue, ("get", "empty")),
    (multiprocessing.connection.Connection, ("recv",)),
    (multiprocessing.pool.ApplyResult, ("get", "wait")),
    (multiprocessing.pool.Pool, ("apply",)),
    (concurrent.futures.Future, ("result",)),
)
"""Where a caller may stand until a worker is done, and what it may ask a queue."""


PARTIAL = 0.08
"""Seconds that a partial sum takes to be added: who adds it to something shared can be overtaken meanwhile."""


class Slow(int):
    """An int that takes a while to be added, and writes into the file `notes` who does it, and from when to when.

    What comes out is one, too: a partial sum, of no number by itself.
    """

    seconds = 0.0
    notes = ""
    numbers = 1

    def __reduce__(self) -> Any:
        return slow, (int(self), self.seconds, self.notes, self.numbers)

    def __add__(self, other: int) -> Slow:
        begin = time.monotonic()
        numbers = self.numbers + (other.numbers if isinstance(other, Slow) else 0)
        time.sleep(self.seconds if numbers else PARTIAL)
        # One write to a file that is open for appending is one piece, whoever else writes. The native id of the thread,
        # since its ident may be that of a thread that has ended.
        handle = os.open(self.notes, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        note = f"{os.getpid()} {threading.get_native_id()} {numbers} {begin} {time.monotonic()}\n"
        os.write(handle, note.encode())
        os.close(handle)
        return slow(int(self) + int(other), self.seconds, self.notes, numbers=0)

    __radd__ = __add__


def slow(value: int, seconds: float, notes: str, numbers: int = 1) -> Slow:
    """Return such an int, which is one number, or a partial sum if `numbers` is 0."""
    made = Slow(value)
    made.seconds, made.notes, made.numbers = seconds, notes, numbers
    return made


def note_waits(answer: ModuleType) -> list[dict[str, Any]]:
    """Note from now on which of `WAITS` the calling thread calls in a line of the answer.

    Returns:
        A list that grows: `call`, `line`, when it began and ended (`time.monotonic`), and the bool that it `gave`.
    """
    waits: list[dict[str, Any]] = []
    here = os.getpid(), threading.get_ident()

    def noted(method: Any, call: str) -> Any:
        @functools.wraps(method)
        def wait(*args: Any, **kwargs: Any) -> Any:
            asker: Any = inspect.currentframe().f_back  # type: ignore[union-attr]
            begin = time.monotonic()
            gave = None
            try:
                gave = method(*args, **kwargs)
            finally:
                if asker.f_code.co_filename == answer.__file__ and here == (os.getpid(), threading.get_ident()):
                    note = {"call": call, "line": asker.f_lineno, "begin": begin, "end": time.monotonic()}
                    waits.append(note | {"gave": gave if isinstance(gave, bool) else None})
            return gave

        return wait

    for holder, names in WAITS:
        for name in names:
            setattr(holder, name, noted(getattr(holder, name), f"{name}()"))
    return waits


def note_results() -> list[multiprocessing.pool.ApplyResult[Any]]:
    """Note from now on the results of each Pool's `apply_async`; they are in a list that grows."""
    results: list[multiprocessing.pool.ApplyResult[Any]] = []
    apply_async = multiprocessing.pool.Pool.apply_async

    def noted(*args: Any, **kwargs: Any) -> Any:
        results.append(apply_async(*args, **kwargs))
        return results[-1]

    multiprocessing.pool.Pool.apply_async = noted  # type: ignore[method-assign]
    return results


def error_kept(results: list[multiprocessing.pool.ApplyResult[Any]]) -> str:
    """Return the first error that one of `results` keeps, "" if none does."""
    for result in results:
        if result.ready() and not result.successful():
            try:
                result.get()
            except Exception as error:  # noqa: BLE001 - whatever a task has raised
                return f"{type(error).__name__}: {error}"[:200]
    return ""


def slow_sum(answer: ModuleType, function: str, numbers: list[int], workers: int, seconds: float) -> dict[str, Any]:
    """Call `function` with numbers that take `seconds` each to be added; tell the sum, who added, who waited.

    `added` has a row for each addition of numbers, `numbers` is how many were added, `partial sums` how often others
    than the caller added such a sum to something, and `alone` how many numbers the caller has added.
    """
    results = note_results()
    waits = note_waits(answer)
    notes = os.path.abspath("notes.txt")  # noqa: PTH100 - a plain path travels best
    total = getattr(answer, function)([slow(number, seconds, notes) for number in numbers], workers)
    with open(notes, "a+", encoding="ascii") as file:  # noqa: PTH123 - as above
        file.seek(0)
        rows = [row.split() for row in file]
    added = [(int(pid), int(ident), int(count), float(begin), float(end)) for pid, ident, count, begin, end in rows]
    here = os.getpid(), threading.get_native_id()
    return {
        "total": int(total) if isinstance(total, Slow) else total,
        "added": [(pid, ident, begin, end) for pid, ident, count, begin, end in added if count],
        "numbers": sum(count for _, _, count, _, _ in added),
        "partial sums": sum(1 for pid, ident, count, _, _ in added if not count and (pid, ident) != here),
        "alone": sum(count for pid, ident, count, _, _ in added if (pid, ident) == here),
        "here": here,
        "waits": list(waits),
        "kept": error_kept(results),
    }


def locks_made(answer: ModuleType, function: str, numbers: list[int], workers: int) -> tuple[int, int]:
    """Call `function` and tell how many locks of threads the answer makes in it, and how many its globals name."""
    made: list[int] = []

    def noted(make: Any) -> Any:
        def making(*args: Any, **kwargs: Any) -> Any:
            asker: Any = inspect.currentframe().f_back  # type: ignore[union-attr]
            if asker.f_code.co_filename == answer.__file__:
                made.append(asker.f_lineno)
            return make(*args, **kwargs)

        return making

    kinds = (type(threading.Lock()), type(threading.RLock()), threading.Condition, threading.Semaphore)
    known = sum(isinstance(held, kinds) for held in vars(answer).values())
    for name in ("Lock", "RLock", "Condition", "Semaphore", "BoundedSemaphore"):
        original = getattr(threading, name)
        watched = noted(original)
        setattr(threading, name, watched)
        for own in [own for own, held in vars(answer).items() if held is original]:
            setattr(answer, own, watched)
    getattr(answer, function)(numbers, workers)
    return len(made), known
