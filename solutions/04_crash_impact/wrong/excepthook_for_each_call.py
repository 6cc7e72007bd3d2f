"""Sets `threading.excepthook` for each call, and puts back what was there.

There is one for all threads: while two calls go on, what one task raises is told to the other call, or to neither.

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
    seen = {}

    def hook(told):
        seen["error"] = told.exc_type.__name__

    def call():
        seen["value"] = task()

    before = threading.excepthook
    threading.excepthook = hook
    try:
        thread = threading.Thread(target=call)
        thread.start()
        thread.join()
    finally:
        threading.excepthook = before
    if "value" in seen:
        return Outcome(True, seen["value"], "")
    return Outcome(False, None, seen["error"])


def run_in_process(task):
    with ProcessPoolExecutor(max_workers=1) as pool:
        try:
            return Outcome(True, pool.submit(task).result(), "")
        except BaseException as error:
            return Outcome(False, None, repr(error))
