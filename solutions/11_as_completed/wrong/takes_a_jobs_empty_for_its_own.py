"""Raises what a job raised in the same `try` that waits for the queue.

A job may raise `queue.Empty` itself: that is not the time that is over.

Fails: test_the_first_to_succeed_wins
"""

import queue
import threading
import time
from concurrent.futures import ThreadPoolExecutor, as_completed


def first_success(jobs, timeout):
    if not jobs:
        raise ValueError("no jobs")
    done, deadline = queue.Queue(), time.monotonic() + timeout

    def run(job):
        try:
            done.put((job(), None))
        except Exception as error:
            done.put((None, error))

    for job in jobs:
        threading.Thread(target=run, args=(job,)).start()
    for _ in jobs:
        try:
            value, error = done.get(timeout=max(0.0, deadline - time.monotonic()))
            if error is not None:
                raise error
        except queue.Empty:
            raise TimeoutError("no job has succeeded in time")
        except Exception as error:
            last = error
        else:
            return value
    raise last


def gather(jobs, workers):
    values, errors = [], []
    with ThreadPoolExecutor(max_workers=workers) as pool:
        for future in as_completed([pool.submit(job) for job in jobs]):
            if future.exception() is None:
                values.append(future.result())
            else:
                errors.append(future.exception())
    return values, errors
