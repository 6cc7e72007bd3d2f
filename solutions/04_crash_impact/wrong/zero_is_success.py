"""Takes exit code 0 for success.

`os._exit(0)` ends with it, too, and there is no value.

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
    sender.close()
    try:
        outcome = receiver.recv()
    except EOFError:
        outcome = None
    process.join()
    if outcome is None:
        text = f"exit code {process.exitcode}" if process.exitcode else ""
        outcome = Outcome(process.exitcode == 0, None, text)
    return outcome
