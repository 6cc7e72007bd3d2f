"""Computes what comes again, again; only the dict leaves it out.

Fails: test_a_number_that_comes_again_is_computed_once
"""

import math
from concurrent.futures import ProcessPoolExecutor


def factorials(numbers, workers):
    if workers < 1 or any(n < 0 for n in numbers):
        raise ValueError("bad input")
    with ProcessPoolExecutor(max_workers=workers) as pool:
        return dict(zip(numbers, pool.map(math.factorial, numbers)))
