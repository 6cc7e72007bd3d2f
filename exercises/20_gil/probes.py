"""What runs beside the answer of kata 20: its calls of `count_primes` are looked at, and the threads that it makes."""

from __future__ import annotations

import functools
import os
import sys
import threading
from types import ModuleType
from typing import Any


def counts(answer: ModuleType, limits: list[int]) -> list[Any]:
    """Return what `count_primes` gives for each limit."""
    return [answer.count_primes(limit) for limit in limits]


def threads_made(answer: ModuleType, limits: list[int]) -> int:
    """Return how many Thread objects `with_threads` makes, begun or not."""
    made = []
    make = threading.Thread.__init__

    def noted(self: threading.Thread, *args: Any, **kwargs: Any) -> None:
        made.append(self)
        make(self, *args, **kwargs)

    threading.Thread.__init__ = noted
    try:
        answer.with_threads(limits)
    finally:
        threading.Thread.__init__ = make
    return len(made)


def calls_here(answer: ModuleType, limits: list[int]) -> list[str]:
    """Return the calls of `count_primes` that `with_processes` makes in this process, each with its line."""
    calls, here, count = [], os.getpid(), answer.count_primes

    @functools.wraps(count)  # so it can be pickled: it goes by the name, and has it
    def noted(limit: int) -> Any:
        if os.getpid() == here:
            calls.append(f"count_primes({limit}) in line {sys._getframe(1).f_lineno}")  # noqa: SLF001 - the caller's line
        return count(limit)

    vars(answer)["count_primes"] = noted
    try:
        answer.with_processes(limits)
    finally:
        vars(answer)["count_primes"] = count
    return calls
