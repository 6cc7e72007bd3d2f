"""Raises a new exception of the same type.

The one that came has its traceback, which says where it failed, and who knows it compares by identity.

Fails: test_if_all_fail_the_last_error_is_raised
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
    last = future.exception()
    raise type(last)(*last.args)


def gather(jobs, workers):
    values, errors = [], []
    with ThreadPoolExecutor(max_workers=workers) as pool:
        for future in as_completed([pool.submit(job) for job in jobs]):
            if future.exception() is None:
                values.append(future.result())
            else:
                errors.append(future.exception())
    return values, errors
