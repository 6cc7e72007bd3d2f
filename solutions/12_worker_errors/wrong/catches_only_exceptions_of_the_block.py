"""Puts its `except Exception` around the block.

A block that ends by SystemExit goes past it: the hook stays, and what ended threads is not told.

Fails: test_watch_joins_none_and_leaves_nothing, test_an_exception_of_the_block_goes_on
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
    except Exception as error:
        threading.excepthook = before
        if errors:
            while error.__context__ is not None:
                error = error.__context__
            error.__context__ = ExceptionGroup("threads failed", errors)
        raise
    threading.excepthook = before
    if errors:
        raise ExceptionGroup("threads failed", errors)
