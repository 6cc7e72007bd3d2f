"""What runs beside the answer of kata 22: it is given fewer CPUs, as an administrator would, or shown more."""

from __future__ import annotations

import os
import sys
from types import FrameType, ModuleType
from typing import Any


def cpu_workers(answer: ModuleType, *args: int, allowed: list[int]) -> Any:
    """Let this process use the CPUs of these numbers only, then call `cpu_workers`."""
    os.sched_setaffinity(0, allowed)
    return answer.cpu_workers(*args)


def asks(answer: ModuleType, allowed: list[int]) -> list[str]:
    """Return which of the system's functions that count CPUs `cpu_workers` calls, by name, each once."""
    os.sched_setaffinity(0, allowed)
    called = []

    def note(_frame: FrameType, event: str, function: Any) -> None:
        if event == "c_call":
            called.append(function.__name__)

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        answer.cpu_workers(1000)
    finally:
        sys.setprofile(before)
    return sorted({"cpu_count", "sched_getaffinity"} & set(called))


def workers_elsewhere(answer: ModuleType, name: str, calls: list[list[int]], machine: int, allowed: int) -> list[Any]:
    """Call the function `name` with each of `calls`, where of the CPUs of a `machine` so many are `allowed`."""
    shown = {
        "cpu_count": lambda: machine,
        "process_cpu_count": lambda: allowed,
        "sched_getaffinity": lambda pid: set(range(allowed)),  # noqa: ARG005 - called by others
    }
    for counter in [counter for counter in shown if hasattr(os, counter)]:
        for own in [own for own, value in vars(answer).items() if value is getattr(os, counter)]:  # from os import …
            setattr(answer, own, shown[counter])
        setattr(os, counter, shown[counter])
    return [getattr(answer, name)(*args) for args in calls]
