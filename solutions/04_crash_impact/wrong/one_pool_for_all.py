"""Keeps one pool for all tasks.

When a worker has died the pool is broken, and stays so.

Fails: test_the_death_of_a_process_is_told
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


pool = None


def run_in_process(task):
    global pool
    if pool is None:
        pool = ProcessPoolExecutor(max_workers=1)
    try:
        return Outcome(True, pool.submit(task).result(), "")
    except BaseException as error:
        return Outcome(False, None, repr(error))
