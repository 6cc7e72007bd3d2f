"""Tries in the child first whether a number can be computed, and then computes it.

To try it takes as long as to do it.

Fails: test_a_number_that_comes_again_is_computed_once
"""

import math
from concurrent.futures import ProcessPoolExecutor


def compute(number):
    try:
        math.factorial(number)
    except ValueError:
        return None
    return math.factorial(number)


def factorials(numbers, workers):
    if workers < 1 or any(number < 0 for number in numbers):
        raise ValueError("no workers, or a negative number")
    distinct = list(dict.fromkeys(numbers))
    with ProcessPoolExecutor(max_workers=workers) as pool:
        return dict(zip(distinct, pool.map(compute, distinct)))
