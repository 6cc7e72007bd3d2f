"""The reference for kata 04."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import Pipe, Process
from threading import Thread
from typing import Any


@dataclass(frozen=True)
class Outcome:
    """What became of a task (given: leave it as it is).

    Attributes:
        ok: whether the task returned.
        value: what it returned; None if it did not.
        error: ``""`` if it returned; else what happened instead, never empty.
    """

    ok: bool
    value: Any
    error: str


def outcome_of(task: Callable[[], Any]) -> Outcome:
    """Call `task` here and return what became of it."""
    try:
        return Outcome(ok=True, value=task(), error="")
    except BaseException as error:  # noqa: BLE001 - SystemExit is no Exception
        return failed(error)


def failed(error: BaseException) -> Outcome:
    """Return the outcome of what raised `error`; the type's name is there where the text is empty."""
    return Outcome(ok=False, value=None, error=f"{type(error).__name__}: {error}")


def run_in_thread(task: Callable[[], Any]) -> Outcome:
    """Call `task()` in another thread and return what became of it."""
    outcomes: list[Outcome] = []
    thread = Thread(target=lambda: outcomes.append(outcome_of(task)))
    thread.start()
    thread.join()
    return outcomes[0]


def work(task: Callable[[], Any], sender: Any) -> None:
    """Call `task` in the child and send what became of it."""
    try:
        sender.send(outcome_of(task))
    except Exception as error:  # noqa: BLE001 - whatever pickling the value raises; nothing has been sent then
        sender.send(failed(error))


def run_in_process(task: Callable[[], Any]) -> Outcome:
    """Call `task()` in another process and return what became of it."""
    receiver, sender = Pipe(duplex=False)
    process = Process(target=work, args=(task, sender))
    process.start()
    # The child has its own. While we hold one too, the pipe never ends, and a child that died would be waited for.
    sender.close()
    with receiver:
        outcome = received(receiver)
    process.join()  # after recv: a child with a large value does not end before it is read
    return outcome or Outcome(ok=False, value=None, error=f"no value came; exit code {process.exitcode}")


def received(receiver: Any) -> Outcome | None:
    """Return what the child sent, None if it ended before that."""
    try:
        outcome: Outcome = receiver.recv()
    except EOFError:
        return None
    except Exception as error:  # noqa: BLE001 - a value that can be pickled and not be loaded raises what it likes
        return failed(error)
    return outcome
