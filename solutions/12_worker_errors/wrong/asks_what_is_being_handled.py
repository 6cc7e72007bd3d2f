"""Asks `sys.exc_info()` whether the block raised.

In somebody's `except` that tells of an exception which came before the block, and the group is hung on that one.

Fails: test_watch_tells_what_ended_threads
"""

import sys
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
        error = sys.exc_info()[1]
        if errors and error is None:
            raise ExceptionGroup("threads failed", errors)
        if errors:
            while error.__context__ is not None:
                error = error.__context__
            error.__context__ = ExceptionGroup("threads failed", errors)
