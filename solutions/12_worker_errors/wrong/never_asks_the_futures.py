"""Lets the tasks store their values and never asks a future for its result.

What a task raises stays in its future, and nobody ever hears of it (MISTAKES.md 20).

Fails: test_errors_come_as_one_group
"""

import threading
from concurrent.futures import ThreadPoolExecutor


def run_all(tasks, workers):
    values = [None] * len(tasks)

    def work(place, task):
        values[place] = task()

    with ThreadPoolExecutor(max_workers=workers) as pool:
        for place, task in enumerate(tasks):
            pool.submit(work, place, task)
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
