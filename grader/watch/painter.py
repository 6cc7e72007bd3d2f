"""Puts frames on the screen: what has changed of them, row by row."""

from __future__ import annotations

import os
import sys
from typing import Final

from rich.text import Span, Text

from grader.report.terminal import console
from grader.watch.screen import Frame, Look
from grader.watch.terminal import Terminal

_BEGIN, _END = "\x1b[?2026h", "\x1b[?2026l"
"""Around one frame: a terminal that knows them shows it at once, never half of it."""

_BELOW: Final = 2
"""Rows that a frame ends with where it is written below the last one: its first row must still be seen."""

_Row = tuple[str, str, tuple[Span, ...]]
"""What tells whether a row is another one: its text, its style, and the styles of its parts."""


class Painter:
    """Draws frames.

    Args:
        terminal: what is written to.
        full: whether rows can be placed; else a frame that has changed is written below the last one.
    """

    def __init__(self, terminal: Terminal, *, full: bool) -> None:
        self._terminal = terminal
        self._full = full
        self._console = console()
        self._drawn: list[_Row] = []
        self._size = (0, 0)

    def look(self) -> Look:
        """Return what the screen is like now."""
        try:
            width, height = os.get_terminal_size(sys.stdout.fileno())
        except (OSError, ValueError):
            width, height = 0, 0
        if (width, height) != self._size:
            self._size = (width, height)
            self.forget()
        encoding = (sys.stdout.encoding or "ascii").lower().replace("-", "")
        height = (height or 24) - (0 if self._full else _BELOW)
        return Look(width or 80, max(1, height), encoding.startswith("utf"))

    def forget(self) -> None:
        """Take the screen for empty: others wrote to it."""
        self._drawn = []

    def draw(self, frame: Frame) -> None:
        """Show `frame`."""
        rows: list[_Row] = [(row.plain, str(row.style), tuple(row.spans)) for row in frame.rows]
        if rows == self._drawn:
            return
        self._terminal.write(self._placed(frame, rows) if self._full else self._below(frame))
        self._drawn = rows

    def _placed(self, frame: Frame, rows: list[_Row]) -> str:
        fresh = len(self._drawn) != len(rows)
        text = ["\x1b[2J"] if fresh else []
        for number, row in enumerate(frame.rows):
            if fresh or rows[number] != self._drawn[number]:
                text.append(f"\x1b[{number + 1};1H\x1b[2K{self._written(row)}")
        return f"{_BEGIN}{''.join(text)}{_END}"

    def _below(self, frame: Frame) -> str:
        rows = [self._written(row).rstrip() for row in frame.rows]
        return "\n".join(row for at, row in enumerate(rows) if row or (at and rows[at - 1])) + "\n\n"

    def _written(self, row: Text) -> str:
        with self._console.capture() as written:
            self._console.print(row, end="", soft_wrap=True)
        return written.get()
