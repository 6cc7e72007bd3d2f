"""What runs beside the answer of kata 10."""

from __future__ import annotations

import gc
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.pool import ThreadPool
from types import ModuleType
from typing import Any

LONG = 600.0
"""Seconds after which what would end has ended."""


class SlowToWrite(int):
    """An int that takes a while to become text, so that its label is ready after those of its neighbours."""

    seconds = 0.0

    def __str__(self) -> str:
        time.sleep(self.seconds)
        return int.__repr__(self)

    def __format__(self, spec: str) -> str:
        time.sleep(self.seconds)
        return format(int(self), spec)


def label_all_first_is_slowest(answer: ModuleType, numbers: list[int], workers: int, delay: float) -> list[str]:
    """Call `label_all` with numbers of which the first takes longest to write, the last least."""
    slow = []
    for place, number in enumerate(numbers):
        slow.append(SlowToWrite(number))
        slow[-1].seconds = delay * (len(numbers) - place) / 10
    labels: list[str] = answer.label_all(slow, workers, delay)
    return labels


class SlowForAWorker(int):
    """An int that takes a while to become text, the first time, in any thread but the caller of `label_all`."""

    seconds = 0.0
    caller = 0

    def _wait(self) -> None:
        seconds = self.seconds if threading.get_ident() != self.caller else 0.0
        if seconds:
            self.seconds = 0.0
            time.sleep(seconds)

    def __str__(self) -> str:
        self._wait()
        return int.__repr__(self)

    def __format__(self, spec: str) -> str:
        self._wait()
        return format(int(self), spec)


def label_all_some_are_slow(
    answer: ModuleType, numbers: list[int], workers: int, delay: float, longer: list[float]
) -> list[str]:
    """Call `label_all` with numbers that take a worker so many seconds `longer` to write, each its own."""
    slow = []
    for number, seconds in zip(numbers, longer, strict=True):
        slow.append(SlowForAWorker(number))
        slow[-1].caller = threading.get_ident()
        slow[-1].seconds = seconds
    labels: list[str] = answer.label_all(slow, workers, delay)
    return labels


def label_all_here(answer: ModuleType, numbers: list[int], workers: int, delay: float) -> list[str]:
    """Call `label_all`."""
    labels: list[str] = answer.label_all(numbers, workers, delay)
    return labels


def label_all_twice(answer: ModuleType, numbers: list[int], workers: int, delay: float) -> list[tuple[Any, list[Any]]]:
    """Call `label_all` twice with the same numbers; return each time its labels, and what the list then held."""
    lists = [list(numbers) for _ in range(2)]
    return [(list(answer.label_all(given, workers, delay)), list(given)) for given in lists]


def label_all_long_ago(answer: ModuleType, numbers: list[int], workers: int, delay: float) -> None:
    """Call `label_all`, and be there ten minutes more, so that what ends by itself has ended."""
    answer.label_all(numbers, workers, delay)
    gc.collect()
    time.sleep(LONG)


def pool_made(answer: ModuleType, numbers: list[int], workers: int, delay: float) -> list[tuple[str, int | None]]:
    """Call `label_all` and tell of each pool of threads that it makes the class, and how many threads it was given."""
    made: list[tuple[str, int | None]] = []

    def noted(make: Any, name: str, asked_by: str) -> Any:
        def making(self: Any, *args: Any, **kwargs: Any) -> None:
            size = args[0] if args else kwargs.get(asked_by)
            made.append((name, size if size is None else int(size)))
            make(self, *args, **kwargs)

        return making

    for kind, asked_by in ((ThreadPoolExecutor, "max_workers"), (ThreadPool, "processes")):
        kind.__init__ = noted(kind.__init__, kind.__name__, asked_by)  # type: ignore[method-assign]
    answer.label_all(numbers, workers, delay)
    return made
