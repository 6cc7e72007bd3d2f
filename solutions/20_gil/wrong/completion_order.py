"""Collects the results in the order in which they are done.

Fails: test_answers_stand_in_the_order_of_the_limits
"""

from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor, as_completed


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
    with ProcessPoolExecutor(max_workers=4) as pool:
        futures = [pool.submit(count_primes, limit) for limit in limits]
        return [future.result() for future in as_completed(futures)]
