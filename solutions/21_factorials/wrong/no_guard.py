"""Tries itself out at the top level of the file, without `if __name__ == "__main__":`.

Under fork nobody notices. Under spawn each child imports the file, and so comes to that line too (MISTAKES.md 26).

Fails: test_runs_under_spawn
"""

import math
from concurrent.futures import ProcessPoolExecutor


def compute(n):
    return math.factorial(n)


def factorials(numbers, workers):
    if workers < 1 or any(n < 0 for n in numbers):
        raise ValueError("bad input")
    numbers = list(dict.fromkeys(numbers))
    with ProcessPoolExecutor(max_workers=workers) as pool:
        return dict(zip(numbers, pool.map(compute, numbers)))


print(factorials([5, 10], 2))
