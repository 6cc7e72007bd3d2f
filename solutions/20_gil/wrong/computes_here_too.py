"""Lets processes compute all, twice to be sure, and then one limit once more itself.

Beside what the children do, the parent's share looks small; but it computes.

Fails: test_processes_compute_elsewhere
"""

import math
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor


def count_primes(limit):
    return sum(all(n % divisor for divisor in range(2, math.isqrt(n) + 1)) for n in range(2, limit))


def with_threads(limits):
    with ThreadPoolExecutor(max_workers=4) as pool:
        return list(pool.map(count_primes, limits))


def with_processes(limits):
    with ProcessPoolExecutor(max_workers=4) as pool:
        counts, again = (list(pool.map(count_primes, limits)) for _ in range(2))
    if counts != again or (limits and counts[0] != count_primes(limits[0])):
        raise RuntimeError("these counts differ")
    return counts
