"""Measures one worker after the other, and tells the least.

Asked for is the whole time divided by their number, which is the mean.

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
    times = []
    for _ in range(workers):
        worker = make(target=nothing)
        begin = time.perf_counter()
        worker.start()
        worker.join()
        times.append(time.perf_counter() - begin)
    return min(times)
