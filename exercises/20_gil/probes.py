"""What runs beside the answer of kata 20: its calls of `count_primes`, its threads and its pools are looked at."""

from __future__ import annotations

import contextlib
import functools
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing.pool import Pool, ThreadPool
from pathlib import Path
from types import ModuleType
from typing import Any

MOST = 4096
"""Bytes that are read of what children tell."""


def counts(answer: ModuleType, limits: list[int]) -> list[Any]:
    """Return what `count_primes` gives for each limit."""
    return [answer.count_primes(limit) for limit in limits]


def with_threads(answer: ModuleType, limits: list[int]) -> dict[str, Any]:
    """Call `with_threads`; return the CPU seconds of the calling thread, and of each thread that it began.

    A thread is told as ``[begin, end, CPU seconds]``; of those that go on afterwards, how many they are.
    """
    threads: list[list[float]] = []
    start = threading.Thread.start

    def started(self: threading.Thread) -> None:
        run = self.run

        def noted() -> None:
            begin, computed = time.perf_counter(), time.thread_time()
            try:
                run()
            finally:
                threads.append([begin, time.perf_counter(), time.thread_time() - computed])

        self.run = noted  # type: ignore[method-assign]
        start(self)
        begun.append(self)

    begun: list[threading.Thread] = []
    threading.Thread.start = started  # type: ignore[method-assign]
    before = time.thread_time()
    try:
        answer.with_threads(limits)
    finally:
        threading.Thread.start = start  # type: ignore[method-assign]
    caller = time.thread_time() - before
    for thread in begun:  # those of a pool that nobody waits for end a little later
        thread.join(timeout=1)
    return {"caller": caller, "threads": threads, "on": sum(thread.is_alive() for thread in begun)}


def computed_by(answer: ModuleType, function: str, limits: list[int]) -> list[tuple[int, str]]:
    """Call `function`; return the limit of each call of `count_primes`, and in which process and thread it was.

    A call within a call is not told, nor what spawned processes do.
    """
    notes, inner, count = Path(tempfile.mkdtemp()) / "calls.txt", threading.local(), answer.count_primes

    @functools.wraps(count)
    def noted(limit: int) -> Any:
        if getattr(inner, "here", False):
            return count(limit)
        inner.here = True
        with notes.open("a", encoding="ascii") as file:
            file.write(f"{limit} {os.getpid()}.{threading.get_ident()}\n")
        try:
            return count(limit)
        finally:
            inner.here = False

    notes.write_text("", encoding="ascii")
    vars(answer)["count_primes"] = noted
    try:
        getattr(answer, function)(limits)
    finally:
        vars(answer)["count_primes"] = count
    calls = (line.split() for line in notes.read_text(encoding="ascii").splitlines())
    return [(int(limit), who) for limit, who in calls]


def chunks_asked(answer: ModuleType, limits: list[int]) -> list[int]:
    """Return each `chunksize` that `with_processes` asks of a pool for its tasks, more than 1."""
    asked: list[int] = []
    methods = [(ProcessPoolExecutor, "map"), *((Pool, name) for name in ("map", "imap", "imap_unordered", "map_async"))]

    def noting(method: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(method)
        def noted(pool: Any, function: Any, *args: Any, **kwargs: Any) -> Any:
            size = kwargs.get("chunksize", args[1] if isinstance(pool, Pool) and len(args) > 1 else 1)
            if isinstance(size, int) and size > 1:
                asked.append(size)
            return method(pool, function, *args, **kwargs)

        return noted

    originals = [(kind, name, getattr(kind, name)) for kind, name in methods]
    for kind, name, method in originals:
        setattr(kind, name, noting(method))
    try:
        answer.with_processes(limits)
    finally:
        for kind, name, method in originals:
            setattr(kind, name, method)
    return asked


def tasks_handed(answer: ModuleType, function: str, limits: list[int]) -> int:
    """Call `function`; return how many tasks it hands to pools of `concurrent.futures`."""
    handed: list[str] = []
    kinds = (ProcessPoolExecutor, ThreadPoolExecutor)
    originals = [kind.submit for kind in kinds]

    def noted(submit: Any) -> Any:
        def call(*args: Any, **kwargs: Any) -> Any:
            handed.append("")
            return submit(*args, **kwargs)

        return call

    for kind in kinds:
        kind.submit = noted(kind.submit)  # type: ignore[method-assign]
    try:
        getattr(answer, function)(limits)
    finally:
        for kind, submit in zip(kinds, originals, strict=True):
            kind.submit = submit  # type: ignore[method-assign]
    return len(handed)


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


def pools_made(answer: ModuleType, limits: list[int]) -> list[str]:
    """Return what `with_processes` calls to make its pools of threads, each with its line."""
    made: list[str] = []
    makers: dict[type, Any] = {kind: kind.__init__ for kind in (ThreadPoolExecutor, ThreadPool)}

    def note(kind: str) -> None:
        frame, by = sys._getframe(2), ""  # noqa: SLF001 - who makes the pool
        while frame is not None and frame.f_code.co_filename != answer.__file__:
            by = f"{frame.f_globals.get('__name__')}.{frame.f_code.co_name}"
            frame = frame.f_back  # type: ignore[assignment]
        if frame is not None:
            made.append(f"{kind if by.endswith('.__init__') or not by else by} in line {frame.f_lineno}")

    def noted(make: Any) -> Any:
        def init(self: Any, *args: Any, **kwargs: Any) -> None:
            note(f"{type(self).__module__}.{type(self).__qualname__}")
            make(self, *args, **kwargs)

        return init

    for kind, make in makers.items():
        kind.__init__ = noted(make)  # type: ignore[misc]
    try:
        answer.with_processes(limits)
    finally:
        for kind, make in makers.items():
            kind.__init__ = make  # type: ignore[misc]
    return made


def calls_of_count(answer: ModuleType, limits: list[int]) -> dict[str, Any]:
    """Return the calls of `count_primes` that `with_processes` makes in this process, each with its line.

    With them goes how often it is called for each limit in children, as far as these have this process's functions: in
    a forked child, and in no other.
    """
    calls, here, count = [], os.getpid(), answer.count_primes
    told, tell = os.pipe()
    os.set_blocking(told, False)
    os.set_blocking(tell, False)

    @functools.wraps(count)  # so it can be pickled: it goes by the name, and has it
    def noted(limit: int) -> Any:
        if os.getpid() == here:
            calls.append(f"count_primes({limit}) in line {sys._getframe(1).f_lineno}")  # noqa: SLF001 - the caller's line
        else:
            with contextlib.suppress(OSError):  # a full pipe
                os.write(tell, f"{limit} ".encode())
        return count(limit)

    vars(answer)["count_primes"] = noted
    try:
        answer.with_processes(limits)
        with contextlib.suppress(BlockingIOError):
            there = os.read(told, MOST).decode().split()
            if sum(map(len, there)) < MOST / 2:  # else it may not be all of it
                return {"here": calls[:9], "children": [there.count(str(limit)) for limit in limits]}
    finally:
        vars(answer)["count_primes"] = count
        os.close(told)
        os.close(tell)
    return {"here": calls[:9], "children": []}
