"""Returns the time for all workers.

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
    start = time.perf_counter()
    for worker in crew:
        worker.start()
    for worker in crew:
        worker.join()
    return time.perf_counter() - start
