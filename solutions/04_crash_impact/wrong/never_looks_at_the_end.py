"""Doesn't look at how the process has ended.

Where nothing came, all is taken to be well (MISTAKES.md, 37).

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


def work(task, shared):
    try:
        shared["value"] = task()
    except BaseException as error:
        shared["error"] = repr(error)


def run_in_process(task):
    with multiprocessing.Manager() as manager:
        shared = manager.dict(value=None, error="")
        process = multiprocessing.Process(target=work, args=(task, shared))
        process.start()
        process.join()
        return Outcome(shared["error"] == "", shared["value"], shared["error"])
