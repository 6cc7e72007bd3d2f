"""Catches `Exception`, which SystemExit is not.

The thread ends silently, and no value is taken for the value None.

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
    result = {"value": None, "error": ""}

    def work():
        try:
            result["value"] = task()
        except Exception as error:
            result["error"] = repr(error)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    return Outcome(result["error"] == "", result["value"], result["error"])


def run_in_process(task):
    with ProcessPoolExecutor(max_workers=1) as pool:
        try:
            return Outcome(True, pool.submit(task).result(), "")
        except BaseException as error:
            return Outcome(False, None, repr(error))
