"""Waits for the next future that is done, each time with the whole timeout.

Each job that fails makes the waiting longer; the timeout is for the whole call.

Fails: test_the_timeout_is_kept
"""

from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, as_completed, wait


def first_success(jobs, timeout):
    if not jobs:
        raise ValueError("no jobs")
    pool = ThreadPoolExecutor(max_workers=len(jobs))
    waiting = {pool.submit(job) for job in jobs}
    pool.shutdown(wait=False)
    error = None
    while waiting:
        done, waiting = wait(waiting, timeout=timeout, return_when=FIRST_COMPLETED)
        if not done:
            raise TimeoutError("no job has succeeded")
        for future in done:
            error = future.exception()
            if error is None:
                return future.result()
    raise error


def gather(jobs, workers):
    values, errors = [], []
    with ThreadPoolExecutor(max_workers=workers) as pool:
        for future in as_completed([pool.submit(job) for job in jobs]):
            try:
                values.append(future.result())
            except Exception as error:
                errors.append(error)
    return values, errors
