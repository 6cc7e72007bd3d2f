"""Sends the outcome by a Queue, which pickles in a thread of its own.

What can't be pickled is a traceback on the child's stderr. At best the word "done", put after it, comes through; the parent
takes that, and the lack of any message as well, for the value None.

Fails: test_a_value_that_cannot_be_sent_is_told
"""

import multiprocessing
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


def work(task, channel):
    try:
        outcome = Outcome(True, task(), "")
    except BaseException as error:
        outcome = Outcome(False, None, repr(error))
    channel.put(outcome)
    channel.put("done")


def run_in_process(task):
    channel = multiprocessing.Queue()
    process = multiprocessing.Process(target=work, args=(task, channel))
    process.start()
    outcome = None
    while outcome is None:
        ended = not process.is_alive()  # asked first: what it sent before its end is there by then
        try:
            outcome = channel.get(timeout=1.0 if ended else 0.2)
        except queue.Empty:
            if ended and process.exitcode != 0:
                outcome = Outcome(False, None, f"the process died, exit code {process.exitcode}")
            elif ended:
                outcome = "done"
    if outcome == "done":
        outcome = Outcome(True, None, "")
    process.join()
    return outcome
