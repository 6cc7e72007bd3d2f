"""Takes no more than 32 workers, as the pool does where it is told no number.

What is asked for is `workers`: the wait needs no core, so no machine sets a limit.

Fails: test_rounds_follow_from_workers
"""

import time
from concurrent.futures import ThreadPoolExecutor


def label(number, delay):
    time.sleep(delay)
    return f"Number: {number}"


def label_all(numbers, workers=3, delay=1.0):
    with ThreadPoolExecutor(max_workers=min(workers, 32)) as pool:
        return list(pool.map(label, numbers, [delay] * len(numbers)))
