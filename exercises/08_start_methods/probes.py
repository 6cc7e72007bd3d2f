"""What runs beside the answer of kata 08: ints that note where they are squared, and things to be sent, or not."""

from __future__ import annotations

import contextlib
import functools
import multiprocessing
import os
import pickle
import sys
import threading
import time
from collections.abc import Callable
from types import ModuleType
from typing import Any

CPUS = 8
"""What this process is told it has, so that a pool that is not told how many is as large on every machine."""

defaults: list[str] = []
"""The default start methods that were seen in the process that asks, when a number was sent from it."""

marked = [False]
"""Set in the process that asks, so that a copy of its memory shows; who imports this file finds it not set."""


class Told(int):
    """An int that takes a while to be multiplied, and writes into the file `notes` in which process that is."""

    seconds = 0.0
    notes = ""

    def __reduce__(self) -> Any:
        if multiprocessing.parent_process() is None:
            defaults.append(multiprocessing.get_start_method())
        return told, (int(self), self.seconds, self.notes)

    def _note(self) -> None:
        time.sleep(self.seconds)
        # One write to a file that is open for appending is one piece, whoever else writes.
        handle = os.open(self.notes, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.write(handle, f"{os.getpid()} {os.getppid()} {int(marked[0])}\n".encode())
        os.close(handle)

    def __mul__(self, other: int) -> int:
        self._note()
        return int(self) * int(other)

    __rmul__ = __mul__

    def __pow__(self, other: int, modulus: None = None) -> Any:
        self._note()
        return int(self) ** int(other)


def told(value: int, seconds: float, notes: str) -> Told:
    """Return such an int."""
    made = Told(value)
    made.seconds, made.notes = seconds, notes
    return made


def squares(answer: ModuleType, numbers: list[int], method: str) -> dict[str, Any]:
    """Call `square_all` and tell what it returned, who has squared, and the default start method before and after."""
    notes = os.path.abspath("notes.txt")  # noqa: PTH100 - a plain path travels best
    before = multiprocessing.get_start_method()
    marked[0] = True
    os.sched_getaffinity = lambda _: set(range(CPUS))  # type: ignore[attr-defined, unused-ignore]
    for name in ("cpu_count", "process_cpu_count"):
        setattr(os, name, lambda: CPUS)
    seconds = [0.3] + [0.04] * len(numbers)  # the first is ready last
    result = answer.square_all(list(map(told, numbers, seconds, [notes] * len(numbers))), method)
    with open(notes, "a+", encoding="ascii") as file:  # noqa: PTH123 - as above
        file.seek(0)
        rows = [row.split() for row in file]
    return {
        "result": result,
        "squared": sorted({(int(pid), int(parent), mark == "1") for pid, parent, mark in rows}),
        "here": os.getpid(),
        "default": (before, multiprocessing.get_start_method(), sorted(set(defaults))),
    }


def default_after_an_error(answer: ModuleType, method: str) -> tuple[str, str]:
    """Return the default start method before and after a call that is refused."""
    before = multiprocessing.get_start_method()
    with contextlib.suppress(ValueError):
        answer.square_all([1, 2], method)
    return before, multiprocessing.get_start_method()


class Plain:
    """An object as many."""

    def __init__(self, *items: Any) -> None:
        self.items = items


class TwoWords(Exception):
    """An exception that can be written and not read: it is made again with one argument in place of two."""

    def __init__(self, first: str, second: str) -> None:
        super().__init__(f"{first} {second}")


class OneWord(Exception):
    """An exception that can be written and read."""


class Refuses:
    """An object that raises something unusual when it is written."""

    def __reduce__(self) -> Any:
        raise LookupError("not me")


def _read_badly() -> Any:
    raise RuntimeError("not again")


class ReadsBadly:
    """An object that can be written, and raises when it is read."""

    def __reduce__(self) -> Any:
        return _read_badly, ()


class RaisesPicklingError:
    """An object that raises what pickle has for what can't be pickled."""

    def __reduce__(self) -> Any:
        raise pickle.PicklingError("not this one")


def double(number: int) -> int:
    """Return twice the number."""
    return 2 * number


def _inner() -> Callable[[], int]:
    def inner() -> int:
        return 1

    return inner


def _deep() -> list[Any]:
    nested: list[Any] = []
    for _ in range(100_000):
        nested = [nested]
    return nested


THINGS: dict[str, Callable[[], Any]] = {
    "42": lambda: 42,
    "None": lambda: None,
    "a dict of lists": lambda: {"a": [1, 2.5, (None, b"x")], "b": {1, 2}},
    "an object of a class at the top level": lambda: Plain(1, [2]),
    "a function at the top level": lambda: double,
    "a partial of one": lambda: functools.partial(double, 1),
    "len": lambda: len,
    "an exception": lambda: OneWord("plain"),
    "a lambda": lambda: lambda: 1,
    "a function within a function": _inner,
    "a threading.Lock": threading.Lock,
    "a multiprocessing.Lock": multiprocessing.Lock,
    "a list with a lock in it": lambda: [1, threading.Lock()],
    "an open file": lambda: open(os.devnull, "rb"),  # noqa: PTH123, SIM115 - an open file is the point
    "a generator": lambda: (n for n in range(3)),
    "a module": lambda: sys,
    "an exception whose __init__ takes two arguments and hands on one": lambda: TwoWords("a", "b"),
    "an object that raises LookupError when it is pickled": Refuses,
    "an object that raises RuntimeError when it is loaded": ReadsBadly,
    "a list nested 100,000 deep": _deep,
    "an object that raises PicklingError when it is pickled": RaisesPicklingError,
}


def sendable(answer: ModuleType, name: str) -> Any:
    """Ask the answer about the thing of that name."""
    return answer.is_sendable(THINGS[name]())
