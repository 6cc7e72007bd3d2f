"""Doesn't look at the number of workers.

No workers are a ZeroDivisionError, and fewer than none a cost of minus zero.

Fails: test_what_cannot_be_measured_is_an_error
"""

import multiprocessing
import threading
import time


def nothing():
    pass


def creation_cost(kind, workers):
    if kind == "thread":
        make = threading.Thread
    elif kind == "process":
        make = multiprocessing.Process
    else:
        raise ValueError(kind)
    crew = [make(target=nothing) for _ in range(workers)]
    start = time.perf_counter()
    for worker in crew:
        worker.start()
    for worker in crew:
        worker.join()
    return (time.perf_counter() - start) / workers
