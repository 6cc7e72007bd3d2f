"""Submits a lambda that looks up `job` when it is called.

By then the loop has gone on, and some jobs are done twice and others never (MISTAKES.md 4).

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

    def run(job):
        try:
            values.append(job())
        except Exception as error:
            errors.append(error)

    with ThreadPoolExecutor(max_workers=workers) as pool:
        for job in jobs:
            pool.submit(lambda: run(job))
    return values, errors
