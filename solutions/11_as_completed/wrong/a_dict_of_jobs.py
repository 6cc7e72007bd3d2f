"""Keeps the futures in a dict with the jobs as its keys.

The same callable may stand in the list several times. A dict from future to job would have kept them apart.

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
        futures = {job: pool.submit(job) for job in dict.fromkeys(jobs)}
        for future in as_completed(futures.values()):
            if future.exception() is None:
                values.append(future.result())
            else:
                errors.append(future.exception())
    return values, errors
