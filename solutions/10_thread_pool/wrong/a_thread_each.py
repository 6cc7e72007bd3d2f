"""Makes the pool as large as the work.

All wait at once: the limit that was asked for is gone. And with no numbers the pool is refused with a ValueError.

Fails: test_never_more_than_workers_wait_at_once
"""

import time
from concurrent.futures import ThreadPoolExecutor


def label(number, delay):
    time.sleep(delay)
    return f"Number: {number}"


def label_all(numbers, workers=3, delay=1.0):
    if workers < 1:
        raise ValueError("workers must be at least 1")
    with ThreadPoolExecutor(max_workers=len(numbers)) as pool:
        futures = [pool.submit(label, number, delay) for number in numbers]
    return [future.result() for future in futures]
