"""Lets the workers fill in a dict of this file.

Each fills in a copy of its own (MISTAKES.md 25). And since nobody asks a future for its result, nobody would learn of an
error either (MISTAKES.md 20).

Fails: test_values_are_exact_and_in_order
"""

import math
from concurrent.futures import ProcessPoolExecutor

results = {}


def compute(n):
    results[n] = math.factorial(n)


def factorials(numbers, workers):
    if workers < 1 or any(n < 0 for n in numbers):
        raise ValueError("bad input")
    with ProcessPoolExecutor(max_workers=workers) as pool:
        for n in dict.fromkeys(numbers):
            pool.submit(compute, n)
    return results
