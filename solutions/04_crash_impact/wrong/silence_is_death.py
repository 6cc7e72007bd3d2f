"""Waits for a while, and takes silence for a death.

A task may take longer than anybody has thought (MISTAKES.md, 22 and 24).

Fails: test_values_come_back_from_a_process
"""

import multiprocessing
import pickle
import queue
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


def work(task, results):
    try:
        outcome = Outcome(True, task(), "")
    except BaseException as error:
        outcome = Outcome(False, None, repr(error))
    try:
        pickle.dumps(outcome)
    except Exception as error:
        outcome = Outcome(False, None, repr(error))
    results.put(outcome)


def run_in_process(task):
    results = multiprocessing.Queue()
    process = multiprocessing.Process(target=work, args=(task, results))
    process.start()
    try:
        outcome = results.get(timeout=2)
    except queue.Empty:
        outcome = Outcome(False, None, "the process died")
    process.join()
    return outcome
