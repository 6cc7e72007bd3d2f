"""Lets the workers share a list: each looks whether a job is left, and then takes it.

Between the two another worker may take the last one; then `pop` raises, and ends the thread (MISTAKES.md 18).

Fails: test_gather_in_any_order
"""

import threading
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
    left = list(jobs)

    def work():
        while left:
            job = left.pop(0)
            try:
                values.append(job())
            except Exception as error:
                errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return values, errors
