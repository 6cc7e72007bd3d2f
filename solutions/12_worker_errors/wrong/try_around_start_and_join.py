"""Puts `try` around `start` and `join`.

They raise nothing: the error is in the other thread, and ends it (MISTAKES.md 8).

Fails: test_errors_come_as_one_group
"""

import threading


def run_all(tasks, workers):
    if workers < 1:
        raise ValueError("workers must be at least 1")
    values = [None] * len(tasks)
    errors = []
    gate = threading.Semaphore(workers)

    def work(place, task):
        with gate:
            values[place] = task()

    try:
        threads = [threading.Thread(target=work, args=pair) for pair in enumerate(tasks)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
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
