"""What asks a process to end: Ctrl-C, and what the system sends (`timeout`, Slurm, Kubernetes, a lost connection)."""

from __future__ import annotations

import contextlib
import math
import os
import signal
import threading
import time
import types
from collections.abc import Callable, Iterator
from typing import Final

_HURRY: Final = 5.0
"""Seconds in which one that asks again is not heard."""
_ASKING: Final = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


TIED: Final = "GRADER_ENDS_WITH_ITS_INPUT"
"""The variable by which who starts a grader has it end with them, however that comes: they hold the pipe it reads."""


def end_if_tied() -> None:
    """Let this process be asked to end once its standard input does, if whoever started it wants that."""

    def wait() -> None:
        while os.read(0, 1024):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    if os.environ.pop(TIED, ""):
        threading.Thread(target=wait, daemon=True).start()


@contextlib.contextmanager
def stopped_by_signals() -> Iterator[None]:
    """Let what asks a process to end do in the block what Ctrl-C does: what runs is tidied up, and what is done kept.

    Whoever is stopped hears no other of these for a while: `timeout` sends two, and what starts processes sends them
    one more.
    """
    asked = -math.inf

    def stop(*_: object) -> None:
        nonlocal asked
        if time.monotonic() - asked > _HURRY:
            asked = time.monotonic()
            raise KeyboardInterrupt

    usual = (signal.SIG_DFL, signal.default_int_handler)  # `nohup` and shells have some ignored, and so they stay
    heard = {number: before for number in _ASKING if (before := signal.getsignal(number)) in usual}
    for number in heard:
        signal.signal(number, stop)
    try:
        yield
    finally:
        for number, before in heard.items():
            if asked == -math.inf and signal.getsignal(number) is stop:
                signal.signal(number, before)


@contextlib.contextmanager
def ended_by_signals(end: Callable[[], None]) -> Iterator[None]:
    """Call `end`, as often as it is asked for, where else KeyboardInterrupt would be raised in the block.

    Raised wherever we are, it would get between two steps that belong together, or, from somebody in a hurry, between
    us and the clearing up; and where Python calls back (a weak reference's end) it would be lost.
    """

    def heard(number: int, frame: types.FrameType | None) -> None:
        try:
            before[number](number, frame)
        except KeyboardInterrupt:
            end()

    before = {}
    if threading.current_thread() is threading.main_thread():
        before = {number: handler for number in _ASKING if callable(handler := signal.getsignal(number))}
    for number in before:
        signal.signal(number, heard)
    try:
        yield
    finally:
        for number, handler in before.items():
            if signal.getsignal(number) is heard:
                signal.signal(number, handler)
