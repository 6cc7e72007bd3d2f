"""The learner's stdout: whole lines, one write each, and who printed them.

Two threads that print at once jumble their lines in a plain text stream even in right answers (the text and
its newline are two writes). Here each thread's text waits until its line is whole.
"""

from __future__ import annotations

import io
import os
import threading
from collections.abc import Callable
from typing import Any

_MAX_WAITING = 65536
"""Characters that may wait for their newline."""


class LineWriter(io.TextIOWrapper):
    """A text stream that hands on whole lines.

    Args:
        handle: the file descriptor to write to.
        note: called with each line, without its newline, before it is written: in the bubble it may raise.
    """

    def __init__(self, handle: int, note: Callable[[str], None]) -> None:
        super().__init__(
            io.FileIO(handle, "w", closefd=False), encoding="utf-8", errors="backslashreplace", write_through=True
        )
        self._note = note
        self._waiting: dict[int, str] = {}
        self._begun: dict[int, str] = {}
        os_register = getattr(os, "register_at_fork", None)
        if os_register is not None:
            os_register(after_in_child=self._forget_others)

    def write(self, text: str, /) -> int:
        """Take `text` of the calling thread; write the lines that are whole now."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        me = threading.get_ident()
        whole, newline, rest = (self._waiting.pop(me, "") + text).rpartition("\n")
        if newline:
            for line in (self._begun.pop(me, "") + whole).split("\n"):
                self._note(line)
            self._put(whole + "\n")
        if len(rest) > _MAX_WAITING:
            self._put_unfinished(me, rest)
        elif rest:
            self._waiting[me] = rest
        return len(text)

    def flush(self) -> None:
        """Write what the calling thread has of an unfinished line."""
        me = threading.get_ident()
        if rest := self._waiting.pop(me, ""):
            self._put_unfinished(me, rest)

    def _put_unfinished(self, thread: int, text: str) -> None:
        """Write the beginning of a line, and keep it in mind for when the line is noted."""
        self._put(text)
        self._begun[thread] = (self._begun.get(thread, "") + text)[:_MAX_WAITING]

    def _put(self, text: str) -> None:
        data = memoryview(text.encode("utf-8", "backslashreplace"))
        while data:
            data = data[os.write(self.fileno(), data) :]

    def _forget_others(self) -> None:
        me = threading.get_ident()
        self._waiting = {me: self._waiting[me]} if me in self._waiting else {}
        self._begun = {}

    def flush_all(self) -> None:
        """Write and note the unfinished lines of all threads: what printed them has ended."""
        waiting, self._waiting = self._waiting, {}
        for thread, rest in waiting.items():
            self._put_unfinished(thread, rest)
        begun, self._begun = self._begun, {}
        for text in begun.values():
            self._note(text)

    def __reduce__(self) -> Any:
        raise TypeError("cannot pickle a stream")
