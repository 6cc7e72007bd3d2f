"""Calls `run()` on its threads, which is an ordinary call.

All is done in the calling thread, one after the other (MISTAKES.md 5).

Fails: test_as_many_at_once_as_workers
"""

import threading


class Worker(threading.Thread):
    def __init__(self, task):
        super().__init__()
        self.task, self.value, self.error = task, None, None

    def run(self):
        try:
            self.value = self.task()
        except Exception as error:
            self.error = error


def run_all(tasks, workers):
    if workers < 1:
        raise ValueError("workers must be at least 1")
    threads = [Worker(task) for task in tasks]
    for thread in threads:
        thread.run()
    errors = [thread.error for thread in threads if thread.error]
    if errors:
        raise ExceptionGroup("tasks failed", errors)
    return [thread.value for thread in threads]


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
