"""Writes `pool.submit(label(number, delay))`.

The label is made right there, in the calling thread; the pool is handed a string, and calling it fails in a worker
(MISTAKES.md 1). Nobody asks the futures, so nobody hears of it (MISTAKES.md 20).

Fails: test_ten_numbers_take_four_rounds
"""

import time
from concurrent.futures import ThreadPoolExecutor


def label_all(numbers, workers=3, delay=1.0):
    results = []

    def label(number):
        time.sleep(delay)
        results.append(f"Number: {number}")

    with ThreadPoolExecutor(max_workers=workers) as pool:
        for number in numbers:
            pool.submit(label(number))
    return results
