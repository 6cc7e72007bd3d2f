"""Leaves the number of workers to the pool.

It takes min(32, cores + 4): another number on each machine, and not the one that was asked for.

Fails: test_ten_numbers_take_four_rounds
"""

import time
from concurrent.futures import ThreadPoolExecutor


def label(number, delay):
    time.sleep(delay)
    return f"Number: {number}"


def label_all(numbers, workers=3, delay=1.0):
    if workers < 1:
        raise ValueError("workers must be at least 1")
    with ThreadPoolExecutor() as pool:
        return list(pool.map(label, numbers, [delay] * len(numbers)))
