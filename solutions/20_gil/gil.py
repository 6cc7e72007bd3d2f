"""The reference for kata 20."""

from __future__ import annotations

import math
import os
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor


def count_primes(limit: int) -> int:
    """Return how many primes are less than `limit`, by trial division."""
    return sum(all(number % divisor for divisor in range(2, math.isqrt(number) + 1)) for number in range(2, limit))


def with_threads(limits: list[int]) -> list[int]:
    """Return `count_primes` of each of `limits`, in their order, computed by threads of this process."""
    # On a usual Python the threads take turns, so this takes as long as a plain loop. `or 1`: no pool has no workers.
    with ThreadPoolExecutor(max_workers=len(limits) or 1) as pool:
        return list(pool.map(count_primes, limits))


def with_processes(limits: list[int]) -> list[int]:
    """Return `count_primes` of each of `limits`, in their order, computed by at least two other processes."""
    # More processes than cores gain nothing. `count_primes` travels by its name, its result travels back.
    with ProcessPoolExecutor(max_workers=max(2, os.cpu_count() or 1)) as pool:
        return list(pool.map(count_primes, limits))
