"""Takes pools, whose workers do one task after the other.

A pool begins fewer workers than it has tasks when one of them is free again.

Fails: test_every_process_is_started_and_joined
"""

import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor


def nothing():
    pass


def creation_cost(kind, workers):
    if workers < 1:
        raise ValueError("at least one")
    if kind == "thread":
        make = ThreadPoolExecutor
    elif kind == "process":
        make = ProcessPoolExecutor
    else:
        raise ValueError(kind)
    start = time.perf_counter()
    with make(2) as pool:
        for _ in range(workers):
            pool.submit(nothing)
    return (time.perf_counter() - start) / workers
