"""Keeps the outcome in a global.

With two calls at once the second overwrites what the first has not yet read.

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


def outcome_of(task):
    try:
        return Outcome(True, task(), "")
    except BaseException as error:
        return Outcome(False, None, repr(error))


outcome = None


def keep_outcome_of(task):
    global outcome
    outcome = outcome_of(task)


def run_in_thread(task):
    thread = threading.Thread(target=keep_outcome_of, args=(task,))
    thread.start()
    thread.join()
    return outcome


def run_in_process(task):
    with ProcessPoolExecutor(max_workers=1) as pool:
        try:
            return Outcome(True, pool.submit(task).result(), "")
        except BaseException as error:
            return Outcome(False, None, repr(error))
