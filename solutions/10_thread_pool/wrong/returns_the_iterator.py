"""Returns what `pool.map` gives.

That is an iterator over results, no list of them.

Fails: test_labels_are_right
"""

import time
from concurrent.futures import ThreadPoolExecutor


def label(number, delay):
    time.sleep(delay)
    return f"Number: {number}"


def label_all(numbers, workers=3, delay=1.0):
    with ThreadPoolExecutor(max_workers=workers) as pool:
        return pool.map(label, numbers, [delay] * len(numbers))
