"""Adds up how long each worker lived, while they live beside each other.

The time that they share is counted once for each of them.

Fails: test_the_cost_is_the_whole_time_for_each_worker
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
    begins = []
    for worker in crew:
        begins.append(time.perf_counter())
        worker.start()
    total = 0
    for begin, worker in zip(begins, crew):
        worker.join()
        total += time.perf_counter() - begin
    return total / workers
