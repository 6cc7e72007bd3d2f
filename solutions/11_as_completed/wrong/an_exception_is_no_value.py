"""Lets a job return its exception, and asks each value afterwards whether it is one.

A job may return an exception, too: one that collects them, or makes them.

Fails: test_gather_in_the_order_of_completion
"""

from concurrent.futures import ThreadPoolExecutor, as_completed


def first_success(jobs, timeout):
    if not jobs:
        raise ValueError("no jobs")
    pool = ThreadPoolExecutor(max_workers=len(jobs))
    futures = [pool.submit(job) for job in jobs]
    pool.shutdown(wait=False)
    for future in as_completed(futures, timeout=timeout):
        if future.exception() is None:
            return future.result()
    raise future.exception()


def attempt(job):
    try:
        return job()
    except Exception as error:
        return error


def gather(jobs, workers):
    values, errors = [], []
    with ThreadPoolExecutor(max_workers=workers) as pool:
        for future in as_completed([pool.submit(attempt, job) for job in jobs]):
            result = future.result()
            (errors if isinstance(result, Exception) else values).append(result)
    return values, errors
