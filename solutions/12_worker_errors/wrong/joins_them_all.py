"""Waits at the end of the block for every thread that is alive.

Who only wants to be told of errors now hangs on a thread that never ends.

Fails: test_watch_joins_none_and_leaves_nothing
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
        if errors:
            last = error
            while last.__context__ is not None:
                last = last.__context__
            last.__context__ = ExceptionGroup("threads failed", errors)
        raise
    finally:
        for thread in threading.enumerate():
            if thread is not threading.current_thread():
                thread.join()
        threading.excepthook = before
    if errors:
        raise ExceptionGroup("threads failed", errors)
