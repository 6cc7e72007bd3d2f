"""Drives `python -m grader watch` through a real terminal device, and reads its screen as an eye would."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil
import pyte

from tests.tiny_course import ROOT

_OWN_TERMINAL = """
import fcntl, resource, runpy, signal, sys, termios
limit = int(sys.argv.pop(1))
if limit >= 0:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
for number, heard in ((signal.SIGINT, signal.default_int_handler), (signal.SIGHUP, signal.SIG_DFL)):
    signal.signal(number, heard)  # who runs the tests in the background may ignore them
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
runpy.run_module("grader", run_name="__main__", alter_sys=True)
"""
"""What a shell does for who is typed into it: the terminal is the process's own, and tells it of Ctrl-C."""


_FRAME_BEGINS, _FRAME_ENDS = b"\x1b[?2026h", b"\x1b[?2026l"


class Watched:
    """One `watch` in a terminal of its own.

    Args:
        clone: where it is typed.
        words: what follows `watch`.
        size: columns and rows.
        limit: the most bytes that a file may get from it; -1 for as many as it likes.
        environment: variables that differ from ours.
    """

    def __init__(
        self, clone: Path, *words: str, size: tuple[int, int] = (80, 24), limit: int = -1, **environment: str
    ) -> None:
        self.width, self.height = size
        self.screen = pyte.Screen(*size)
        self.stream = pyte.ByteStream(self.screen)
        self.raw = b""
        self._ours, theirs = pty.openpty()
        self.resize(*size, tell=False)
        settings = {"TERM": "xterm-256color", "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
        inherited = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "COLUMNS", "LINES")}
        self.process = subprocess.Popen(
            [sys.executable, "-c", _OWN_TERMINAL, str(limit), "watch", *words],
            cwd=clone,
            env={**inherited, **settings, **environment},
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        """End it, if it has not ended."""
        if self.process.poll() is None:
            self.process.terminate()
            self.ended(5)
        self.process.kill()
        self.process.wait()
        self.hang_up()

    def press(self, keys: str) -> None:
        """Type `keys`."""
        os.write(self._ours, keys.encode())

    def resize(self, width: int, height: int, *, tell: bool = True) -> None:
        """Give the terminal another size."""
        fcntl.ioctl(self._ours, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
        if tell:
            self.screen.resize(height, width)

    def hang_up(self) -> None:
        """Close the terminal."""
        if self._ours >= 0:
            os.close(self._ours)
            self._ours = -1

    @property
    def rows(self) -> list[str]:
        """What stands on the screen."""
        return [row.rstrip() for row in self.screen.display]

    @property
    def text(self) -> str:
        """What stands on the screen, as one text."""
        return "\n".join(self.rows)

    @property
    def _whole(self) -> bool:
        """Whether no frame has come in part."""
        return self.raw.rfind(_FRAME_BEGINS) <= self.raw.rfind(_FRAME_ENDS)

    def read(self, seconds: float) -> bool:
        """Take what was written, waiting so long for some; return whether there was some."""
        if self._ours < 0 or not select.select([self._ours], [], [], max(0.0, seconds))[0]:
            return False
        try:
            data = os.read(self._ours, 65536)
        except OSError:
            return False
        self.raw += data
        self.stream.feed(data)
        return bool(data)

    def until(self, seen: str | Callable[[str], bool], seconds: float = 20.0) -> str:
        """Wait until the screen shows `seen`; return the screen.

        Raises:
            AssertionError: if that does not come.
        """
        is_there = seen if callable(seen) else lambda text: seen in text
        end = time.monotonic() + seconds
        while not (self._whole and is_there(self.text)):
            left = end - time.monotonic()
            if left <= 0 or (not self.read(min(left, 1.0)) and self.process.poll() is not None):
                raise AssertionError(f"{seen!r} is not there after {seconds} s:\n{self.text}\n({self.process.poll()})")
        return self.text

    def ended(self, seconds: float = 10.0) -> int | None:
        """Wait for the end; return the exit code, None if it does not end."""
        end = time.monotonic() + seconds
        while self.process.poll() is None and time.monotonic() < end:
            if not self.read(0.05):
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self.process.wait(0.05)
        while self.read(0.0):
            pass
        return self.process.poll()

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to it alone."""
        self.process.send_signal(number)

    def tree(self) -> list[psutil.Process]:
        """Return it and the processes below it."""
        top = psutil.Process(self.process.pid)
        return [top, *top.children(recursive=True)]
