"""Counts in `run_all` how many tasks are under way: `+= 1` where one is started, `-= 1` where one ends.

Each reads, adds and writes. What one thread writes between another's reading and writing is lost, and then there is room for one too many, or too few.

Fails: test_no_task_is_lost_in_any_order
"""

import threading
import time


def run_all(tasks, workers):
    if workers < 1:
        raise ValueError("workers must be at least 1")
    values, errors = [None] * len(tasks), {}
    under_way = 0

    def work(place, task):
        nonlocal under_way
        try:
            values[place] = task()
        except BaseException as error:
            errors[place] = error
        under_way -= 1

    threads = []
    for place, task in enumerate(tasks):
        while under_way >= workers:
            time.sleep(0.001)
        under_way += 1
        threads.append(threading.Thread(target=work, args=(place, task)))
        threads[-1].start()
    for thread in threads:
        thread.join()
    found = [errors[place] for place in sorted(errors)]
    for error in found:
        if not isinstance(error, Exception):
            raise error
    if found:
        raise ExceptionGroup("tasks failed", found)
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
