"""Asks whether the value is true, where it means whether there is one.

So 0, an empty text and an empty list come back as None.

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
    result = {}

    def work():
        try:
            result["value"] = task()
        except BaseException as error:
            result["error"] = repr(error)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    if result.get("error"):
        return Outcome(False, None, result["error"])
    return Outcome(True, result.get("value") or None, "")


def run_in_process(task):
    with ProcessPoolExecutor(max_workers=1) as pool:
        try:
            return Outcome(True, pool.submit(task).result(), "")
        except BaseException as error:
            return Outcome(False, None, repr(error))
