"""The reference for kata 05."""

from __future__ import annotations

import multiprocessing
import queue
from threading import Thread
from typing import Any


def parts_of(numbers: list[int], workers: int) -> list[list[int]]:
    """Return the numbers in `workers` parts, some of them empty where there are more workers than numbers."""
    if workers < 1:
        raise ValueError("nobody could do the work")
    return [numbers[place::workers] for place in range(workers)]


# At the top level, since a process finds it by its name. It takes either kind of queue.
def work(part: list[int], results: Any) -> None:
    """Put the sum of `part` into `results`."""
    results.put(sum(part))


def sum_by_threads(numbers: list[int], workers: int) -> int:
    """Return the sum of `numbers`, whose parts are added up by threads."""
    results: queue.Queue[int] = queue.Queue()
    threads = [Thread(target=work, args=(part, results)) for part in parts_of(numbers, workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(results.get() for _ in threads)


def sum_by_processes(numbers: list[int], workers: int) -> int:
    """Return the sum of `numbers`, whose parts are added up by processes."""
    results: multiprocessing.Queue[int] = multiprocessing.Queue()
    processes = [multiprocessing.Process(target=work, args=(part, results)) for part in parts_of(numbers, workers)]
    for process in processes:
        process.start()
    # Fetch first, join then: a process does not end before the pipe has taken what it put.
    total = sum(results.get() for _ in processes)
    for process in processes:
        process.join()
    return total
