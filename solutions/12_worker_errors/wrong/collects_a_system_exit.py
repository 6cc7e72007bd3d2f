"""Collects every BaseException.

A SystemExit is no error, and an ExceptionGroup can't hold it: to make the group is a TypeError.

Fails: test_system_exit_is_raised_when_all_have_ended
"""

import threading
from concurrent.futures import ThreadPoolExecutor


def run_all(tasks, workers):
    values, errors = [], []
    with ThreadPoolExecutor(max_workers=workers) as pool:
        futures = [pool.submit(task) for task in tasks]
    for future in futures:
        try:
            values.append(future.result())
        except BaseException as error:
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
