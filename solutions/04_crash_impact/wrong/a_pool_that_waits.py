"""Takes a `multiprocessing.Pool`, which waits for ever when a worker dies.

It starts another worker, and forgets what the dead one was doing (MISTAKES.md, 34). A task that leaves ends the worker, too.

Fails: test_the_death_of_a_process_is_told
"""

import multiprocessing
import threading
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
    with multiprocessing.Pool(1) as pool:
        try:
            return Outcome(True, pool.apply(task), "")
        except BaseException as error:
            return Outcome(False, None, repr(error))
