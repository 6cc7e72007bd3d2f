"""Makes a pool of one where less is asked for.

A caller who asks for 0 workers has a mistake in his program; silence hides it.

Fails: test_no_workers_is_an_error
"""

import time
from concurrent.futures import ThreadPoolExecutor


def label(number, delay):
    time.sleep(delay)
    return f"Number: {number}"


def label_all(numbers, workers=3, delay=1.0):
    with ThreadPoolExecutor(max_workers=max(1, workers)) as pool:
        return list(pool.map(label, numbers, [delay] * len(numbers)))
