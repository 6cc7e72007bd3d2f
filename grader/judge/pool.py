"""Start judges and hear what they say: the grading side of `grader.judge.host`."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from typing import IO, Final

import msgspec

from grader.judge import messages
from grader.judge.orders import LINES, Line, Order
from grader.sandbox.launch import command, have_more_files

_MAX_LINE: Final = 64 * 2**20


class JudgesError(Exception):
    """Judges cannot be started here: a fault of ours or of the machine."""


class Judges:
    """Starts judges; one host for all of them where this system can fork (Linux).

    Args:
        kinds: the clocks that will be needed, ``"bubble"`` and ``"real"``.
        keep: whether the same checks will be asked for again and again: see `grader.judge.collected`.
            Then a screen may be shown all the while, and faults of ours must not be written across it.
    """

    def __init__(self, kinds: tuple[str, ...], *, keep: bool = False) -> None:
        self._keep = keep
        self._orders: socket.socket | None = None
        self._asked = False
        if sys.platform == "linux":
            have_more_files()
            self._orders, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            with theirs:
                self._host = subprocess.Popen(
                    command("grader.judge.host", theirs.fileno(), kinds, int(keep)),
                    env=_environment(),
                    pass_fds=[theirs.fileno()],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL if keep else None,
                    start_new_session=True,
                )

    @property
    def keeps(self) -> bool:
        """Whether what is done for one order serves the next."""
        return self._keep and self._orders is not None

    @property
    def alive(self) -> bool:
        """Whether judges can still be started: the host has not died."""
        return self._orders is None or self._host.poll() is None

    def start(self, order: Order) -> Judge:
        """Start a judge.

        Raises:
            JudgesError: if that is not possible.
        """
        try:
            return self._forked(order) if self._orders is not None else _cold(order)
        except UnicodeEncodeError as error:  # a path with bytes that are no letters in this locale
            raise JudgesError(messages.UNKNOWN_LETTERS) from error
        except OSError as error:
            raise JudgesError(messages.not_started(str(error))) from error

    def _forked(self, order: Order) -> Judge:
        assert self._orders is not None
        self._asked = True
        ours, theirs = os.pipe()
        try:
            kept = msgspec.structs.replace(order, keep=self._keep)
            socket.send_fds(self._orders, [msgspec.json.encode(kept)], [theirs])
        except OSError:
            os.close(ours)
            raise
        finally:
            os.close(theirs)
        return Judge(os.fdopen(ours, "rb"))

    def close(self) -> None:
        """End every judge, and wait until the host has swept."""
        if self._orders is None:
            return
        self._orders.close()
        if not self._asked:
            self._host.kill()  # nothing runs below it but starters, which end with it
        try:
            self._host.wait(10)
        except subprocess.TimeoutExpired:
            self._host.kill()
            self._host.wait()


def _environment() -> dict[str, str]:
    """Return our environment, but for what would take the assertions out of checks."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONOPTIMIZE"}


def _cold(order: Order) -> Judge:
    process = subprocess.Popen(
        command("grader.judge.host"), env=_environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdin is not None
    assert process.stdout is not None
    with process.stdin as orders:
        orders.write(msgspec.json.encode(order))
    return Judge(process.stdout, process)


class Judge:
    """One judge that runs; `process` where it is a child of this one."""

    def __init__(self, stream: IO[bytes], process: subprocess.Popen[bytes] | None = None) -> None:
        self._stream = stream
        self._process = process
        self._pid = 0
        self._ended = False

    def lines(self) -> Iterator[Line]:
        """Yield what it says, to its end; a line that cannot be read ends it."""
        with self._stream:
            while data := self._stream.readline(_MAX_LINE):
                try:
                    line = LINES.decode(data)
                except msgspec.MsgspecError:
                    break
                self._pid = line.pid or self._pid
                if self._ended:
                    self.end()  # asked for before it had said which process it is
                yield line
        if self._process is not None:
            self._process.wait()

    def end(self) -> None:
        """End it at once; its learner's process ends with it."""
        self._ended = True
        if self._pid:
            with contextlib.suppress(OSError):
                os.kill(self._pid, signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
