"""Puts `try` around `start` and `get`, where no job's exception comes by.

A job that fails ends its thread and is not heard of, so when all have failed there is a TimeoutError (MISTAKES.md 8).

Fails: test_if_all_fail_the_last_error_is_raised
"""

import queue
import threading
from concurrent.futures import ThreadPoolExecutor, as_completed


def first_success(jobs, timeout):
    if not jobs:
        raise ValueError("no jobs")
    done = queue.Queue()
    last = TimeoutError("no job has succeeded")
    try:
        for job in jobs:
            threading.Thread(target=lambda job=job: done.put(job()), daemon=True).start()
        return done.get(timeout=timeout)
    except queue.Empty:
        raise last from None
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
