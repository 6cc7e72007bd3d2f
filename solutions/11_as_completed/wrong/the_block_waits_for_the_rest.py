"""Thinks that a timeout stops the jobs.

It ends the waiting for a result; then the end of the `with` block waits for all jobs, however long they take
(MISTAKES.md 22).

Fails: test_the_timeout_is_kept
"""

from concurrent.futures import ThreadPoolExecutor, as_completed


def first_success(jobs, timeout):
    if not jobs:
        raise ValueError("no jobs")
    with ThreadPoolExecutor(max_workers=len(jobs)) as pool:
        futures = [pool.submit(job) for job in jobs]
        for future in as_completed(futures, timeout=timeout):
            if future.exception() is None:
                return future.result()
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
