"""Asks for chunks of four, to send less to and fro.

A chunk is one task, so all of a short list goes to one process.

Fails: test_two_processes_compute_at_the_same_time
"""

import math
from concurrent.futures import ProcessPoolExecutor


def factorials(numbers, workers):
    if workers < 1 or any(number < 0 for number in numbers):
        raise ValueError("no workers, or a negative number")
    distinct = list(dict.fromkeys(numbers))
    with ProcessPoolExecutor(max_workers=workers) as pool:
        return dict(zip(distinct, pool.map(math.factorial, distinct, chunksize=4)))
