"""Does the jobs in batches of `workers`, a pool for each.

Who is done early waits for the slowest of its batch, though there are jobs enough.

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
    if workers < 1:
        raise ValueError("workers must be at least 1")
    values, errors = [], []
    for begin in range(0, len(jobs), workers):
        with ThreadPoolExecutor(max_workers=workers) as pool:
            for future in as_completed([pool.submit(job) for job in jobs[begin : begin + workers]]):
                try:
                    values.append(future.result())
                except Exception as error:
                    errors.append(error)
    return values, errors
