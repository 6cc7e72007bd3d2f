"""The warm starter: a process that has everything imported, of which each learner's process is a fork (Linux).

Run as ``python -P -s -c "…main(serve_module, kind, fd)"`` by `grader.sandbox.launch`. A request is one SEQPACKET
message: JSON with the learner's folder, limits and fences, and four file descriptors (channel, stdout, stderr,
report). The starter hands it to a keeper that is free, or forks one, and the keeper's forker forks the learner's
process; the answers come from those. Single-threaded, because it forks.
"""

from __future__ import annotations

import contextlib
import dataclasses
import gc
import importlib
import json
import os
import resource
import select
import signal
import socket
import time
import traceback
from typing import Final, NoReturn

from grader.sandbox import guards, processes, root
from grader.sandbox.forker import FDS, MAX_REQUEST, Forker, Serve, lower
from grader.sandbox.keeper import Keeper, become_keeper

_FREE: Final = b"free"
_RESTING: Final = 1000
_SWEEPING: Final = 10
"""Milliseconds to wait for a request or the end of a keeper; while there is something left to be swept, less."""
_STACK: Final = 8 * 2**20


def main(serve_module: str, kind: str, handle: int) -> None:
    """Serve requests that come on file descriptor `handle` until nobody is left to send one.

    Args:
        serve_module: the module that runs in the learner's process; its ``prepare(kind)`` returns the function
            that is given the channel. It is named, not imported: nothing outside depends on it.
        kind: ``"bubble"`` or ``"real"``: which clock the learner's code meets.
        handle: the number of the request socket.
    """
    rooted = root.make((*guards.python_paths(), *guards.DEVICES))
    guards.prctl(guards.PR_SET_CHILD_SUBREAPER, 1)
    guards.prctl(guards.PR_SET_DUMPABLE, 0)
    lower(resource.RLIMIT_STACK, _STACK)
    serve = importlib.import_module(serve_module).prepare(kind)
    requests = socket.socket(fileno=handle)
    guards.prepare()
    gc.freeze()
    keepers = _Keepers(serve, rooted=rooted)
    while True:
        if keepers.wait(requests):
            data, handles, _, _ = socket.recv_fds(requests, MAX_REQUEST, FDS)
            if not data:
                os._exit(0)
            keepers.hand(data, handles)
            for number in handles:
                os.close(number)


@dataclasses.dataclass(slots=True)
class _Known:
    """A keeper: the socket on which it takes requests and says that it is free, and since when it is; None if not."""

    link: socket.socket
    free: float | None = None


class _Keepers:
    """The keepers of a starter. Each keeps one learner's process at a time; one that had nothing to do for long goes.

    So it is forked once for many of them, and has its memory to itself by then.

    Args:
        serve: what a learner's process does.
        rooted: whether there is a root folder for it.
    """

    def __init__(self, serve: Serve, *, rooted: bool) -> None:
        self._serve = serve
        self._rooted = rooted
        self._known: dict[int, _Known] = {}

    def wait(self, requests: socket.socket) -> bool:
        """Wait, not for ever, for something to come on `requests`; return whether it did."""
        patience = _SWEEPING if self._sweep() else _RESTING
        poll = select.poll()
        for one in (requests, *(keeper.link for keeper in self._known.values())):
            poll.register(one, select.POLLIN)
        ready = {number for number, _ in poll.poll(patience)}
        for keeper in self._known.values():
            if keeper.link.fileno() in ready and _says_something(keeper.link):
                keeper.free = time.monotonic()
        return requests.fileno() in ready

    def hand(self, request: bytes, handles: list[int]) -> None:
        """Hand `request` to a keeper that is free, or to a new one."""
        for keeper in [keeper for keeper in self._known.values() if keeper.free is not None]:
            if _sent(keeper, request, handles):
                return
        _sent(self._fork(), request, handles)

    def _fork(self) -> _Known:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        pid = os.fork()
        if pid == 0:
            try:
                self._become_keeper(theirs)
            except BaseException:  # noqa: BLE001 - nothing may come back into the starter's loop
                traceback.print_exc()
            finally:
                os._exit(1)
        theirs.close()
        self._known[pid] = _Known(ours)
        return self._known[pid]

    def _become_keeper(self, link: socket.socket) -> NoReturn:
        """Be a keeper, as long as there is a starter that wants one."""
        become_keeper()
        forker = Forker(self._serve, rooted=self._rooted)
        guards.close_all_but({0, 1, 2, link.fileno(), forker.fileno()})
        while not forker.ended:
            data, handles = b"", list[int]()
            with contextlib.suppress(OSError):  # the starter has gone
                data, handles, _, _ = socket.recv_fds(link, MAX_REQUEST, FDS)
            if not data:
                break
            _keep(data, handles, link, forker)
        os._exit(0)

    def _sweep(self) -> bool:
        """Reap what has ended, let keepers go that rest, and end what a killed one left; tell if there was any of that.

        What it left the kernel has given to us.
        """
        with contextlib.suppress(ChildProcessError):
            while (ended := os.waitpid(-1, os.WNOHANG)[0]) != 0:
                if ended in self._known:
                    self._known.pop(ended).link.close()
        for keeper in self._known.values():
            if keeper.free is not None and time.monotonic() - keeper.free > _RESTING / 1000:
                keeper.free = None
                with contextlib.suppress(OSError):  # it has gone by itself
                    keeper.link.shutdown(socket.SHUT_WR)
        left = [pid for pid in processes.children(os.getpid()) if pid not in self._known]
        for pid in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        return bool(left)


def _says_something(link: socket.socket) -> bool:
    """Return whether a keeper said something, and has not ended."""
    try:
        return bool(link.recv(len(_FREE)))
    except OSError:
        return False


def _sent(keeper: _Known, request: bytes, handles: list[int]) -> bool:
    """Send `request` to `keeper`; return False if it has gone."""
    try:
        socket.send_fds(keeper.link, [request], handles)
    except OSError:
        return False
    finally:
        keeper.free = None
    return True


def _keep(data: bytes, handles: list[int], link: socket.socket, forker: Forker) -> None:
    """Keep a learner's process from its start to its end; say on `link` that there is time for another, then report."""
    channel, out, err, report = handles
    births, births_end = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    births.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
    with births, socket.socket(fileno=report) as told:
        learner = forker.start(data, [channel, out, err, births_end.fileno()])
        births_end.close()
        for number in (channel, out, err):
            os.close(number)
        kept = Keeper(learner, told, births, json.loads(data), forker)
        found = kept.run()
        if not forker.ended:
            with contextlib.suppress(OSError):  # the starter has gone
                link.send(_FREE)
        kept.tell(found)
