"""Returns early where there are no numbers, before it looks at `workers`.

The pool itself refuses 0 workers, and here nobody asks it.

Fails: test_no_workers_is_an_error
"""

import time
from concurrent.futures import ThreadPoolExecutor


def label_all(numbers, workers=3, delay=1.0):
    if not numbers:
        return []

    def label(number):
        time.sleep(delay)
        return f"Number: {number}"

    with ThreadPoolExecutor(max_workers=workers) as pool:
        return list(pool.map(label, numbers))
