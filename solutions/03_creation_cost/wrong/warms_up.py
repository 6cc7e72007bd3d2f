"""Starts one worker before it measures, to warm up.

One more is started than was asked for.

Fails: test_every_thread_is_started_and_joined
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
    first = make(target=nothing)
    first.start()
    first.join()
    start = time.perf_counter()
    for worker in crew:
        worker.start()
    for worker in crew:
        worker.join()
    return (time.perf_counter() - start) / workers
