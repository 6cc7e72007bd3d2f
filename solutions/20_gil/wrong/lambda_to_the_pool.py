"""Hands the pool a lambda.

What goes to another process is pickled, a function by its name, and a lambda has none (MISTAKES.md 27). The error comes
with the result.

Fails: test_answers_stand_in_the_order_of_the_limits
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


def with_processes(limits):
    with ProcessPoolExecutor(max_workers=4) as pool:
        return list(pool.map(lambda limit: count_primes(limit), limits))
