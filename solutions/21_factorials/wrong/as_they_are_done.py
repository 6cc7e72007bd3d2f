"""Fills the dict in as the results come: short ones first.

Fails: test_values_are_exact_and_in_order
"""

import math
from concurrent.futures import ProcessPoolExecutor, as_completed


def factorials(numbers, workers):
    if workers < 1 or any(n < 0 for n in numbers):
        raise ValueError("bad input")
    results = {}
    with ProcessPoolExecutor(max_workers=workers) as pool:
        futures = {pool.submit(math.factorial, n): n for n in dict.fromkeys(numbers)}
        for future in as_completed(futures):
            results[futures[future]] = future.result()
    return results
