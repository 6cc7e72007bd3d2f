"""Collects the results by `as_completed`, so in the order in which they were done.

With equal waits that is often the order of the input, by luck.

Fails: test_order_of_input_is_kept
"""

import time
from concurrent.futures import ThreadPoolExecutor, as_completed


def label(number, delay):
    time.sleep(delay)
    return f"Number: {number}"


def label_all(numbers, workers=3, delay=1.0):
    with ThreadPoolExecutor(max_workers=workers) as pool:
        futures = [pool.submit(label, number, delay) for number in numbers]
        return [future.result() for future in as_completed(futures)]
