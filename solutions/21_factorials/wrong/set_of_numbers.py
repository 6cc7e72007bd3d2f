"""Takes a set to leave out what comes again, and sorts it. The order of the input is lost.

Fails: test_values_are_exact_and_in_order
"""

import math
from concurrent.futures import ProcessPoolExecutor


def factorials(numbers, workers):
    if workers < 1 or any(n < 0 for n in numbers):
        raise ValueError("bad input")
    numbers = sorted(set(numbers))
    with ProcessPoolExecutor(max_workers=workers) as pool:
        return dict(zip(numbers, pool.map(math.factorial, numbers)))
