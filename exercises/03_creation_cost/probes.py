"""What runs beside the answer of kata 03: workers that take a while, so that it shows who waits for them."""

from __future__ import annotations

import inspect
import multiprocessing.process
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

FASTER = 100
"""How many times as fast the seconds of a join(timeout) pass, so that who gives up after a while does so at once."""

ahead: list[float] = []
"""Seconds that the workers to come will take, the next one's last."""

begun: list[tuple[float, float]] = []
"""Of each start(): when it was called, and the seconds that this worker takes."""

timeouts: list[float] = []
"""The longest timeout of a join, if there was one."""

starting = threading.local()
"""Its `pause` is that of the worker which this thread is starting."""


def take() -> float:
    """Return how long the next worker takes."""
    return ahead.pop() if ahead else 0.0


class Pause:
    """Who is sent this waits: a process that is no fork, with its task."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    def __reduce__(self) -> Any:
        return time.sleep, (self.seconds,)


def slow_cost(answer: ModuleType, kind: str, pauses: list[float]) -> dict[str, Any]:
    """Call `creation_cost` for workers that take `pauses`, in the order in which they are started.

    Returns:
        What it "told"; of each start() when it came, in seconds after the first, and the worker's pause; the longest
        timeout of a join, or None.
    """
    ahead.extend(reversed(pauses))
    if kind == "thread":
        threading.settrace(_slow_thread)  # called in a new thread, when its start() has returned
    elif hasattr(os, "register_at_fork"):
        os.register_at_fork(before=_about_to_fork, after_in_child=_slow_fork)
    worker: Any = threading.Thread if kind == "thread" else multiprocessing.process.BaseProcess
    worker.start = _noted_start(worker.start)
    worker.join = _impatient(worker.join)
    told = answer.creation_cost(kind, len(pauses))
    return {
        "told": told,
        "begun": [(at - begun[0][0], pause) for at, pause in begun],
        "timeout": max(timeouts, default=None),
    }


def slow_starts(answer: ModuleType, kind: str, workers: int, seconds: float) -> Any:
    """Call `creation_cost` where each start() waits `seconds` before it begins a worker."""
    for starter in (threading.Thread, multiprocessing.process.BaseProcess):
        starter.start = _after(seconds, starter.start)  # type: ignore[method-assign]
    return answer.creation_cost(kind, workers)


def classes_begun(answer: ModuleType, kind: str, workers: int) -> list[str]:
    """Call `creation_cost` and return the names of the classes, with their modules, of the threads that it starts."""
    found: list[str] = []
    start = threading.Thread.start

    def noted(self: threading.Thread) -> None:
        found.append(f"{type(self).__module__}.{type(self).__qualname__}")
        start(self)

    threading.Thread.start = noted  # type: ignore[method-assign]
    answer.creation_cost(kind, workers)
    return sorted(set(found))


def begun_by(answer: ModuleType, kind: str, workers: int) -> list[tuple[str, int]]:
    """Call `creation_cost` and return each call of os.fork and subprocess.Popen in it, with the line of the answer."""
    found: list[tuple[str, int]] = []

    def line_of(frame: Any) -> int:
        while frame is not None and frame.f_code.co_filename != answer.__file__:
            frame = frame.f_back
        return frame.f_lineno if frame is not None else 0

    fork, begin = os.fork, subprocess.Popen.__init__

    def forked() -> int:
        found.append(("os.fork()", line_of(inspect.currentframe())))
        return fork()

    def begun(self: Any, *args: Any, **kwargs: Any) -> None:
        found.append(("subprocess.Popen()", line_of(inspect.currentframe())))
        begin(self, *args, **kwargs)

    os.fork = forked
    subprocess.Popen.__init__ = begun  # type: ignore[method-assign]
    answer.creation_cost(kind, workers)
    return found


def joins_called(answer: ModuleType, kind: str, workers: int) -> dict[str, Any]:
    """Call `creation_cost` and tell how it waits for its workers.

    Returns:
        How many it started, of which of these, by their turn, it called `join`, how often that was with a timeout, and
        how many were daemons.
    """
    started: list[tuple[Any, bool]] = []
    joined: list[tuple[Any, bool]] = []
    for worker_class in (threading.Thread, multiprocessing.process.BaseProcess):
        for name, seen in (("start", started), ("join", joined)):
            setattr(worker_class, name, _noted(getattr(worker_class, name), seen))
    answer.creation_cost(kind, workers)
    return {
        "started": len(started),
        "joined": [turn for turn, (worker, _) in enumerate(started) if any(worker is other for other, _ in joined)],
        "timeouts": sum(timed for _, timed in joined),
        "daemons": sum(bool(worker.daemon) for worker, _ in started),
    }


def _noted(method: Callable[..., Any], seen: list[tuple[Any, bool]]) -> Callable[..., Any]:
    def called(self: Any, *args: Any, **kwargs: Any) -> Any:
        seen.append((self, any(given is not None for given in (*args, *kwargs.values()))))
        return method(self, *args, **kwargs)

    return called


def _after(seconds: float, start: Callable[[Any], None]) -> Callable[[Any], None]:
    def started(self: Any) -> None:
        time.sleep(seconds)
        start(self)

    return started


def _noted_start(start: Callable[[Any], None]) -> Callable[[Any], None]:
    def started(self: Any) -> None:
        starting.pause = take()
        self.pause = Pause(starting.pause)
        begun.append((time.monotonic(), starting.pause))
        start(self)
        del starting.pause

    return started


def _impatient(join: Callable[..., None]) -> Callable[..., None]:
    def joined(self: Any, timeout: float | None = None) -> None:
        if timeout is not None:
            timeouts[:] = [max(timeout, *timeouts[:1])] if timeouts else [timeout]
            timeout /= FASTER
        join(self, timeout)

    return joined


def _slow_thread(*_: object) -> None:
    sys.settrace(None)
    pause: Pause | None = getattr(threading.current_thread(), "pause", None)
    time.sleep(pause.seconds if pause is not None else take())


def _about_to_fork() -> None:
    starting.fork = getattr(starting, "pause", None)
    if starting.fork is None:  # no start() of a process's
        starting.fork = take()


def _slow_fork() -> None:
    time.sleep(starting.fork)


def lives(answer: ModuleType, kind: str, workers: int) -> list[float]:
    """Call `creation_cost`, and return for how many seconds each worker was at work."""
    handle, path = tempfile.mkstemp()
    os.close(handle)
    worker: Any = threading.Thread if kind == "thread" else multiprocessing.process.BaseProcess
    start = worker.start

    def timed_start(self: Any) -> None:
        self.run = Timed(self.run, path)
        start(self)

    worker.start = timed_start
    answer.creation_cost(kind, workers)
    return [float(line) for line in Path(path).read_text(encoding="ascii").split()]


class Timed:
    """Runs what a worker would, and adds a line to the file at `path`: the seconds that this took."""

    def __init__(self, run: Callable[[], None], path: str) -> None:
        self.run = run
        self.path = path

    def __call__(self) -> None:
        """Run it."""
        began = time.perf_counter()
        try:
            self.run()
        finally:
            took = time.perf_counter() - began
            with Path(self.path).open("a", encoding="ascii") as file:
                file.write(f"{took:.9f}\n")
