"""Cancels what has not begun as soon as one task fails.

A task that fails should keep no other from being done; here the rest is never called.

Fails: test_errors_come_as_one_group
"""

import threading
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait


def run_all(tasks, workers):
    pool = ThreadPoolExecutor(max_workers=workers)
    futures = [pool.submit(task) for task in tasks]
    wait(futures, return_when=FIRST_EXCEPTION)
    pool.shutdown(cancel_futures=True)
    errors = [future.exception() for future in futures if not future.cancelled() and future.exception()]
    if errors:
        raise ExceptionGroup("tasks failed", errors)
    return [future.result() for future in futures]


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
