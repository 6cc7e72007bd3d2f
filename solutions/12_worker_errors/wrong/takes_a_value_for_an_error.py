"""Lets a task's exception stand in for its value, and tells the two apart by `isinstance`.

A task may *return* an exception; then nothing has failed.

Fails: test_values_come_in_the_order_of_the_tasks
"""

import threading
from concurrent.futures import ThreadPoolExecutor


def caught(task):
    try:
        return task()
    except Exception as error:
        return error


def run_all(tasks, workers):
    with ThreadPoolExecutor(max_workers=workers) as pool:
        results = list(pool.map(caught, tasks))
    errors = [result for result in results if isinstance(result, Exception)]
    if errors:
        raise ExceptionGroup("tasks failed", errors)
    return results


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
