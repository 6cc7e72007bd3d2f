"""Takes None for a failure.

A task that returns nothing has returned all the same.

Fails: test_values_come_back_from_a_thread
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
            value = task()
            result.append(Outcome(value is not None, value, "" if value is not None else "no value"))
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
        except BaseException as error:
            return Outcome(False, None, repr(error))
