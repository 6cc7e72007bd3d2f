"""The reference for kata 03."""

from __future__ import annotations

import time
from multiprocessing import Process
from threading import Thread


def creation_cost(kind: str, workers: int) -> float:
    """Return the seconds per worker that it takes to start and join `workers` threads or processes."""
    kinds: dict[str, type[Thread | Process]] = {"thread": Thread, "process": Process}
    if kind not in kinds:
        raise ValueError(f"kind must be 'thread' or 'process', not {kind!r}")
    if workers < 1:
        raise ValueError("there is no mean of no workers")
    begin = time.perf_counter()
    crew = [kinds[kind]() for _ in range(workers)]  # without a target they do nothing
    for worker in crew:
        worker.start()
    for worker in crew:
        worker.join()
    return (time.perf_counter() - begin) / workers
