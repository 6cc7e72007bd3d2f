"""Looks every quarter of a second whether there is a value.

Fails: test_all_jobs_begin_at_once, test_the_timeout_is_kept
"""

import threading
import time
from concurrent.futures import ThreadPoolExecutor, as_completed


def first_success(jobs, timeout):
    if not jobs:
        raise ValueError("no jobs")
    values, errors = [], []

    def work(job):
        try:
            values.append(job())
        except Exception as error:
            errors.append(error)

    for job in jobs:
        threading.Thread(target=work, args=(job,), daemon=True).start()
    over = time.monotonic() + timeout
    while time.monotonic() < over:
        if values:
            return values[0]
        if len(errors) == len(jobs):
            raise errors[-1]
        time.sleep(0.25)
    raise TimeoutError


def gather(jobs, workers):
    values, errors = [], []
    with ThreadPoolExecutor(workers) as pool:
        for future in as_completed([pool.submit(job) for job in jobs]):
            try:
                values.append(future.result())
            except Exception as error:
                errors.append(error)
    return values, errors
