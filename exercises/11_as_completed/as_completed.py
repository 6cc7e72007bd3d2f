"""Kata 11: results in the order in which they come."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any


def first_success(jobs: Sequence[Callable[[], Any]], timeout: float) -> Any:
    """Begin all `jobs` at once and return the value of the first that succeeds, as soon as it is there.

    Each job has a thread of its own from the start, however many there are. To succeed is to return, whatever the
    value is, None too. To fail is to raise an `Exception`, whichever it is. The other jobs are not waited for: they may
    run on. When the last has ended, so have the threads that were begun here. `jobs` is left as it was.

    Args:
        jobs: at least one; they take no argument.
        timeout: seconds for the whole call, more than 0.

    Raises:
        ValueError: if there are no jobs.
        TimeoutError: when `timeout` seconds have passed, no job has succeeded yet, and some have not ended. They are
            not waited for.
        Exception: if all jobs failed, as soon as that is known: the exception itself that came last (told apart where
            that was clearly later).
    """
    raise NotImplementedError


def gather(jobs: Sequence[Callable[[], Any]], workers: int) -> tuple[list[Any], list[Exception]]:
    """Do all `jobs`, up to `workers` at once and never more, and return what came of them.

    As long as there are jobs enough, `workers` of them are under way: who is done takes the next. A job that fails
    keeps no other from being done. When this returns, all have ended, and so have the threads. `jobs` is left
    as it was.

    Args:
        jobs: any number; they take no argument.
        workers: at least 1.

    Returns:
        A tuple of two lists: the values of the jobs that returned, whatever they are, and the exceptions themselves of
        those that raised. Each is in the order in which these jobs ended (told apart where that was clearly not the
        same moment).

    Raises:
        ValueError: if `workers` is less than 1.
    """
    raise NotImplementedError
