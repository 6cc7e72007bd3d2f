"""Calls `run` in place of `start`.

Nobody is started, all is done by the caller (MISTAKES.md, 5).

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
    start = time.perf_counter()
    for worker in crew:
        worker.run()
    return (time.perf_counter() - start) / workers
