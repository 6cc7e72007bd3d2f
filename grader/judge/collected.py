"""A process that has collected the checks of one test file, and forks a judge for each order.

Half of the time of a quick verdict is pytest's: settings, plugins, the test file. For who asks for the same checks
again and again, as `watch` does, that is done once. Nothing of an answer comes into this process: each judge is a new
fork.
"""

from __future__ import annotations

import contextlib
import gc
import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec

from grader.judge.orders import ORDERS, Order
from grader.judge.setup import Starters

_REAPING: Final = 0.5
"""Seconds between looks for judges that have ended."""
_MAX_ORDER: Final = 2**20

BecomeJudge = Callable[[int], None]
"""Makes a judge of a fork, given the pid of its parent."""


class Collected:
    """The host's end of such a process; it is forked here.

    Args:
        order: one for the test file that is collected.
        starters: of the host.
        become_judge: what each fork does first.
        handles: file descriptors of the host that are to be closed in it: an open pipe has no end.
    """

    def __init__(self, order: Order, starters: Starters, become_judge: BecomeJudge, handles: tuple[int, ...]) -> None:
        self._content = _content(order)
        self._orders, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        host = os.getpid()
        if os.fork() == 0:
            try:
                self._orders.close()
                for handle in handles:
                    os.close(handle)
                become_judge(host)
                _serve(order.test_file, starters, theirs, become_judge)
            finally:
                os._exit(1)
        theirs.close()

    def fits(self, order: Order) -> bool:
        """Whether it has collected the checks of `order`, as they are now."""
        return self._content == _content(order)

    def judge(self, order: Order, pipe: int) -> bool:
        """Let it fork a judge for `order` that writes to `pipe`; return False if it has died."""
        try:
            socket.send_fds(self._orders, [msgspec.json.encode(order)], [pipe])
        except OSError:
            return False
        return True

    def close(self) -> None:
        """Let it end, with every judge that it has forked."""
        self._orders.close()


def _content(order: Order) -> object:
    """Return what tells one state of a test file from another."""
    with contextlib.suppress(OSError):
        found = Path(order.test_file).stat()
        return order.test_file, found.st_mtime_ns, found.st_size, found.st_ino
    return order.test_file


def _serve(test_file: str, starters: Starters, orders: socket.socket, become_judge: BecomeJudge) -> None:
    from grader.judge.judging import judge_later, prepare  # noqa: PLC0415 - pytest, which the host does without

    prepare()
    orders.settimeout(_REAPING)
    judge_later(test_file, starters, lambda: _forked(orders, become_judge))
    os._exit(0)


def _forked(orders: socket.socket, become_judge: BecomeJudge) -> tuple[Order, int]:
    """Wait for orders and fork for each; return in the forks only, with an order and its pipe."""
    here = os.getpid()
    gc.freeze()  # what is there now stays, and looking through it would only copy it into each fork
    while True:
        _reap()
        try:
            data, handles, _, _ = socket.recv_fds(orders, _MAX_ORDER, 1)
        except TimeoutError:
            continue
        if not data:
            os._exit(0)  # the kernel ends the judges, whose parent this is
        if os.fork() == 0:
            orders.close()
            become_judge(here)
            return ORDERS.decode(data), handles[0]
        os.close(handles[0])


def _reap() -> None:
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0] != 0:
            pass
