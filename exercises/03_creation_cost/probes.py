"""What runs beside the answer of kata 03: workers that take a while, so that it shows who waits for them."""

from __future__ import annotations

import multiprocessing.process
import os
import sys
import threading
import time
from collections.abc import Callable
from types import ModuleType
from typing import Any

ahead: list[float] = []
"""Seconds that the workers to come will take, the next one's last."""


def take() -> float:
    """Return how long the next worker takes."""
    return ahead.pop() if ahead else 0.0


class Pause:
    """Who is sent this waits: a process that is no fork, with its task."""

    def __reduce__(self) -> Any:
        return time.sleep, (take(),)


def slow_cost(answer: ModuleType, kind: str, pauses: list[float]) -> Any:
    """Call `creation_cost` for workers that take `pauses`, in the order in which they are started."""
    ahead.extend(reversed(pauses))
    if kind == "thread":
        threading.settrace(_slow_thread)  # called in a new thread, when its start() has returned
    else:
        _slow_processes()
    return answer.creation_cost(kind, len(pauses))


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


def _slow_thread(*_: object) -> None:
    sys.settrace(None)
    time.sleep(take())


def _slow_processes() -> None:
    taken: list[float] = []
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(
            before=lambda: taken.append(take()),
            after_in_child=lambda: time.sleep(taken[-1]),
        )
    start = multiprocessing.process.BaseProcess.start

    def slow_start(self: Any) -> None:
        self.pause = Pause()
        start(self)

    multiprocessing.process.BaseProcess.start = slow_start  # type: ignore[method-assign]
