"""Leaves it to `math.factorial` to refuse a negative number.

It does, in a child, when the others are being computed already.

Fails: test_what_is_wrong_is_refused_before_a_process_starts
"""

import math
from concurrent.futures import ProcessPoolExecutor


def factorials(numbers, workers):
    numbers = list(dict.fromkeys(numbers))
    with ProcessPoolExecutor(max_workers=workers) as pool:
        return dict(zip(numbers, pool.map(math.factorial, numbers)))
