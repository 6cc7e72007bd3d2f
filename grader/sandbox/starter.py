"""The warm starter: a process that has everything imported and forks a learner's process per request (Linux).

Run as ``python -P -s -c "…main(serve_module, kind, fd)"`` by `grader.sandbox.launch`. A request is one SEQPACKET
message: JSON with the learner's folder, limits and fences, and four file descriptors (channel, stdout, stderr,
report). The starter hands it to a keeper that is free, or forks one, and the keeper forks the learner's process; the
answers come from those. Single-threaded, because it forks.
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
import sys
import time
import traceback
import types
from collections.abc import Callable
from typing import Any, Final, NoReturn

from grader.sandbox import guards, messages, processes, root
from grader.sandbox.keeper import Keeper, become_keeper

_FIRST_FREE: Final = 20
"""File descriptors of ours start here, out of the way of 0, 1 and 2."""
_FDS: Final = 4
_MAX_REQUEST: Final = 65536
_FREE: Final = b"free"
_RESTING: Final = 1000
_SWEEPING: Final = 10
"""Milliseconds to wait for a request or the end of a keeper; while there is something left to be swept, less."""
_STACK: Final = 8 * 2**20
_LIMITS: Final = (
    ("cpu", resource.RLIMIT_CPU),
    ("file_size", resource.RLIMIT_FSIZE),
    ("files", resource.RLIMIT_NOFILE),
)
_ALWAYS: Final = (
    (resource.RLIMIT_CORE, 0),
    (resource.RLIMIT_AS, 16 * 2**30),
    (resource.RLIMIT_SIGPENDING, 1000),  # with the timers that are made: counted for all processes of a user
)


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
    _lower(resource.RLIMIT_STACK, _STACK)
    serve = importlib.import_module(serve_module).prepare(kind)
    requests = socket.socket(fileno=handle)
    guards.prepare()
    gc.freeze()
    keepers = _Keepers(lambda request, handles, link: _keep(request | {"rooted": rooted}, handles, link, serve))
    while True:
        if keepers.wait(requests):
            data, handles, _, _ = socket.recv_fds(requests, _MAX_REQUEST, _FDS)
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


Keep = Callable[[dict[str, Any], list[int], socket.socket], None]
"""Keeps one learner's process, given its request and file descriptors; what tells that there is time for another."""


class _Keepers:
    """The keepers of a starter. Each keeps one learner's process at a time; one that had nothing to do for long goes.

    So it is forked once for many of them, and has its memory to itself by then.

    Args:
        keep: what a keeper does with a request.
    """

    def __init__(self, keep: Keep) -> None:
        self._keep = keep
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
                self._serve(theirs)
            except BaseException:  # noqa: BLE001 - nothing may come back into the starter's loop
                traceback.print_exc()
            finally:
                os._exit(1)
        theirs.close()
        self._known[pid] = _Known(ours)
        return self._known[pid]

    def _serve(self, link: socket.socket) -> NoReturn:
        """Be a keeper, as long as there is a starter that wants one."""
        become_keeper()
        guards.close_all_but({0, 1, 2, link.fileno()})
        while True:
            data, handles, _, _ = socket.recv_fds(link, _MAX_REQUEST, _FDS)
            if not data:
                os._exit(0)
            self._keep(json.loads(data), handles, link)

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


def _keep(request: dict[str, Any], handles: list[int], link: socket.socket, serve: Callable[[Any], None]) -> None:
    """Fork a learner's process and keep it to its end; say on `link` that there is time for another, then report."""
    import fcntl  # noqa: PLC0415 - not there on Windows, where this never runs

    channel, out, err, report = (fcntl.fcntl(n, fcntl.F_DUPFD_CLOEXEC, _FIRST_FREE) for n in handles)
    keeper = os.getpid()
    births, births_end = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    births.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
    learner = os.fork()
    if learner == 0:
        _become_learner(request, keeper, (channel, out, err), births_end)
        os.register_at_fork(after_in_child=lambda: _announce(births_end))
        serve(socket.socket(fileno=channel))
        os._exit(0)
    births_end.close()
    for number in (channel, out, err, *handles):
        os.close(number)
    with births, socket.socket(fileno=report) as told:
        kept = Keeper(learner, told, births, request)
        found = kept.run()
        with contextlib.suppress(OSError):  # the starter has gone
            link.send(_FREE)
        kept.tell(found)


def _become_learner(request: dict[str, Any], keeper: int, handles: tuple[int, int, int], births: socket.socket) -> None:
    """Turn this fork into the learner's process: root folder, streams, folder, limits, fences, in this order."""
    os.setsid()
    if request["rooted"]:
        root.enter(request["folder"], request["temp"], request["shared"])
    channel, out, err = handles
    for number, target in ((os.open(os.devnull, os.O_RDONLY), 0), (out, 1), (err, 2)):
        os.dup2(number, target)
    guards.close_all_but({0, 1, 2, channel, births.fileno()})
    os.chdir(request["folder"])
    os.environ.update(request["environment"])
    for name, limit in _LIMITS:
        _lower(limit, int(request["limits"][name]), grace=name == "cpu")
    for number, most in _ALWAYS:
        _lower(number, most)
    if request["user"] is not None:
        os.setgroups([])
        os.setgid(request["user"])
        os.setuid(request["user"])
    guards.prctl(guards.PR_SET_DUMPABLE, 1)  # else it could not read its own /proc/self/fd
    guards.die_with_parent(keeper, signal.SIGKILL)
    guards.drop_capabilities()
    guards.refuse_new_privileges()
    fence = guards.Fence(guards.python_paths(), tuple(request["write"]), tuple(request["ports"]))
    fenced, filtered = guards.landlock(fence), guards.seccomp(tcp=bool(fence.ports))
    if (guards.landlock_abi() and not fenced) or (guards.seccomp_available() and not filtered):
        raise OSError(messages.GUARD_REFUSED)
    sys.modules["__main__"] = types.ModuleType("__main__")


def _announce(births: socket.socket) -> None:
    """Let the keeper know of this fork, which may be gone before it looks again; who sends is the kernel's word."""
    with contextlib.suppress(OSError):
        births.send(b"!", socket.MSG_DONTWAIT)


def _lower(limit: int, value: int, *, grace: bool = False) -> None:
    """Set `limit` to `value`, or leave it where it is lower already.

    With `grace` the hard limit is a little higher: at the soft one there is a signal that tells what was exceeded.
    """
    _, hard = resource.getrlimit(limit)
    if hard == resource.RLIM_INFINITY:
        hard = value + 1
    resource.setrlimit(limit, (min(value, hard), min(value + grace, hard)))
