"""Catches `Exception` around `result`, which raises the SystemExit of the task.

So a task that leaves takes the caller with it.

Fails: test_who_leaves_has_not_returned
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
    result = []

    def work():
        try:
            result.append(Outcome(True, task(), ""))
        except BaseException as error:
            result.append(Outcome(False, None, repr(error)))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    return result[0]


def run_in_process(task):
    with ProcessPoolExecutor(max_workers=1) as pool:
        try:
            return Outcome(True, pool.submit(task).result(), "")
        except Exception as error:
            return Outcome(False, None, repr(error))
