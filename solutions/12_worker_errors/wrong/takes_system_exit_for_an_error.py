"""Collects whatever its hook is told.

The hook is told of a SystemExit too, which just ends a thread; in a group it has no place.

Fails: test_watch_tells_what_ended_threads
"""

import threading
from concurrent.futures import ThreadPoolExecutor


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


class Watch:
    def __enter__(self):
        self.errors = []
        self.before = threading.excepthook
        threading.excepthook = lambda args: self.errors.append(args.exc_value)

    def __exit__(self, kind, error, trace):
        threading.excepthook = self.before
        if not self.errors:
            return
        group = BaseExceptionGroup("threads failed", self.errors)
        if error is None:
            raise group
        while error.__context__ is not None:
            error = error.__context__
        error.__context__ = group


def watch_threads():
    return Watch()
