"""Calls the task where it should be handed over.

It runs in the calling thread, and the thread has nothing to do (MISTAKES.md, 1).

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
    try:
        value = task()
        thread = threading.Thread(target=lambda: value)
        thread.start()
        thread.join()
        return Outcome(True, value, "")
    except BaseException as error:
        return Outcome(False, None, repr(error))


def run_in_process(task):
    with ProcessPoolExecutor(max_workers=1) as pool:
        try:
            return Outcome(True, pool.submit(task).result(), "")
        except BaseException as error:
            return Outcome(False, None, repr(error))
