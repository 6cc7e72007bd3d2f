"""Kata 04: run a task in a thread, or in a process, and learn what became of it, whatever became of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
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


def run_in_thread(task: Callable[[], Any]) -> Outcome:
    """Call `task()` once in another thread of this process, wait for that thread's end, return what became of the task.

    Any exception of the task is told, `SystemExit` too: `error` then has the name of its type in it, ``"ValueError: no
    such thing"`` for example, also where the exception has no text. Nothing is raised here.

    Several threads may call this at once, and so may a task.

    Args:
        task: anything that can be called without arguments. It may return anything, also None, or an exception, and
            may take as long as it likes.
    """
    raise NotImplementedError


def run_in_process(task: Callable[[], Any]) -> Outcome:
    """Call `task()` once in another process, wait for that process's end, and return what became of the task.

    As in `run_in_thread`, and more can happen to a process. It is not ok, and `error` tells it in any words, if the
    process ends before there is a value, by a signal or by `os._exit`, even with exit code 0; and if the value can't be
    sent back because it can't be pickled. A task that raises `SystemExit` may be told by this name or by its exit code,
    and an exception that can't be pickled in any words. A value that has come is ok, however the process ends after it.

    This process lives on, and can call `run_in_process` again.

    Args:
        task: something to call without arguments that can be pickled. What it returns can be pickled in most cases, and
            may be large. It, too, may take as long as it likes. All that can be pickled can be loaded again.
    """
    raise NotImplementedError
