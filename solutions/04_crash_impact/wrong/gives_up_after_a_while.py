"""Waits for the result of a process for twenty seconds, which "must be enough".

A task that takes longer has an outcome all the same: that it failed.

Fails: test_values_come_back_from_a_process
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


def run_in_thread(task):
    outcomes = []
    thread = threading.Thread(target=lambda: outcomes.append(outcome_of(task)))
    thread.start()
    thread.join()
    return outcomes[0]


def run_in_process(task):
    with ProcessPoolExecutor(max_workers=1) as pool:
        try:
            return Outcome(True, pool.submit(task).result(timeout=20), "")
        except BaseException as error:
            return Outcome(False, None, repr(error))
