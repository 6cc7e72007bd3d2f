"""What runs beside the answer of kata 05: ints that take their time, and note who has added them."""

from __future__ import annotations

import os
import threading
import time
from types import ModuleType
from typing import Any


class Slow(int):
    """An int that takes a while to be added, and writes into the file `notes` who does it, and from when to when."""

    seconds = 0.0
    notes = ""

    def __reduce__(self) -> Any:
        return slow, (int(self), self.seconds, self.notes)

    def __add__(self, other: int) -> int:
        begin = time.monotonic()
        time.sleep(self.seconds)
        # One write to a file that is open for appending is one piece, whoever else writes.
        handle = os.open(self.notes, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.write(handle, f"{os.getpid()} {threading.get_ident()} {begin} {time.monotonic()}\n".encode())
        os.close(handle)
        return int(self) + int(other)

    __radd__ = __add__


def slow(value: int, seconds: float, notes: str) -> Slow:
    """Return such an int."""
    made = Slow(value)
    made.seconds, made.notes = seconds, notes
    return made


def slow_sum(answer: ModuleType, function: str, numbers: list[int], workers: int, seconds: float) -> dict[str, Any]:
    """Call `function` with numbers that take `seconds` each to be added; tell the sum, and who has added what."""
    notes = os.path.abspath("notes.txt")  # noqa: PTH100 - a plain path travels best
    total = getattr(answer, function)([slow(number, seconds, notes) for number in numbers], workers)
    with open(notes, "a+", encoding="ascii") as file:  # noqa: PTH123 - as above
        file.seek(0)
        rows = [row.split() for row in file]
    return {
        "total": int(total) if isinstance(total, Slow) else total,
        "added": [(int(pid), int(ident), float(begin), float(end)) for pid, ident, begin, end in rows],
        "here": (os.getpid(), threading.get_ident()),
    }
