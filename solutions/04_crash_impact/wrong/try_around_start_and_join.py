"""Puts the `try` around `start` and `join`, where nothing is raised.

The exception belongs to the thread, and ends it alone (MISTAKES.md, 8).

Fails: test_exceptions_are_told
"""

import threading
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Outcome:
    ok: bool
    value: Any
    error: str


def run_in_thread(task):
    result = [None]

    def work():
        result[0] = task()

    try:
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
        return Outcome(True, result[0], "")
    except BaseException as error:
        return Outcome(False, None, repr(error))


def run_in_process(task):
    with ProcessPoolExecutor(max_workers=1) as pool:
        try:
            return Outcome(True, pool.submit(task).result(), "")
        except BaseException as error:
            return Outcome(False, None, repr(error))
