"""What runs beside the answer of kata 06: notes of the clocks that it reads and of its waits for processes."""

from __future__ import annotations

import inspect
import runpy
import sys
import time
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from types import ModuleType
from typing import Any

CLOCKS = ("perf_counter", "monotonic", "time", "process_time", "thread_time")
"""The clocks of `time`; each has a twin that tells whole nanoseconds."""


def steps(answer: ModuleType, delay: str) -> list[tuple[str, int]]:
    """Run the answer as a script, with `delay` as its argument.

    Returns:
        What the parent did, in this order, and in which line: the names of clocks that it read, "start" and "join".
    """
    seen: list[tuple[str, int]] = []

    def noted(holder: Any, name: str, told: str) -> Callable[..., Any]:
        method = getattr(holder, name)

        def called(*args: Any, **kwargs: Any) -> Any:
            asker: Any = inspect.currentframe().f_back  # type: ignore[union-attr]
            if asker.f_code.co_filename == answer.__file__:
                seen.append((told, asker.f_lineno))
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
