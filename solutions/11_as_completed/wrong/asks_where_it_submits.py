"""Asks each future for its result where it submits.

The next job begins when the one before has ended: one worker works, the others look on.

Fails: test_gather_uses_its_workers
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
                values.append(pool.submit(job).result())
            except Exception as error:
                errors.append(error)
    return values, errors
