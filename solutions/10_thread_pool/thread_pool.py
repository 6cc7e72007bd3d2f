"""The reference for kata 10."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor


def label_all(numbers: list[int], workers: int = 3, delay: float = 1.0) -> list[str]:
    """Return the label ``Number: n`` of each of `numbers`, in their order, made by a pool of `workers` threads.

    Raises:
        ValueError: if `workers` is less than 1 (the pool itself says so).
    """

    def label(number: int) -> str:
        time.sleep(delay)
        return f"Number: {number}"

    # max_workers says how many, not how many at least: it is neither len(numbers) nor left to the machine.
    with ThreadPoolExecutor(max_workers=workers) as pool:
        # map hands everything in before it waits, and gives the results in the order of the input. It returns an
        # iterator, so the list is made here, where the pool still lives.
        return list(pool.map(label, numbers))
