"""Has its threads put what came into a queue with room for one.

After the first success nobody takes anything out: the next to end has that room, and those after it wait for ever in put().

Fails: test_the_first_to_succeed_wins
"""

import queue
import threading
import time
from concurrent.futures import ThreadPoolExecutor, as_completed


def first_success(jobs, timeout):
    if not jobs:
        raise ValueError("no jobs")
    over = time.monotonic() + timeout
    came = queue.Queue(maxsize=1)

    def work(job):
        try:
            value, error = job(), None
        except Exception as problem:
            value, error = None, problem
        came.put((value, error))

    for job in jobs:
        threading.Thread(target=work, args=(job,), daemon=True).start()
    for _ in jobs:
        try:
            value, error = came.get(timeout=max(0.0, over - time.monotonic()))
        except queue.Empty:
            raise TimeoutError from None
        if error is None:
            return value
    raise error


def gather(jobs, workers):
    values, errors = [], []
    with ThreadPoolExecutor(workers) as pool:
        for future in as_completed([pool.submit(job) for job in jobs]):
            try:
                values.append(future.result())
            except Exception as error:
                errors.append(error)
    return values, errors
