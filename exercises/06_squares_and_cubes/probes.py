"""What runs beside the answer of kata 06: notes of its clocks, of its waits for processes, and of who prints when."""

from __future__ import annotations

import concurrent.futures
import contextlib
import functools
import inspect
import multiprocessing.connection
import multiprocessing.pool
import multiprocessing.queues
import os
import runpy
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import ModuleType
from typing import Any

CLOCKS = ("perf_counter", "monotonic", "time", "process_time", "thread_time")
"""The clocks of `time`; each has a twin that tells whole nanoseconds."""

MOST = 100
"""How many steps are told: whoever looks again and again takes them without end."""

RECEIVING = (
    (multiprocessing.queues.Queue, "get"),
    (multiprocessing.queues.SimpleQueue, "get"),
    (multiprocessing.connection.Connection, "recv"),
    (multiprocessing.pool.Pool, "map"),
    (multiprocessing.pool.ApplyResult, "get"),
    (concurrent.futures.Future, "result"),
)
"""By which a parent receives what a child has sent or returned."""


def steps(answer: ModuleType, delay: str) -> list[tuple[str, int]]:
    """Run the answer as a script, with `delay` as its argument.

    Returns:
        What the parent did, in this order, and in which line: the names of clocks that it read, "start" and "join".
        What it did again and again is told once, and only the first `MOST` are.
    """
    seen: list[tuple[str, int]] = []

    def noted(holder: Any, name: str, told: str) -> Callable[..., Any]:
        method = getattr(holder, name)

        def called(*args: Any, **kwargs: Any) -> Any:
            asker: Any = inspect.currentframe().f_back  # type: ignore[union-attr]
            step = told, asker.f_lineno
            if asker.f_code.co_filename == answer.__file__ and len(seen) < MOST and seen[-1:] != [step]:
                seen.append(step)
            return method(*args, **kwargs)

        return called

    for clock in (*CLOCKS, *(f"{clock}_ns" for clock in CLOCKS)):
        setattr(time, clock, noted(time, clock, f"time.{clock}"))
    for name in ("start", "join"):
        setattr(BaseProcess, name, noted(BaseProcess, name, name))
    file = str(answer.__file__)
    sys.argv = [file, delay]
    runpy.run_path(file, run_name="__main__")
    return seen


def sleeps(answer: ModuleType, delay: str) -> list[tuple[str, list[float]]]:
    """Run the answer as a script, with `delay` as its argument.

    Returns:
        For each process that printed lines or slept the first word that it printed, and for how long it slept each time
        by `time.sleep`, as far as it is this one or a fork.
    """
    handle, path = tempfile.mkstemp()
    os.close(handle)
    parent, sleep = os.getpid(), time.sleep

    @functools.wraps(sleep)
    def noted(seconds: float) -> None:
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(f"{os.getpid()} sleep {float(seconds)!r}\n")
        sleep(seconds)

    time.sleep = noted
    sys.stdout = Noting(sys.stdout, path)  # type: ignore[assignment]
    file = str(answer.__file__)
    sys.argv = [file, delay]
    with contextlib.suppress(SystemExit):
        runpy.run_path(file, run_name="__main__")
    if os.getpid() != parent:
        os._exit(0)  # the normal end of a child that the script forked itself
    found: dict[str, tuple[list[str], list[float]]] = {}
    for row in Path(path).read_text(encoding="utf-8").split("\n"):
        pid, _, rest = row.partition(" ")
        what, _, text = rest.partition(" ")
        words, slept = found.setdefault(pid, ([], []))
        if what == "sleep":
            slept.append(float(text))
        else:
            words.append(text.partition(" ")[0])
    return [(words[0] if words else "", slept) for words, slept in found.values()]


