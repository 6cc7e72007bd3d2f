"""Counts in `gather` how many jobs are under way: `+= 1` where one is started, `-= 1` where one ends.

Each reads, adds and writes. What one thread writes between another's reading and writing is lost, and then there is room for one too many, or too few.

Fails: test_gather_in_any_order
"""

import threading
import time
from concurrent.futures import ThreadPoolExecutor, as_completed


def first_success(jobs, timeout):
    if not jobs:
        raise ValueError("no jobs")
    pool = ThreadPoolExecutor(len(jobs))
    try:
        for future in as_completed([pool.submit(job) for job in jobs], timeout=timeout):
            last = future.exception()
            if last is None:
                return future.result()
    finally:
        pool.shutdown(wait=False)
    raise last


def gather(jobs, workers):
    if workers < 1:
        raise ValueError("at least one worker")
    values, errors = [], []
    under_way = 0

    def work(job):
        nonlocal under_way
        try:
            values.append(job())
        except Exception as error:
            errors.append(error)
        under_way -= 1

    threads = []
    for job in jobs:
        while under_way >= workers:
            time.sleep(0.001)
        under_way += 1
        threads.append(threading.Thread(target=work, args=(job,)))
        threads[-1].start()
    for thread in threads:
        thread.join()
    return values, errors
