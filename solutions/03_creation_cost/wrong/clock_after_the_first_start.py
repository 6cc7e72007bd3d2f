"""Reads the clock when the first worker has been started.

What it took to begin that one is not in the time.

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
    crew[0].start()
    begin = time.perf_counter()
    for worker in crew[1:]:
        worker.start()
    for worker in crew:
        worker.join()
    return (time.perf_counter() - begin) / workers
