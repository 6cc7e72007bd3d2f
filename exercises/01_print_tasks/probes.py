"""What runs beside the answer of kata 01."""

from __future__ import annotations

import inspect
import itertools
import multiprocessing.process
import sys
import threading
import time
from collections.abc import Callable
from types import ModuleType
from typing import Any, TextIO

CLOCKS = ("perf_counter", "monotonic", "time", "process_time", "thread_time")
"""The clocks of `time`; each has a twin that tells whole nanoseconds."""


class SlowTerminal:
    """Stands for stdout: each line with a certain letter takes a while to be written.

    Args:
        stream: what it writes to.
        pauses: seconds, one for each such line, over and over.
        slow: the letter; what has it in it takes a while, whether or not a line ends there.

    Attributes:
        begun: how often it was to take a while.
        done: how often that while is over.
    """

    def __init__(self, stream: TextIO, pauses: list[float], slow: str) -> None:
        self._stream = stream
        self._pauses = itertools.cycle(pauses)
        self._slow = slow
        self.begun = self.done = 0

    def write(self, text: str) -> int:
        """Write `text`, and wait for each slow letter in it."""
        written = self._stream.write(text)
        for _ in range(text.count(self._slow)):
            self.begun += 1
            time.sleep(next(self._pauses))
            self.done += 1
        return written

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def on_a_slow_terminal(answer: ModuleType, name: str, delay: float, pauses: list[float], slow: str) -> float:
    """Call the function `name` of the answer where a line with the letter `slow` takes one of `pauses` more."""
    # It stays there: a thread that was left may be within a print, which holds no reference to sys.stdout. Once that is
    # another and this one gone, the process dies of SIGSEGV (CPython before 3.12.10 and 3.13.3, gh-130163).
    sys.stdout = SlowTerminal(sys.stdout, pauses, slow)
    seconds: float = getattr(answer, name)(delay)
    return seconds


def written_when_it_returns(answer: ModuleType, delay: float, pause: float, slow: str) -> tuple[int, int]:
    """Call `run_threaded` where a line with the letter `slow` takes `pause` seconds more to be written.

    Returns:
        How many such lines had been begun when it returned, and how many were written by then.
    """
    sys.stdout = terminal = SlowTerminal(sys.stdout, [pause], slow)  # to stay there, as above
    answer.run_threaded(delay)
    return terminal.begun, terminal.done


def nothing(answer: ModuleType) -> None:
    """Do nothing: what is printed then, the answer prints when it is loaded."""


def calls_in_a_row(answer: ModuleType, name: str, delays: list[float], pause: float = 0.0) -> list[tuple[Any, float]]:
    """Call the function `name` of the answer with each of `delays`, one call after the other, with pauses between them.

    Returns:
        For each call what it returned and the seconds that it took.
    """
    told = []
    for place, delay in enumerate(delays):
        if pause and place:
            time.sleep(pause)
        begin = time.perf_counter()
        value = getattr(answer, name)(delay)
        told.append((value, time.perf_counter() - begin))
    return told


def clocks_read(answer: ModuleType, name: str, delay: float) -> list[tuple[str, int, float]]:
    """Call the function `name` of the answer and tell which clocks of `time` its lines read.

    Returns:
        For each reading the name of the clock, the line, and when it was, in seconds since the call began.
    """
    now, begin = time.perf_counter, time.perf_counter()
    readings: list[tuple[str, int, float]] = []

    def noted(clock: str) -> Callable[[], Any]:
        read = getattr(time, clock)

        def reading() -> Any:
            asker: Any = inspect.currentframe().f_back  # type: ignore[union-attr]
            if asker.f_code.co_filename == answer.__file__:
                readings.append((clock, asker.f_lineno, now() - begin))
            return read()

        return reading

    for clock in (*CLOCKS, *(f"{clock}_ns" for clock in CLOCKS)):
        original, watched = getattr(time, clock), noted(clock)
        setattr(time, clock, watched)
        for own in [own for own, held in vars(answer).items() if held is original]:
            setattr(answer, own, watched)
    getattr(answer, name)(delay)
    return readings


def threads_made(answer: ModuleType, delay: float) -> tuple[int, int]:
    """Call `run_threaded` and tell how many threads it made, and of how many `run` was called in the calling thread."""
    made: list[threading.Thread] = []
    called: list[threading.Thread] = []
    make, run = threading.Thread.__init__, threading.Thread.run

    def noted_make(self: threading.Thread, *args: Any, **kwargs: Any) -> None:
        made.append(self)
        make(self, *args, **kwargs)

    def noted_run(self: threading.Thread) -> None:
        if threading.current_thread() is threading.main_thread():
            called.append(self)
        run(self)

    threading.Thread.__init__ = noted_make  # type: ignore[method-assign]
    threading.Thread.run = noted_run  # type: ignore[method-assign]
    answer.run_threaded(delay)
    return len(made), len(called)


def processes_begun(answer: ModuleType, delay: float) -> list[tuple[str, int]]:
    """Call `run_threaded` and tell of each process that it starts the class, and which line of the answer that is."""
    found: list[tuple[str, int]] = []
    start = multiprocessing.process.BaseProcess.start

    def noted(self: multiprocessing.process.BaseProcess) -> None:
        frame: Any = inspect.currentframe()
        while frame is not None and frame.f_code.co_filename != answer.__file__:
            frame = frame.f_back
        found.append((f"{type(self).__module__}.{type(self).__qualname__}", frame.f_lineno if frame else 0))
        start(self)

    multiprocessing.process.BaseProcess.start = noted  # type: ignore[method-assign]
    answer.run_threaded(delay)
    return found
