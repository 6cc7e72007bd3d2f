"""Believes the exit code more than the value.

A process may end badly after it has sent what the task returned.

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


def work(task, sender):
    try:
        sender.send(outcome_of(task))
    except Exception as error:
        sender.send(Outcome(False, None, repr(error)))


def run_in_process(task):
    receiver, sender = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.Process(target=work, args=(task, sender))
    process.start()
    sender.close()
    try:
        outcome = receiver.recv()
    except EOFError:
        outcome = Outcome(False, None, "the process ended without a value")
    process.join()
    if process.exitcode != 0:
        return Outcome(False, None, f"exit code {process.exitcode}")
    return outcome
