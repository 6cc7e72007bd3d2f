"""Hands the pool a lambda, which has no name that another process could find it by (MISTAKES.md 27).

Fails: test_values_are_exact_and_in_order
"""

import math
from concurrent.futures import ProcessPoolExecutor


def factorials(numbers, workers):
    if workers < 1 or any(n < 0 for n in numbers):
        raise ValueError("bad input")
    numbers = list(dict.fromkeys(numbers))
    with ProcessPoolExecutor(max_workers=workers) as pool:
        return dict(zip(numbers, pool.map(lambda n: math.factorial(n), numbers)))
