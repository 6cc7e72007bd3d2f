"""Remembers the labels that were made, so that one wait is enough for each number.

Each label takes its wait, at the second call as well, and what is remembered never goes away.

Fails: test_rounds_follow_from_workers
"""

import functools
import time
from concurrent.futures import ThreadPoolExecutor


@functools.cache
def label(number, delay):
    time.sleep(delay)
    return f"Number: {number}"


def label_all(numbers, workers=3, delay=1.0):
    with ThreadPoolExecutor(max_workers=workers) as pool:
        return list(pool.map(label, numbers, [delay] * len(numbers)))
