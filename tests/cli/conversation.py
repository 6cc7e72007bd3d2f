"""Talks to a command that asks questions, over a terminal."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tests.tiny_course import ROOT

CTRL_C, CTRL_D = "\x03", "\x04"
HANG_UP = ""
"""What is typed by who closes the terminal."""

_LIMIT = 60
_ON_ITS_TERMINAL = (
    "import fcntl, runpy, signal, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); "  # else Ctrl-C is a character
    "signal.signal(signal.SIGINT, signal.default_int_handler); "  # who runs the tests in the background may ignore them
    "signal.signal(signal.SIGHUP, signal.SIG_DFL); "
    "runpy.run_module('grader', run_name='__main__', alter_sys=True)"
)


def talk(clone: Path, words: Sequence[str], *turns: tuple[str, str], **environment: str) -> tuple[int, str]:
    """Run ``python -m grader`` with `words` on a terminal; where a turn's first text comes, type its second.

    Returns:
        The exit code, and all that was shown, without colours.
    """
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", _ON_ITS_TERMINAL, *words],
        cwd=clone,
        env={**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm-256color", "COLUMNS": "200", **environment},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    seen = ""
    try:
        for expected, typed in turns:
            seen += _until(ours, expected)
            if typed == HANG_UP:
                break
            os.write(ours, typed.encode())
        else:
            seen += _until(ours, None)
    finally:
        os.close(ours)
        code = process.wait(_LIMIT)
    return code, re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", seen).replace("\r\n", "\n")


def _until(terminal: int, expected: str | None) -> str:
    """Return what comes, up to the text that is expected; all that comes for None."""
    seen = b""
    end = time.monotonic() + _LIMIT
    while expected is None or expected not in seen.decode(errors="replace"):
        ready, _, _ = select.select([terminal], [], [], max(0, end - time.monotonic()))
        assert ready, f"{expected!r} does not come. There came: {seen!r}"
        try:
            data = os.read(terminal, 65536)
        except OSError:  # Linux's way to say that nobody writes any more
            data = b""
        if not data:
            assert expected is None, f"{expected!r} never came. There came: {seen!r}"
            break
        seen += data
    return seen.decode(errors="replace")
