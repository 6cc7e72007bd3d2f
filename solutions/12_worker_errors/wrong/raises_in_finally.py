"""Raises the group in the `finally`.

So it takes the place of the exception that the block raised, and for which its caller has an `except`.

Fails: test_an_exception_of_the_block_goes_on
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

    def keep(args):
        if isinstance(args.exc_value, Exception):
            errors.append(args.exc_value)

    threading.excepthook = keep
    try:
        yield
    finally:
        threading.excepthook = before
        if errors:
            raise ExceptionGroup("threads failed", errors)
