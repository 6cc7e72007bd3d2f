"""Takes `time.process_time`, which counts computing only.

While the caller waits for others, this clock stands still.

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
    start = time.process_time()
    for worker in crew:
        worker.start()
    for worker in crew:
        worker.join()
    return (time.process_time() - start) / workers
