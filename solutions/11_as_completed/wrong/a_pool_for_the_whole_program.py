"""Makes one large pool for all calls, and never shuts it down.

Its threads wait for work as long as the program lives, and jobs that run on take them from the next call.

Fails: test_the_first_to_succeed_wins
"""

from concurrent.futures import ThreadPoolExecutor, as_completed

POOL = ThreadPoolExecutor(max_workers=1000)


def first_success(jobs, timeout):
    if not jobs:
        raise ValueError("no jobs")
    futures = [POOL.submit(job) for job in jobs]
    for future in as_completed(futures, timeout=timeout):
        if future.exception() is None:
            return future.result()
    raise future.exception()


def gather(jobs, workers):
    values, errors = [], []
    with ThreadPoolExecutor(max_workers=workers) as pool:
        for future in as_completed([pool.submit(job) for job in jobs]):
            if future.exception() is None:
                values.append(future.result())
            else:
                errors.append(future.exception())
    return values, errors
