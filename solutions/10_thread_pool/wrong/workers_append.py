"""Lets each worker append its label to a shared list.

`append` itself is safe; the order in which the workers come to it is nobody's promise.

Fails: test_order_of_input_is_kept
"""

import time
from concurrent.futures import ThreadPoolExecutor


def label_all(numbers, workers=3, delay=1.0):
    results = []

    def work(number):
        time.sleep(delay)
        results.append(f"Number: {number}")

    with ThreadPoolExecutor(max_workers=workers) as pool:
        for number in numbers:
            pool.submit(work, number)
    return results
