"""Asks for each result right where it submits.

The pool has three workers and is never given more than one thing to do (the pool's form of MISTAKES.md 3).

Fails: test_ten_numbers_take_four_rounds
"""

import time
from concurrent.futures import ThreadPoolExecutor


def label(number, delay):
    time.sleep(delay)
    return f"Number: {number}"


def label_all(numbers, workers=3, delay=1.0):
    results = []
    with ThreadPoolExecutor(max_workers=workers) as pool:
        for number in numbers:
            future = pool.submit(label, number, delay)
            results.append(future.result())
    return results
