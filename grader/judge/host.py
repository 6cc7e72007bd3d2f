"""Judges: processes that run one kata's checks. Forked from a host that has imported pytest, where that can be.

A judge is asked by one `Order`, and answers on its pipe with one `Line` a check, then one that is ``done``. What is
missing from that was not judged.
"""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import socket
import sys

from grader.judge.collected import Collected
from grader.judge.orders import ORDERS, Order
from grader.judge.setup import Starters
from grader.sandbox import guards, processes


def serve_orders(handle: int, kinds: tuple[str, ...], *, keep: bool) -> None:
    """Be a host: fork a judge for each order that comes on the socket `handle`, with its pipe beside it.

    Args:
        handle: file descriptor of a SEQPACKET socket; its end is the end of the run.
        kinds: the starters that will be needed: ``"bubble"``, ``"real"``.
        keep: whether processes that have collected the checks fork the judges: those import pytest, not this one.
    """
    guards.prctl(guards.PR_SET_CHILD_SUBREAPER, 1)
    guards.prctl(guards.PR_SET_DUMPABLE, 0)
    starters = Starters()
    for kind in kinds:
        starters.warm_up(kind)  # they get ready while pytest is imported here
    if not keep:
        from grader.judge.judging import prepare  # noqa: PLC0415 - pytest, after the starters have begun

        prepare()
    gc.freeze()  # what is there now stays, and looking through it would only copy it into each fork
    _answer(socket.socket(fileno=handle), starters)
    starters.close()
    _sweep()
    os._exit(0)  # the run is over, and whoever waits for that need not wait for Python to tidy up


def _answer(orders: socket.socket, starters: Starters) -> None:
    """Fork a judge for each order, to the end of `orders`; then end those that are left."""
    judges: set[int] = set()
    collected: Collected | None = None
    orders.settimeout(0.5)
    while True:
        _reap(judges)
        try:
            data, handles, _, _ = socket.recv_fds(orders, 2**20, 1)
        except TimeoutError:
            continue
        if not data:
            break
        order = ORDERS.decode(data)
        if order.keep:
            collected = _judge_collected(collected, order, starters, (handles[0], orders.fileno()))
        else:
            judges.add(_fork(order, starters, handles[0]))
        os.close(handles[0])
    for pid in judges:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _judge_collected(known: Collected | None, order: Order, starters: Starters, handles: tuple[int, int]) -> Collected:
    """Let a process that has collected the checks of `order` fork a judge for it: the `known` one, or a new one.

    Args:
        known: the last one.
        order: for a judge.
        starters: of the host.
        handles: the judge's pipe, and the host's own socket, which a new process has no use for.
    """
    if known is not None and known.fits(order) and known.judge(order, handles[0]):
        return known
    if known is not None:
        known.close()
    made = Collected(order, starters, _become_judge, handles)
    made.judge(order, handles[0])
    return made


def _become_judge(parent: int) -> None:
    """Make a judge of a fork: in a session of its own, unseen by learners' processes, ended with its `parent`."""
    os.setsid()
    guards.die_with_parent(parent, signal.SIGKILL)
    guards.prctl(guards.PR_SET_CHILD_SUBREAPER, 1)
    guards.prctl(guards.PR_SET_DUMPABLE, 0)


def _fork(order: Order, starters: Starters, pipe: int) -> int:
    host = os.getpid()
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        _become_judge(host)
        from grader.judge.judging import judge  # noqa: PLC0415 - as above

        judge(order, starters, pipe)
        code = 0
    finally:
        os._exit(code)


def _reap(judges: set[int]) -> None:
    with contextlib.suppress(ChildProcessError):
        while (pid := os.waitpid(-1, os.WNOHANG)[0]) != 0:
            judges.discard(pid)


def _sweep() -> None:
    """End every process that is left below this one: first all are killed, then waited for."""
    for _ in range(100):
        left = processes.children(os.getpid())
        if not left:
            return
        for pid in processes.tree(os.getpid()):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        for pid in left:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, 0)


def judge_once() -> None:
    """Be one judge, for the order on stdin, and answer on stdout: for systems that cannot fork."""
    from grader.judge.judging import judge, prepare  # noqa: PLC0415 - as above

    prepare()
    pipe = os.dup(1)
    os.dup2(2, 1)
    starters = Starters()
    judge(ORDERS.decode(sys.stdin.buffer.read()), starters, pipe)
    starters.close()


def main(handle: int = -1, kinds: tuple[str, ...] = (), keep: int = 0) -> None:
    """Be a host on the socket of number `handle`, for `kinds` of starters; or without one a single judge."""
    if handle >= 0:
        serve_orders(handle, kinds, keep=bool(keep))
    else:
        judge_once()
