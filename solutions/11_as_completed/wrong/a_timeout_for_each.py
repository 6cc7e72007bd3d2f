"""Goes through the futures in the order of the list, each with the whole timeout.

A slow job at the front hides a fast one behind it, and three jobs may take three timeouts.

Fails: test_the_first_to_succeed_wins
"""

from concurrent.futures import ThreadPoolExecutor, as_completed


def first_success(jobs, timeout):
    if not jobs:
        raise ValueError("no jobs")
    pool = ThreadPoolExecutor(max_workers=len(jobs))
    futures = [pool.submit(job) for job in jobs]
    pool.shutdown(wait=False)
    last = None
    for future in futures:
        try:
            return future.result(timeout=timeout)
        except Exception as error:
            last = error
    raise last


def gather(jobs, workers):
    values, errors = [], []
    with ThreadPoolExecutor(max_workers=workers) as pool:
        for future in as_completed([pool.submit(job) for job in jobs]):
            try:
                values.append(future.result())
            except Exception as error:
                errors.append(error)
    return values, errors
