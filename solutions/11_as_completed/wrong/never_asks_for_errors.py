"""Lets each job append its value, and never asks a future for its result.

What a job raises stays in its future (MISTAKES.md 20).

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


def gather(jobs, workers):
    values, errors = [], []
    with ThreadPoolExecutor(max_workers=workers) as pool:
        for job in jobs:
            try:
                pool.submit(lambda job=job: values.append(job()))
            except Exception as error:
                errors.append(error)
    return values, errors
