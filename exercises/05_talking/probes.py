"""What runs beside the answer of kata 05: ints that take their time and note who adds them, and notes of its waits."""

from __future__ import annotations

import concurrent.futures
import functools
import inspect
import itertools
import multiprocessing
import multiprocessing.connection
import multiprocessing.pool
import multiprocessing.process
import multiprocessing.queues
import os
import queue
import threading
import time
from collections import defaultdict, deque
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


MOST = 100
"""How many waits are kept of those that are alike, the last ones: whoever polls asks without end."""

PARTIAL = 0.08
"""Seconds that a partial sum takes to be added: who adds it to something shared can be overtaken meanwhile."""


class Slow(int):
    """An int that takes a while to be added, and writes into the file `notes` who does it, and from when to when.

    What comes out is one, too: a partial sum, of no number by itself. Its `makers` have added numbers to it.
    """

    seconds = 0.0
    notes = ""
    numbers = 1
    makers: frozenset[tuple[int, int]] = frozenset()

    def __reduce__(self) -> Any:
        return slow, (int(self), self.seconds, self.notes, self.numbers, self.makers)

    def __add__(self, other: int) -> Slow:
        begin = time.monotonic()
        numbers = self.numbers + (other.numbers if isinstance(other, Slow) else 0)
        time.sleep(self.seconds if numbers else PARTIAL)
        # One write to a file that is open for appending is one piece, whoever else writes. The native id of the thread,
        # since its ident may be that of a thread that has ended.
        me = os.getpid(), threading.get_native_id()
        makers = self.makers | (other.makers if isinstance(other, Slow) else frozenset())
        handle = os.open(self.notes, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        note = f"{me[0]} {me[1]} {numbers} {len(makers - {me})} {begin} {time.monotonic()}\n"
        os.write(handle, note.encode())
        os.close(handle)
        makers |= {me} if numbers else frozenset()
        return slow(int(self) + int(other), self.seconds, self.notes, numbers=0, makers=makers)

    __radd__ = __add__


def slow(
    value: int, seconds: float, notes: str, numbers: int = 1, makers: frozenset[tuple[int, int]] = frozenset()
) -> Slow:
    """Return such an int, which is one number, or a partial sum if `numbers` is 0."""
    made = Slow(value)
    made.seconds, made.notes, made.numbers, made.makers = seconds, notes, numbers, makers
    return made


def note_waits(answer: ModuleType) -> dict[Any, deque[dict[str, Any]]]:
    """Note from now on which of `WAITS` the calling thread calls in a line of the answer.

    Returns:
        What grows: for each call, line and bool that it gave the last `MOST` notes: `call`, `line`, `gave`, and when it
        began and ended (`time.monotonic`).
    """
    waits: dict[Any, deque[dict[str, Any]]] = defaultdict(lambda: deque(maxlen=MOST))
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
                    kind = {"call": call, "line": asker.f_lineno, "gave": gave if isinstance(gave, bool) else None}
                    waits[*kind.values()].append(kind | {"begin": begin, "end": time.monotonic()})
            return gave

        return wait

    for holder, names in WAITS:
        for name in names:
            setattr(holder, name, noted(getattr(holder, name), f"{name}()"))
    return waits


def note_starts() -> list[float]:
    """Note from now on when each thread and process is started; the times are in a list that grows."""
    begun: list[float] = []

    def noted(start: Any) -> Any:
        def begin(*args: Any, **kwargs: Any) -> Any:
            begun.append(time.monotonic())
            return start(*args, **kwargs)

        return begin

    for holder in (threading.Thread, multiprocessing.process.BaseProcess):
        setattr(holder, "start", noted(holder.start))  # noqa: B010 - what mypy would not have assigned
    return begun


def still_there(before: list[threading.Thread]) -> list[str]:
    """Return kind and name of threads, but those `before`, and child processes that do not end within a second."""
    feeders = "QueueFeederThread"  # of a queue that is not yet collected; it ends with that
    threads = [thread for thread in threading.enumerate() if thread not in before and thread.name != feeders]
    workers = [*threads, *multiprocessing.active_children()]
    latest = time.monotonic() + 1.0
    for worker in workers:
        worker.join(max(0.0, latest - time.monotonic()))
    alive = [worker for worker in workers if worker.is_alive()]
    return [f"{'thread' if worker in threads else 'process'} {worker.name}" for worker in alive]


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


def slow_sum(
    answer: ModuleType, function: str, numbers: list[int], workers: int, seconds: float, *, real: bool
) -> dict[str, Any]:
    """Call `function` with numbers that take `seconds` each to be added; tell the sum, who added, who waited.

    `added` has a row for each addition of numbers: pid, thread, how many numbers, from when to when. `numbers` is how
    many were added, `partial sums` how often others than the caller added such a sum to something, `of others` how
    often to what others had made, and `alone` how many numbers the caller has added. `changed` is the list if it isn't
    as it was. Where the clock is real, `begun` is when threads and processes were started.
    """
    results = note_results()
    begun = note_starts() if real else []
    waits = note_waits(answer)
    before = threading.enumerate()
    notes = os.path.abspath("notes.txt")  # noqa: PTH100 - a plain path travels best
    given = [slow(number, seconds, notes) for number in numbers]
    total = getattr(answer, function)(given, workers)
    with open(notes, "a+", encoding="ascii") as file:  # noqa: PTH123 - as above
        file.seek(0)
        rows = [row.split() for row in file]
    added = [(*map(int, row[:4]), *map(float, row[4:])) for row in rows]
    here = os.getpid(), threading.get_native_id()
    return {
        "total": int(total) if isinstance(total, Slow) else total,
        "added": [(pid, ident, count, begin, end) for pid, ident, count, _, begin, end in added if count],
        "numbers": sum(count for _, _, count, *_ in added),
        "partial sums": sum(1 for pid, ident, count, *_ in added if not count and (pid, ident) != here),
        "of others": sum(1 for pid, ident, _, others, *_ in added if others and (pid, ident) != here),
        "alone": sum(count for pid, ident, count, *_ in added if (pid, ident) == here),
        "here": here,
        "begun": list(begun),
        "waits": sorted(itertools.chain(*waits.values()), key=lambda wait: wait["end"]),
        "kept": error_kept(results),
        "changed": None if given == numbers else [int(number) for number in given],
        "left": still_there(before),
    }


def sums_again(answer: ModuleType, function: str, numbers: list[int], more: int) -> list[tuple[Any, int, int]]:
    """Call `function` with the same list twice, with `more` at its end before the second, and with an equal list.

    Returns:
        Each sum, how many numbers were added meanwhile, and how many are in the list afterwards.
    """
    notes = os.path.abspath("notes.txt")  # noqa: PTH100 - a plain path travels best
    given: list[int] = [slow(number, 0.0, notes) for number in numbers]
    later = [*given, slow(more, 0.0, notes)]
    sums = []
    for workers in (2, 3, 3):
        if len(sums) == 1:
            given.append(later[-1])
        asked = given if len(sums) < 2 else list(later)  # noqa: PLR2004 - the second has the same list, the third another
        total = getattr(answer, function)(asked, workers)
        with open(notes, "a+", encoding="ascii") as file:  # noqa: PTH123 - as above
            file.seek(0)
            count = sum(int(row.split()[2]) for row in file)
        os.remove(notes)  # noqa: PTH107 - as above
        sums.append((int(total) if isinstance(total, Slow) else total, count, len(asked)))
    return sums


def locks_made(answer: ModuleType, function: str, numbers: list[int], workers: int) -> tuple[int, int]:
    """Call `function` and tell how many locks the answer makes in it, and how many of threads its globals name."""
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
        for module in (threading, multiprocessing):
            original = getattr(module, name)
            watched = noted(original)
            setattr(module, name, watched)
            for own in [own for own, held in vars(answer).items() if held == original]:
                setattr(answer, own, watched)
    getattr(answer, function)(numbers, workers)
    return len(made), known
