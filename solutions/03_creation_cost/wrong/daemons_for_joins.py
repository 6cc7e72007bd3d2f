"""Makes the workers daemons, so that nobody has to wait for them.

A daemon's work is cut off at the end of the program (MISTAKES.md, 19), and its end is not measured.

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
    crew = [make(target=nothing, daemon=True) for _ in range(workers)]
    start = time.perf_counter()
    for worker in crew:
        worker.start()
    return (time.perf_counter() - start) / workers
