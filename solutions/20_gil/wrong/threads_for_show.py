"""Begins threads that do something else, and computes all limits itself meanwhile.

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


def warm_up():
    sum(number * number for number in range(100_000))


def with_threads(limits):
    threads = [threading.Thread(target=warm_up) for _ in limits]
    for thread in threads:
        thread.start()
    results = [count_primes(limit) for limit in limits]
    for thread in threads:
        thread.join()
    return results


def with_processes(limits):
    with ProcessPoolExecutor(max_workers=4) as pool:
        return list(pool.map(count_primes, limits))
