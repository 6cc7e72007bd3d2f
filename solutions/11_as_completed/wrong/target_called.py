"""Writes `Thread(target=run(job))`.

The job is done right there, one after the other; each thread gets the None that `run` returned (MISTAKES.md 1).

Fails: test_all_jobs_begin_at_once
"""

import queue
import threading
import time
from concurrent.futures import ThreadPoolExecutor, as_completed


def first_success(jobs, timeout):
    if not jobs:
        raise ValueError("no jobs")
    done = queue.Queue()

    def run(job):
        try:
            done.put((job(), None))
        except Exception as error:
            done.put((None, error))

    end = time.monotonic() + timeout
    for job in jobs:
        threading.Thread(target=run(job), daemon=True).start()
    for _ in jobs:
        try:
            value, error = done.get(timeout=max(0, end - time.monotonic()))
        except queue.Empty:
            raise TimeoutError("no job has succeeded") from None
        if error is None:
            return value
    raise error


def gather(jobs, workers):
    values, errors = [], []
    with ThreadPoolExecutor(max_workers=workers) as pool:
        for future in as_completed([pool.submit(job) for job in jobs]):
            try:
                values.append(future.result())
            except Exception as error:
                errors.append(error)
    return values, errors
