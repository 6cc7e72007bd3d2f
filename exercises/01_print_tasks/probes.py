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
    """

    def __init__(self, stream: TextIO, pauses: list[float], slow: str = "") -> None:
        self._stream = stream
        self._pauses = itertools.cycle(pauses)
        self._slow = slow

    def write(self, text: str) -> int:
        """Write `text`, and wait for each line that ends in it, or for the slow letter."""
        written = self._stream.write(text)
        for _ in range(text.count(self._slow or "\n")):
            time.sleep(next(self._pauses))
        return written

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def on_a_slow_terminal(answer: ModuleType, name: str, delay: float, pauses: list[float], slow: str = "") -> float:
    """Call the function `name` of the answer where a line, or a letter `slow`, takes one of `pauses`."""
    stdout = sys.stdout
    sys.stdout = SlowTerminal(stdout, pauses, slow)
    try:
        seconds: float = getattr(answer, name)(delay)
    finally:
        sys.stdout = stdout
    return seconds
