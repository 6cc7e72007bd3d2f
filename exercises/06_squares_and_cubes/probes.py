"""What runs beside the answer of kata 06: notes of its clocks, of its waits for processes, and of who prints when."""

from __future__ import annotations

import contextlib
import inspect
import os
import runpy
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable
from multiprocessing.process import BaseProcess
from pathlib import Path
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
