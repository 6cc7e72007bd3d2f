"""Catches what the task raises, returns it, and takes each exception that comes back for a failure.

A task may return an exception without raising it. Here a thread does; the process is done right.

Fails: test_values_come_back_from_a_thread
"""

from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Outcome:
    ok: bool
    value: Any
    error: str


def attempt(task):
    try:
        return task()
    except BaseException as error:
        return error


def run_in_thread(task):
    with ThreadPoolExecutor(max_workers=1) as pool:
        result = pool.submit(attempt, task).result()
    if isinstance(result, BaseException):
        return Outcome(False, None, repr(result))
    return Outcome(True, result, "")


def run_in_process(task):
    with ProcessPoolExecutor(max_workers=1) as pool:
        try:
            return Outcome(True, pool.submit(task).result(), "")
        except BaseException as error:
            return Outcome(False, None, repr(error))
