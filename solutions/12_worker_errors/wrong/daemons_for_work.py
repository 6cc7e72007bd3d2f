"""Starts daemon threads, and waits until one has failed or all are done.

When the group is raised the others are still at work, and are cut off when the program ends (MISTAKES.md 19).

Fails: test_errors_come_as_one_group
"""

import threading


def run_all(tasks, workers):
    if workers < 1:
        raise ValueError("workers must be at least 1")
    values, errors = [None] * len(tasks), []
    gate = threading.Semaphore(workers)
    over = threading.Event()
    done = []

    def work(place, task):
        with gate:
            try:
                values[place] = task()
            except Exception as error:
                errors.append(error)
                over.set()
            done.append(place)
            if len(done) == len(tasks):
                over.set()

    for place, task in enumerate(tasks):
        threading.Thread(target=work, args=(place, task), daemon=True).start()
    if tasks:
        over.wait()
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
