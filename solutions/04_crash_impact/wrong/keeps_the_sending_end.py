"""Doesn't close its own sending end of the pipe.

While somebody holds one, `recv` waits, also for a child that has died.

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
    try:
        outcome = receiver.recv()
    except EOFError:
        outcome = Outcome(False, None, "the process died")
    process.join()
    return outcome
