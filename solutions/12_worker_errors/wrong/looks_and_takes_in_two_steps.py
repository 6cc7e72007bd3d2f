"""Lets the workers share a number: which task is next.

To read it and to set it are two steps, and two workers may read the same (MISTAKES.md 9).

Fails: test_no_task_is_lost_in_any_order
"""

import threading


def run_all(tasks, workers):
    if workers < 1:
        raise ValueError("workers must be at least 1")
    values, errors, exits = [None] * len(tasks), {}, []
    following = 0

    def work():
        nonlocal following
        while following < len(tasks):
            place = following
            following += 1
            try:
                values[place] = tasks[place]()
            except Exception as error:
                errors[place] = error
            except SystemExit as error:
                exits.append(error)

    threads = [threading.Thread(target=work) for _ in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if exits:
        raise exits[0]
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
