"""What runs beside the answer of kata 22: it is given fewer CPUs, as an administrator would."""

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
