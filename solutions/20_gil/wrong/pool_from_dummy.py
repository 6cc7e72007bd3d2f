"""Imports `Pool` from `multiprocessing.dummy`.

It has the interface of multiprocessing and is made of threads: a dummy.

Fails: test_processes_compute_elsewhere
"""

from concurrent.futures import ThreadPoolExecutor
from multiprocessing.dummy import Pool


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
    with ThreadPoolExecutor(max_workers=4) as pool:
        return list(pool.map(count_primes, limits))


def with_processes(limits):
    with Pool(4) as pool:
        return pool.map(count_primes, limits)
