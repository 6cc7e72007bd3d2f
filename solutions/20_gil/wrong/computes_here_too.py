"""Lets processes compute, throws their results away and computes all once more itself.

The children are busy, so the share of the work that they do looks right; but the parent does all of it, too.

Fails: test_processes_compute_elsewhere
"""

import math
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor


def count_primes(limit):
    return sum(all(n % divisor for divisor in range(2, math.isqrt(n) + 1)) for n in range(2, limit))


def with_threads(limits):
    with ThreadPoolExecutor(max_workers=4) as pool:
        return list(pool.map(count_primes, limits))


def burn(_):
    until = time.process_time() + 1
    while time.process_time() < until:
        pass


def with_processes(limits):
    with ProcessPoolExecutor(max_workers=2) as pool:
        burning = [pool.submit(burn, limit) for limit in limits]
        counts = [count_primes(limit) for limit in limits]
        for each in burning:
            each.result()
    return counts
