"""Asks for each result where it submits the task.

There are two processes, and one is always idle.

Fails: test_two_processes_compute_at_the_same_time
"""

import math
from concurrent.futures import ProcessPoolExecutor


def factorials(numbers, workers):
    if workers < 1 or any(n < 0 for n in numbers):
        raise ValueError("bad input")
    results = {}
    with ProcessPoolExecutor(max_workers=workers) as pool:
        for n in numbers:
            if n not in results:
                results[n] = pool.submit(math.factorial, n).result()
    return results
