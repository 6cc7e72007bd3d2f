"""Waits for each thread before it starts the next.

Many threads, and never two at a time (MISTAKES.md 3).

Fails: test_threads_compute_in_this_process
"""

import threading
from concurrent.futures import ProcessPoolExecutor


def is_prime(n):
    if n < 2:
        return False
    i = 2
    while i * i <= n:
        if n % i == 0:
            return False
        i += 1
    return True


def count_primes(limit):
    count = 0
    for n in range(limit):
        if is_prime(n):
            count += 1
    return count


def with_threads(limits):
    results = []
    for limit in limits:
        thread = threading.Thread(target=lambda limit=limit: results.append(count_primes(limit)))
        thread.start()
        thread.join()
    return results


def with_processes(limits):
    with ProcessPoolExecutor(max_workers=4) as pool:
        return list(pool.map(count_primes, limits))
