"""Forks, and waits for the child by `waitpid` before it reads the pipe.

As with `Popen(stdout=PIPE)` and `wait()`, a full pipe keeps the child from ending (MISTAKES.md, 33).

Fails: test_values_come_back_from_a_process
"""

import os
import pickle
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
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            try:
                data = pickle.dumps((True, task(), ""))
            except BaseException as error:
                data = pickle.dumps((False, None, repr(error)))
            with os.fdopen(write, "wb") as file:
                file.write(data)
        finally:
            os._exit(0)
    os.close(write)
    os.waitpid(pid, 0)
    with os.fdopen(read, "rb") as file:
        data = file.read()
    if not data:
        return Outcome(False, None, "the process died")
    return Outcome(*pickle.loads(data))
