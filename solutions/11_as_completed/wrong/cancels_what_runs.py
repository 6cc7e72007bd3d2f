"""Cancels the other futures before the end of the `with` block.

What runs can't be cancelled: `cancel()` returns False, and the block waits (MISTAKES.md 22).

Fails: test_the_first_to_succeed_wins
"""

from concurrent.futures import ThreadPoolExecutor, as_completed


def first_success(jobs, timeout):
    if not jobs:
        raise ValueError("no jobs")
    with ThreadPoolExecutor(max_workers=len(jobs)) as pool:
        futures = [pool.submit(job) for job in jobs]
        try:
            for future in as_completed(futures, timeout=timeout):
                if future.exception() is None:
                    return future.result()
        finally:
            for other in futures:
                other.cancel()
    raise future.exception()


def gather(jobs, workers):
    values, errors = [], []
    with ThreadPoolExecutor(max_workers=workers) as pool:
        for future in as_completed([pool.submit(job) for job in jobs]):
            try:
                values.append(future.result())
            except Exception as error:
                errors.append(error)
    return values, errors
