"""Raises a group at the end of each block.

Where nothing failed there is nothing to raise: a group of no exceptions can't be made, which is a ValueError.

Fails: test_watch_tells_what_ended_threads
"""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager


def run_all(tasks, workers):
    with ThreadPoolExecutor(workers) as pool:
        futures = [pool.submit(task) for task in tasks]
    values, errors = [], []
    for future in futures:
        try:
            values.append(future.result())
        except Exception as error:
            errors.append(error)
    if errors:
        raise ExceptionGroup("tasks failed", errors)
    return values


@contextmanager
def watch_threads():
    errors = []
    before = threading.excepthook
    threading.excepthook = lambda args: errors.append(args.exc_value)
    try:
        yield
    finally:
        threading.excepthook = before
    raise ExceptionGroup("threads failed", errors)
