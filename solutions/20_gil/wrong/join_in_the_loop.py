"""Waits for each process before it starts the next.

Many processes, and never two at a time (MISTAKES.md 3).

Fails: test_two_processes_compute_beside_each_other
"""

import multiprocessing
from concurrent.futures import ThreadPoolExecutor


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


def work(limit, queue):
    queue.put(count_primes(limit))


def with_processes(limits):
    results = []
    queue = multiprocessing.Queue()
    for limit in limits:
        process = multiprocessing.Process(target=work, args=(limit, queue))
        process.start()
        results.append(queue.get())
        process.join()
    return results
