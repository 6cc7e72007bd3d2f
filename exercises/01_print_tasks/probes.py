"""What runs beside the answer of kata 01."""

from __future__ import annotations

import itertools
import sys
import time
from types import ModuleType
from typing import Any, TextIO


class SlowTerminal:
    """Stands for stdout: each line takes a while to be written.

    Args:
        stream: what it writes to.
        pauses: seconds, one for each line, over and over.
        slow: a letter; if there is one, only what has it in it takes a while, whether or not a line ends there.

    Attributes:
        begun: how often it was to take a while.
        done: how often that while is over.
    """

    def __init__(self, stream: TextIO, pauses: list[float], slow: str = "") -> None:
        self._stream = stream
        self._pauses = itertools.cycle(pauses)
        self._slow = slow
        self.begun = self.done = 0

    def write(self, text: str) -> int:
        """Write `text`, and wait for each line that ends in it, or for the slow letter."""
        written = self._stream.write(text)
        for _ in range(text.count(self._slow or "\n")):
            self.begun += 1
            time.sleep(next(self._pauses))
            self.done += 1
        return written

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def on_a_slow_terminal(answer: ModuleType, name: str, delay: float, pauses: list[float]) -> float:
    """Call the function `name` of the answer where each line takes one of `pauses` to be written."""
    stdout = sys.stdout
    sys.stdout = SlowTerminal(stdout, pauses)
    try:
        seconds: float = getattr(answer, name)(delay)
    finally:
        sys.stdout = stdout
    return seconds


def written_when_it_returns(answer: ModuleType, delay: float, pause: float, slow: str) -> tuple[int, int]:
    """Call `run_threaded` where a line with the letter `slow` takes `pause` seconds more to be written.

    Returns:
        How many such lines had been begun when it returned, and how many were written by then.
    """
    stdout = sys.stdout
    sys.stdout = terminal = SlowTerminal(stdout, [pause], slow)
    try:
        answer.run_threaded(delay)
        return terminal.begun, terminal.done
    finally:
        sys.stdout = stdout
