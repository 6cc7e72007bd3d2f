"""Hands all numbers to each of two processes, and takes the results of the first.

Both compute at the same time, and each as long as one alone would.

Fails: test_a_number_that_comes_again_is_computed_once
"""

import math
from concurrent.futures import ProcessPoolExecutor


def compute_all(numbers):
    return {number: math.factorial(number) for number in numbers}


def factorials(numbers, workers):
    if workers < 1 or any(number < 0 for number in numbers):
        raise ValueError("no workers, or a negative number")
    distinct = list(dict.fromkeys(numbers))
    processes = min(workers, 2)
    with ProcessPoolExecutor(max_workers=processes) as pool:
        return [future.result() for future in [pool.submit(compute_all, distinct) for _ in range(processes)]][0]
