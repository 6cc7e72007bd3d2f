"""Catches what the block raises.

The threads' errors are not raised in the block, nor anywhere in this thread (MISTAKES.md 8).

Fails: test_watch_tells_what_ended_threads
"""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager


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


@contextmanager
def watch_threads():
    try:
        yield
    except Exception as error:
        raise ExceptionGroup("threads failed", [error])
