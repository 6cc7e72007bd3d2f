"""Waits for the process before it reads what the process has sent.

A small value fits into the pipe. With a large one the child can't end before somebody reads (MISTAKES.md, 28).

Fails: test_values_come_back_from_a_process
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


def work(task, sender):
    try:
        outcome = Outcome(True, task(), "")
    except BaseException as error:
        outcome = Outcome(False, None, repr(error))
    try:
        sender.send(outcome)
    except Exception as error:
        sender.send(Outcome(False, None, repr(error)))


def run_in_process(task):
    receiver, sender = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.Process(target=work, args=(task, sender))
    process.start()
    sender.close()
    process.join()
    try:
        outcome = receiver.recv()
    except EOFError:
        outcome = Outcome(False, None, "the process died")
    return outcome
