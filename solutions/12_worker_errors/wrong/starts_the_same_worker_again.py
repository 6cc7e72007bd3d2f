"""Gives the next task to a thread that has ended, and starts it again.

A thread can be started once; the second `start()` is a RuntimeError (MISTAKES.md 6).

Fails: test_values_come_in_the_order_of_the_tasks
"""

import threading


class Worker(threading.Thread):
    def run(self):
        try:
            self.values[self.place] = self.task()
        except Exception as error:
            self.errors[self.place] = error


def run_all(tasks, workers):
    if workers < 1:
        raise ValueError("workers must be at least 1")
    values, errors = [None] * len(tasks), {}
    threads = [Worker() for _ in range(workers)]
    for place, task in enumerate(tasks):
        thread = threads[place % workers]
        if thread.is_alive():
            thread.join()
        thread.values, thread.errors, thread.place, thread.task = values, errors, place, task
        thread.start()
    for thread in threads[: len(tasks)]:
        thread.join()
    if errors:
        raise ExceptionGroup("tasks failed", [errors[place] for place in sorted(errors)])
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
