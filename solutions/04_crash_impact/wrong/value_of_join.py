"""Takes what `join` returns for the task's value.

`start` and `join` return None (MISTAKES.md, 7).

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
        thread = threading.Thread(target=task)
        thread.start()
        value = thread.join()
        return Outcome(True, value, "")
    except BaseException as error:
        return Outcome(False, None, repr(error))


def run_in_process(task):
    with ProcessPoolExecutor(max_workers=1) as pool:
        try:
            return Outcome(True, pool.submit(task).result(), "")
        except BaseException as error:
            return Outcome(False, None, repr(error))
