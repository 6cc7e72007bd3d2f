"""Sends either the value or the exception, and tells them apart by their type.

A task may return an exception without raising it.

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
        result = task()
    except BaseException as error:
        result = error
    try:
        sender.send(result)
    except Exception as error:
        sender.send(error)


def run_in_process(task):
    receiver, sender = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.Process(target=work, args=(task, sender))
    process.start()
    sender.close()
    try:
        result = receiver.recv()
    except EOFError:
        result = RuntimeError("the process died")
    process.join()
    if isinstance(result, BaseException):
        return Outcome(False, None, repr(result))
    return Outcome(True, result, "")
