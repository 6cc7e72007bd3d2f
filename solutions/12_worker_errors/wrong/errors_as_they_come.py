"""Collects the errors by `as_completed`, so in the order in which the tasks failed.

Who reads the group can't tell which task is meant.

Fails: test_errors_come_as_one_group
"""

import threading
from concurrent.futures import ThreadPoolExecutor, as_completed


def run_all(tasks, workers):
    errors = []
    with ThreadPoolExecutor(max_workers=workers) as pool:
        futures = [pool.submit(task) for task in tasks]
        for future in as_completed(futures):
            try:
                future.result()
            except Exception as error:
                errors.append(error)
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
