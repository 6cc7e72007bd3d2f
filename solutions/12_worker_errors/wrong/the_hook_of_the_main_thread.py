"""Sets `sys.excepthook`.

That one is asked when an exception ends the program's main thread; the others have `threading.excepthook`.

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
    before = sys.excepthook
    sys.excepthook = lambda kind, error, trace: errors.append(error)
    try:
        yield
    finally:
        sys.excepthook = before
    if errors:
        raise ExceptionGroup("threads failed", errors)
