"""Catches `Exception` in plain threads, and nothing looks after a SystemExit.

It ends the thread without a word, and the caller gets None for a value.

Fails: test_system_exit_is_raised_when_all_have_ended
"""

import threading


def run_all(tasks, workers):
    if workers < 1:
        raise ValueError("workers must be at least 1")
    values, errors = [None] * len(tasks), {}
    gate = threading.Semaphore(workers)

    def work(place, task):
        with gate:
            try:
                values[place] = task()
            except Exception as error:
                errors[place] = error

    threads = [threading.Thread(target=work, args=pair) for pair in enumerate(tasks)]
    for thread in threads:
        thread.start()
    for thread in threads:
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
