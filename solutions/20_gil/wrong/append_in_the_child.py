"""Lets child processes append to a list of the parent's.

Each appends to a copy in its own memory, and the parent's list stays empty (MISTAKES.md 25).

Fails: test_answers_stand_in_the_order_of_the_limits
"""

import multiprocessing
from concurrent.futures import ThreadPoolExecutor

results = []


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


def work(limit):
    results.append(count_primes(limit))


def with_processes(limits):
    processes = [multiprocessing.Process(target=work, args=(limit,)) for limit in limits]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    return results
