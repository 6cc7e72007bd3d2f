"""Takes every other kind for a process.

Fails: test_what_cannot_be_measured_is_an_error
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
    else:
        make = multiprocessing.Process
    crew = [make(target=nothing) for _ in range(workers)]
    start = time.perf_counter()
    for worker in crew:
        worker.start()
    for worker in crew:
        worker.join()
    return (time.perf_counter() - start) / workers