def received(answer: ModuleType, delay: str) -> dict[str, Any]:
    """Run the answer as a script, with `delay` as its argument.

    Returns:
        "calls": which calls its lines made here to receive something, each with its line and how often; "methods": by
        which start method each process was begun; "programs": how many were begun by subprocess.
    """
    calls: Counter[tuple[str, int]] = Counter()
    methods: list[str] = []
    programs: list[int] = []
    begin, popen = BaseProcess.start, subprocess.Popen.__init__

    def noted(holder: Any, name: str) -> Callable[..., Any]:
        method = getattr(holder, name)

        @functools.wraps(method)
        def called(*args: Any, **kwargs: Any) -> Any:
            asker: Any = inspect.currentframe().f_back  # type: ignore[union-attr]
            if asker.f_code.co_filename == answer.__file__:
                calls[f"{holder.__name__}.{name}()", asker.f_lineno] += 1
            return method(*args, **kwargs)

        return called

    def started(self: Any) -> None:
        begin(self)
        methods.append(str(getattr(self._popen, "method", "")))

    def opened(self: Any, *args: Any, **kwargs: Any) -> None:
        programs.append(1)
        popen(self, *args, **kwargs)

    for holder, name in RECEIVING:
        setattr(holder, name, noted(holder, name))
    BaseProcess.start = started  # type: ignore[method-assign]
    subprocess.Popen.__init__ = opened  # type: ignore[method-assign]
    file = str(answer.__file__)
    sys.argv = [file, delay]
    with contextlib.suppress(SystemExit):
        runpy.run_path(file, run_name="__main__")
    return {"calls": [(*call, count) for call, count in calls.items()], "methods": methods, "programs": len(programs)}


class Noting:
    """A stdout that also notes, in the file at `path`, which process printed each line, and when.

    A child that is a fork has it, too. Another one has a stdout of its own, of which nothing is noted.
    """

    def __init__(self, stream: Any, path: str) -> None:
        self._stream = stream
        self._path = path
        self._waiting: dict[tuple[int, int], str] = {}

    def write(self, text: str) -> int:
        """Write `text`, and note the lines that are whole now."""
        me = os.getpid(), threading.get_ident()
        *lines, self._waiting[me] = (self._waiting.get(me, "") + text).split("\n")
        at = time.monotonic()
        with Path(self._path).open("a", encoding="utf-8", errors="replace") as file:
            file.write("".join(f"{me[0]} {at:.6f} {line[:100]}\n" for line in lines))
        return int(self._stream.write(text))

    def writelines(self, lines: Iterable[str]) -> None:
        """Write each of `lines`."""
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def printed(answer: ModuleType, delay: str, seconds: float) -> dict[str, Any]:
    """Run the answer as a script, with `delay` as its argument, where each start() of a process takes `seconds`.

    Returns:
        The parent's "pid"; for each of "starts" which process it began, and when it was called; for each of "lines"
        which process printed it, when, and its text, as far as that can be seen from here. Times are in seconds since
        the script began.
    """
    handle, path = tempfile.mkstemp()
    os.close(handle)
    parent = os.getpid()
    starts: list[tuple[int | None, float]] = []
    start = BaseProcess.start

    def slow_start(self: Any) -> None:
        at = time.monotonic()
        time.sleep(seconds)
        start(self)
        starts.append((self.pid, at))

    BaseProcess.start = slow_start  # type: ignore[method-assign]
    os.environ["PYTHONUNBUFFERED"] = "1"  # whoever is no fork hands over each line at once, too
    sys.stdout = Noting(sys.stdout, path)  # type: ignore[assignment]
    file = str(answer.__file__)
    sys.argv = [file, delay]
    began = time.monotonic()
    with contextlib.suppress(SystemExit):
        runpy.run_path(file, run_name="__main__")
    if os.getpid() != parent:
        os._exit(0)  # the normal end of a child that the script forked itself
    rows = [line.split(" ", 2) for line in Path(path).read_text(encoding="utf-8").split("\n") if line]
    return {
        "pid": parent,
        "starts": [(pid, at - began) for pid, at in starts],
        "lines": [(int(pid), float(at) - began, text) for pid, at, text in rows],
    }
