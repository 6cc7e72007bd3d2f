"""What runs beside the answer of kata 08: ints that note where they are squared, and things to be sent, or not."""

from __future__ import annotations

import contextlib
import functools
import multiprocessing
import os
import pickle
import socket
import sys
import threading
import time
from collections.abc import Callable
from multiprocessing.context import DefaultContext
from multiprocessing.process import BaseProcess
from types import ModuleType
from typing import Any

CPUS = 8
"""What this process is told it has, so that a pool that is not told how many is as large on every machine."""

defaults: list[str] = []
"""What the default start method was set to in the process that asks, once it is watched."""

started: set[str] = set()
"""The start methods of the processes that were started in the process that asks."""

marked = [False]
"""Set in the process that asks, so that a copy of its memory shows; who imports this file finds it not set."""


class Told(int):
    """An int that takes a while to be multiplied, and writes into the file `notes` in which process that is."""

    seconds = 0.0
    notes = ""

    def __reduce__(self) -> Any:
        return told, (int(self), self.seconds, self.notes)

    def note(self, what: str) -> None:
        """Write which process this is, and what the number meets here."""
        # One write to a file that is open for appending is one piece, whoever else writes.
        handle = os.open(self.notes, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.write(handle, f"{what} {os.getpid()} {os.getppid()} {int(marked[0])}\n".encode())
        os.close(handle)

    def __mul__(self, other: int) -> int:
        time.sleep(self.seconds)
        self.note("squared")
        return int(self) * int(other)

    __rmul__ = __mul__

    def __pow__(self, other: int, modulus: None = None) -> Any:
        time.sleep(self.seconds)
        self.note("squared")
        return int(self) ** int(other)


def told(value: int, seconds: float, notes: str) -> Told:
    """Return such an int."""
    made = Told(value)
    made.seconds, made.notes = seconds, notes
    if multiprocessing.parent_process() is not None:
        made.note("arrived")
    return made


class Watched(DefaultContext):  # type: ignore[misc, unused-ignore]
    """The program's default start method, which notes what it is set to."""

    def __setattr__(self, name: str, value: Any) -> None:
        super().__setattr__(name, value)
        if name == "_actual_context":
            value = value or self._default_context  # type: ignore[attr-defined, unused-ignore]
            defaults.append(value.get_start_method())


def watch() -> str:
    """Note from now on what the default start method is set to, and how processes are started; return the default."""
    before = multiprocessing.get_start_method()
    multiprocessing.context._default_context.__class__ = Watched  # type: ignore[attr-defined, unused-ignore]  # noqa: SLF001 - no other way to see it
    start = BaseProcess.start

    def starting(process: Any) -> None:
        start(process)
        started.add(process._popen.method)  # noqa: SLF001 - as above

    BaseProcess.start = starting  # type: ignore[method-assign]
    return before


def met(notes: str, what: str) -> list[tuple[int, int, bool]]:
    """Return the processes in which a number met `what`: pid, parent, and whether it is a copy of the one that asks."""
    with open(notes, "a+", encoding="ascii") as file:  # noqa: PTH123 - a plain path travels best
        file.seek(0)
        rows = [row.split() for row in file]
    return sorted({(int(pid), int(parent), mark == "1") for seen, pid, parent, mark in rows if seen == what})


FEW = 20
"""Up to so many numbers take a while to be multiplied."""


def all_told(numbers: list[int], notes: str) -> list[int]:
    """Return numbers that note in which process they are squared; of a few the first is ready last."""
    seconds = [0.3] + [0.04] * len(numbers) if len(numbers) <= FEW else [0.0] * len(numbers)
    return list(map(told, numbers, seconds, [notes] * len(numbers)))


def squares(answer: ModuleType, numbers: list[int], method: str) -> dict[str, Any]:
    """Call `square_all` and tell what it returned and left, who has squared, and how the processes were started."""
    notes = os.path.abspath("notes.txt")  # noqa: PTH100 - a plain path travels best
    before = watch()
    marked[0] = True
    os.sched_getaffinity = lambda _: set(range(CPUS))  # type: ignore[attr-defined, unused-ignore]
    for name in ("cpu_count", "process_cpu_count"):
        setattr(os, name, lambda: CPUS)
    given = all_told(numbers, notes)
    result = answer.square_all(given, method)
    return {
        "result": result,
        "still": len(multiprocessing.active_children()),
        "argument": list(map(int, given)),
        "squared": met(notes, "squared"),
        "arrived": met(notes, "arrived"),
        "started": sorted(started),
        "here": os.getpid(),
        "default": (before, multiprocessing.get_start_method(), sorted(set(defaults))),
    }


def squares_again(answer: ModuleType, numbers: list[int], method: str) -> list[int]:
    """Call `square_all` twice with the same numbers; tell how many processes were seen to square or get some."""
    found = []
    for name in ("once.txt", "again.txt"):
        notes = os.path.abspath(name)  # noqa: PTH100 - a plain path travels best
        answer.square_all(all_told(numbers, notes), method)
        found.append(len(met(notes, "squared") + met(notes, "arrived")))
    return found


def squarers(answer: ModuleType, numbers: list[int], method: str) -> list[list[int]]:
    """Call `square_all` twice with the same numbers; return the pids of those who squared, call for call."""
    found = []
    for name in ("once.txt", "again.txt"):
        notes = os.path.abspath(name)  # noqa: PTH100 - a plain path travels best
        answer.square_all(all_told(numbers, notes), method)
        found.append([pid for pid, _, _ in met(notes, "squared")])
    return found


def squares_of_large(answer: ModuleType, counts: list[int], bits: int, method: str) -> list[tuple[int, float, float]]:
    """Call `square_all` with so many plain ints of so many bits, count for count.

    Tell of each call the count, and two CPU times of this process in seconds: that of the call, and that which it needs
    to square the numbers itself.
    """
    found = []
    for count in counts:
        numbers = [(1 << bits) - 3 * count - place for place in range(count)]
        begin = time.process_time()
        max(number * number for number in numbers)
        between = time.process_time()
        answer.square_all(numbers, method)
        found.append((count, time.process_time() - between, between - begin))
    return found


def default_after_an_error(answer: ModuleType, method: str) -> tuple[str, str]:
    """Return the default start method before and after a call that is refused."""
    before = multiprocessing.get_start_method()
    with contextlib.suppress(Exception):
        answer.square_all([1, 2], method)
    return before, multiprocessing.get_start_method()


def default_while_asked(answer: ModuleType) -> tuple[str, list[str]]:
    """Return the default start method before `usable_methods`, and what it is meanwhile and afterwards."""
    before = watch()
    answer.usable_methods()
    return before, sorted({*defaults, multiprocessing.get_start_method()})


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


class Slotted:
    """An object without a dict."""

    __slots__ = ("item",)

    def __init__(self) -> None:
        self.item = 1


class OwnKind(Exception):
    """An exception that is none of Python's."""


class Refuses:
    """An object that raises something when it is written."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def __reduce__(self) -> Any:
        raise self._error


def _read_badly() -> Any:
    raise RuntimeError("not again")


class ReadsBadly:
    """An object that can be written, and raises when it is read."""

    def __reduce__(self) -> Any:
        return _read_badly, ()


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
    "an object with __slots__": Slotted,
    "a function at the top level": lambda: double,
    "a partial of one": lambda: functools.partial(double, 1),
    "len": lambda: len,
    "an exception": lambda: OneWord("plain"),
    "3,000,000 bytes": lambda: bytes(3_000_000),
    "a list with numbers in it": lambda: [1, 2],
    "a lambda": lambda: lambda: 1,
    "a function within a function": _inner,
    "a threading.Lock": threading.Lock,
    "a multiprocessing.Lock": multiprocessing.Lock,
    "a list with a lock in it": lambda: [1, threading.Lock()],
    "an object as before, with a lock in it": lambda: Plain(1, threading.Lock()),
    "a socket": lambda: socket.socketpair()[0],
    "an open file": lambda: open(os.devnull, "rb"),  # noqa: PTH123, SIM115 - an open file is the point
    "a generator": lambda: (n for n in range(3)),
    "a module": lambda: sys,
    "an exception whose __init__ takes two arguments and hands on one": lambda: TwoWords("a", "b"),
    **{
        f"an object that raises {type(error).__name__} when it is pickled": functools.partial(Refuses, error)
        for error in (pickle.PicklingError(), LookupError(), OwnKind(), StopIteration(), MemoryError())
    },
    "an object that raises RuntimeError when it is loaded": ReadsBadly,
    "a list nested 100,000 deep": _deep,
}


def sendable(answer: ModuleType, names: list[str]) -> list[tuple[str, Any, str]]:
    """Ask the answer about the things of these names: what it said, or "" and what it raised, as text."""
    found = []
    for name in names:
        thing = THINGS[name]()
        try:
            found.append((name, answer.is_sendable(thing), ""))
        except NotImplementedError:
            raise
        except Exception as error:  # noqa: BLE001 - that it raises is what is told
            found.append((name, None, f"{type(error).__name__}: {str(error)[:200]}".rstrip(" :")))
    return found


def protocols(answer: ModuleType, name: str) -> list[tuple[str, str]]:
    """Ask the answer about the thing of this name: of each pickle.dumps the protocol, and what it raised, as text."""
    seen = []
    known = pickle.dumps

    def dumps(obj: Any, protocol: int | None = None, **named: Any) -> bytes:
        raised = ""
        try:
            return known(obj, protocol, **named)
        except Exception as error:
            raised = f"{type(error).__name__}: {str(error)[:200]}"
            raise
        finally:
            seen.append(("no protocol" if protocol is None else f"protocol {protocol}", raised))

    thing = THINGS[name]()
    pickle.dumps = dumps  # type: ignore[assignment]
    try:
        answer.is_sendable(thing)
    finally:
        pickle.dumps = known
    return seen
