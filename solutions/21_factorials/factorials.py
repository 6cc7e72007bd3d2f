"""The reference for kata 21."""

from __future__ import annotations

import math
from concurrent.futures import ProcessPoolExecutor


def factorials(numbers: list[int], workers: int) -> dict[int, int]:
    """Return the factorial of each of `numbers`, computed by at most `workers` other processes at a time."""
    if workers < 1:
        raise ValueError(f"workers is {workers}, at least one is needed")
    if any(number < 0 for number in numbers):
        raise ValueError("a negative number has no factorial")
    distinct = list(dict.fromkeys(numbers))  # a set would lose the order
    with ProcessPoolExecutor(max_workers=workers) as pool:
        # `math.factorial` travels by its name. `map` hands all in at once, and gives the results in this order.
        return dict(zip(distinct, pool.map(math.factorial, distinct), strict=True))
