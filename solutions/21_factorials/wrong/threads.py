"""Takes a pool of threads, which compute one at a time (MISTAKES.md 23).

Fails: test_two_processes_compute_at_the_same_time
"""

import math
from concurrent.futures import ThreadPoolExecutor


def factorials(numbers, workers):
    if workers < 1 or any(n < 0 for n in numbers):
        raise ValueError("bad input")
    numbers = list(dict.fromkeys(numbers))
    with ThreadPoolExecutor(max_workers=workers) as pool:
        return dict(zip(numbers, pool.map(math.factorial, numbers)))
