"""Makes no more workers than there are numbers, and forgets that there may be none.

`ThreadPoolExecutor(max_workers=0)` is refused with a ValueError.

Fails: test_labels_are_right
"""

import time
from concurrent.futures import ThreadPoolExecutor


def label(number, delay):
    time.sleep(delay)
    return f"Number: {number}"


def label_all(numbers, workers=3, delay=1.0):
    with ThreadPoolExecutor(max_workers=min(workers, len(numbers))) as pool:
        return list(pool.map(label, numbers, [delay] * len(numbers)))
