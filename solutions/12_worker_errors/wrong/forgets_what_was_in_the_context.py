"""Sets `__context__` of the block's exception, and so drops the one that stood there.

That one says what was being handled when the block raised.

Fails: test_an_exception_of_the_block_goes_on
"""

import threading
from concurrent.futures import ThreadPoolExecutor


def run_all(tasks, workers):
    with ThreadPoolExecutor(workers) as pool:
        futures = [pool.submit(task) for task in tasks]
    values, errors = [], []
    for future in futures:
        try:
            values.append(future.result())
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
        error.__context__ = group


def watch_threads():
    return Watch()
