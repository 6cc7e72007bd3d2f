"""Starts daemon threads and returns when the first is done.

The others are cut off in the middle of their work (MISTAKES.md 19).

Fails: test_gather_in_the_order_of_completion
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
    done = threading.Event()
    gate = threading.Semaphore(workers)

    def run(job):
        with gate:
            try:
                values.append(job())
            except Exception as error:
                errors.append(error)
            done.set()

    for job in jobs:
        threading.Thread(target=run, args=(job,), daemon=True).start()
    if jobs:
        done.wait()
    return values, errors
