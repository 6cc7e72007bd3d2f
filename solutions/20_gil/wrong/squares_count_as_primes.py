"""Stops one short of the square root.

`range(2, root)` leaves the root itself out, so 4, 9 and 25 pass for primes.

Fails: test_primes_below_the_limit_are_counted
"""

import math
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor


def count_primes(limit):
    count = 0
    for n in range(2, limit):
        for divisor in range(2, math.isqrt(n)):
            if n % divisor == 0:
                break
        else:
            count += 1
    return count


def with_threads(limits):
    with ThreadPoolExecutor(max_workers=4) as pool:
        return list(pool.map(count_primes, limits))


def with_processes(limits):
    with ProcessPoolExecutor(max_workers=4) as pool:
        return list(pool.map(count_primes, limits))
