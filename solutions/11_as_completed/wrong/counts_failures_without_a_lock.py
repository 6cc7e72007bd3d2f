"""Counts the jobs that failed with `+=` and no lock.

Two that fail at the same time may both read 0 and both write 1, and the signal that all have failed never comes
(MISTAKES.md 9).

Fails: test_first_success_in_any_order
"""

import threading
from concurrent.futures import ThreadPoolExecutor, as_completed


def first_success(jobs, timeout):
    if not jobs:
        raise ValueError("no jobs")
    over = threading.Event()
    values, errors = [], []
    failed = 0

    def run(job):
        nonlocal failed
        try:
            values.append(job())
            over.set()
        except Exception as error:
            errors.append(error)
            failed += 1
            if failed == len(jobs):
                over.set()

    for job in jobs:
        threading.Thread(target=run, args=(job,), daemon=True).start()
    if not over.wait(timeout):
        raise TimeoutError("no job has succeeded")
    if values:
        return values[0]
    raise errors[-1]


def gather(jobs, workers):
    values, errors = [], []
    with ThreadPoolExecutor(max_workers=workers) as pool:
        for future in as_completed([pool.submit(job) for job in jobs]):
            try:
                values.append(future.result())
            except Exception as error:
                errors.append(error)
    return values, errors
