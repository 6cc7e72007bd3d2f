"""Joins with a timeout of a second, and doesn't look whether that was over.

Who takes longer is still there when the cost is told.

Fails: test_every_thread_is_started_and_joined, test_every_process_is_started_and_joined
"""

import multiprocessing
import threading
import time


def nothing():
    pass


def creation_cost(kind, workers):
    if workers < 1:
        raise ValueError("at least one")
    if kind == "thread":
        make = threading.Thread
    elif kind == "process":
        make = multiprocessing.Process
    else:
        raise ValueError(kind)
    crew = [make(target=nothing) for _ in range(workers)]
    begin = time.perf_counter()
    for worker in crew:
        worker.start()
    for worker in crew:
        worker.join(timeout=1.0)
    return (time.perf_counter() - begin) / workers
