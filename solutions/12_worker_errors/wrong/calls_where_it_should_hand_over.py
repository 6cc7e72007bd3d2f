"""Writes `pool.submit(task())`.

The task is done right there, in the calling thread, one after the other; the pool is handed its value
(MISTAKES.md 1).

Fails: test_as_many_at_once_as_workers
"""

import threading
from concurrent.futures import ThreadPoolExecutor


def run_all(tasks, workers):
    values, errors = [], []
    with ThreadPoolExecutor(max_workers=workers) as pool:
        for task in tasks:
            try:
                values.append(task())
                pool.submit(values[-1])
            except Exception as error:
                errors.append(error)
    if errors:
        raise ExceptionGroup("tasks failed", errors)
    return values


class Watch:
    def __enter__(self):
        self.errors = []
        self.before = threading.excepthook
        threading.excepthook = self.keep

    def keep(self, args):
        if isinstance(args.exc_value, Exception):
            self.errors.append(args.exc_value)

    def __exit__(self, kind, error, trace):
        threading.excepthook = self.before
        if not self.errors:
            return
        group = ExceptionGroup("threads failed", self.errors)
        if error is None:
            raise group
        while error.__context__ is not None:
            error = error.__context__
        error.__context__ = group


def watch_threads():
    return Watch()
