"""Makes a lambda in the loop that looks up `place` when it is called.

By then the loop is at its end, so the last task is done again and again and the others never (MISTAKES.md 4).

Fails: test_values_come_in_the_order_of_the_tasks
"""

import threading


def run_all(tasks, workers):
    if workers < 1:
        raise ValueError("workers must be at least 1")
    values, errors = [None] * len(tasks), {}
    gate = threading.Semaphore(workers)

    def work(place):
        with gate:
            try:
                values[place] = tasks[place]()
            except Exception as error:
                errors[place] = error

    threads = []
    for place in range(len(tasks)):
        threads.append(threading.Thread(target=lambda: work(place)))
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
