"""Lets the first thread compute all limits, while the others wait for it.

There are as many threads as limits, at the same time, and one of them works.

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
    done = threading.Event()

    def compute():
        for limit in limits:
            results.append(count_primes(limit))
        done.set()

    threads = [threading.Thread(target=compute)]
    threads += [threading.Thread(target=done.wait) for _ in limits[1:]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def with_processes(limits):
    with ProcessPoolExecutor(max_workers=4) as pool:
        return list(pool.map(count_primes, limits))
