"""Lets the child return text, and makes a number of it again.

Python refuses to make text of more than 4,300 digits.

Fails: test_thousands_of_digits_are_carried
"""

import math
from concurrent.futures import ProcessPoolExecutor


def compute(n):
    return str(math.factorial(n))


def factorials(numbers, workers):
    if workers < 1 or any(n < 0 for n in numbers):
        raise ValueError("bad input")
    numbers = list(dict.fromkeys(numbers))
    with ProcessPoolExecutor(max_workers=workers) as pool:
        return {n: int(text) for n, text in zip(numbers, pool.map(compute, numbers))}
