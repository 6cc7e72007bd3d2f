"""What a learner's process prints, kept within bounds."""

from __future__ import annotations

from typing import Final

from grader.judge import messages

HEAD: Final = 64 * 1024
TAIL: Final = 16 * 1024
FLOOD: Final = 2**20
"""Bytes after which a process is ended."""


class Capture:
    """Keeps the head and the tail of a stream, and when each of its lines came.

    Attributes:
        total: bytes seen so far.
        lines: whole lines of the head as ``(text, at, pid)``; `at` and `pid` are what `take` was told when they ended.
    """

    def __init__(self) -> None:
        self.total = 0
        self.lines: list[tuple[str, float, int]] = []
        self._head = bytearray()
        self._tail = bytearray()
        self._unfinished = b""
        self._pid = 0

    @property
    def flooded(self) -> bool:
        """Whether more came than anybody reads."""
        return self.total > FLOOD

    def take(self, data: bytes, at: float, pid: int = 0) -> None:
        """Take what came at time `at`, from the process `pid`, 0 if that is not known."""
        self.total += len(data)
        fits = data[: HEAD - len(self._head)]
        self._head += fits
        self._tail = (self._tail + data[len(fits) :])[-TAIL:]
        *whole, self._unfinished = (self._unfinished + fits).split(b"\n")
        self.lines += [(_text(line), at, pid) for line in whole]
        self._pid = pid

    def finish(self, at: float) -> None:
        """The stream has ended: what has no newline yet is a line too."""
        if self._unfinished:
            self.lines.append((_text(self._unfinished), at, self._pid))
            self._unfinished = b""

    @property
    def text(self) -> str:
        """What was printed, with a word on what is left out."""
        left_out = self.total - len(self._head) - len(self._tail)
        middle = f"\n{messages.left_out(left_out)}\n" if left_out else ""
        return _text(bytes(self._head)) + middle + _text(bytes(self._tail))


def _text(data: bytes) -> str:
    return data.decode("utf-8", "backslashreplace").replace("\r\n", "\n")
