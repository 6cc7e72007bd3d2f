"""Hands all limits to each of two processes, and throws one of the results away.

Both compute beside each other, and each as long as one alone would.

Fails: test_two_processes_compute_beside_each_other
"""

from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor


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


def count_all(limits):
    return [count_primes(limit) for limit in limits]


def with_processes(limits):
    with ProcessPoolExecutor(max_workers=2) as pool:
        first, second = pool.submit(count_all, limits), pool.submit(count_all, limits)
        second.result()
        return first.result()
