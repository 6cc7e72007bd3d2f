"""The forker: forks a keeper's learner's processes, and each turns itself into one there (Linux).

What a keeper gets to know of one of them, the next one, whose memory is a copy, must not find in it. So the keeper has
them forked by another process, forked before it knew anything, which sees requests only. They are its children, and
what they leave behind still comes to the keeper, who is above both.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import resource
import signal
import socket
import sys
import types
from collections.abc import Callable, Sequence
from typing import Any, Final, NoReturn

from grader.sandbox import guards, messages, root

FDS: Final = 4
"""File descriptors that come with a request."""
MAX_REQUEST: Final = 65536

_FIRST_FREE: Final = 20
"""File descriptors of ours start here, out of the way of 0, 1 and 2."""
_MAX_ANSWER: Final = 256
_REAP: Final = b"reap"
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

Serve = Callable[[socket.socket], None]
"""Serves a channel, and comes to an end."""


class Forker:
    """The keeper's end of it; it is forked here.

    Args:
        serve: what the learner's process does.
        rooted: whether there is a root folder for it.

    Attributes:
        pid: its number.
        rooted: as it was given.
        ended: whether it was ended here.
    """

    def __init__(self, serve: Serve, *, rooted: bool) -> None:
        self._link, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.rooted = rooted
        self.ended = False
        keeper = os.getpid()
        self.pid = os.fork()
        if self.pid == 0:
            guards.die_with_parent(keeper, signal.SIGKILL)
            guards.close_all_but({0, 1, 2, theirs.fileno()})
            _fork_learners(theirs, serve, rooted=rooted)
        theirs.close()

    def fileno(self) -> int:
        """Return the number of the socket to it."""
        return self._link.fileno()

    def start(self, request: bytes, handles: Sequence[int]) -> int:
        """Fork a learner's process as `request` says; return its pid.

        Args:
            request: as `grader.sandbox.launch` writes it.
            handles: its channel, stdout, stderr, and where what it forks makes itself known.

        Raises:
            OSError: if that was not possible.
        """
        socket.send_fds(self._link, [request], handles)
        return int(self._answer())

    def reap(self) -> tuple[int, float]:
        """Return the exit status of that process, which has ended, and the CPU seconds of it and those it waited for.

        Raises:
            OSError: if it can't be had.
        """
        self._link.send(_REAP)
        status, seconds = json.loads(self._answer())
        return int(status), float(seconds)

    def end(self) -> None:
        """End it; its children become the keeper's."""
        self.ended = True
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)

    def _answer(self) -> bytes:
        data = self._link.recv(_MAX_ANSWER)
        if not data:
            raise OSError(messages.FORKER_KILLED)
        return data


def _fork_learners(link: socket.socket, serve: Serve, *, rooted: bool) -> NoReturn:
    """Fork a learner's process for each request that comes on `link`, one after the other."""
    while True:
        request, handles, _, _ = socket.recv_fds(link, MAX_REQUEST, FDS)
        if not request:
            os._exit(0)
        parent = os.getpid()
        learner = os.fork()
        if learner == 0:
            _be_a_learner(json.loads(request), parent, handles, serve, rooted=rooted)
        for number in handles:
            os.close(number)
        link.send(str(learner).encode())
        if not link.recv(len(_REAP)):
            os._exit(0)
        _, status, usage = os.wait4(learner, 0)
        link.send(json.dumps([status, usage.ru_utime + usage.ru_stime]).encode())


def _be_a_learner(
    request: dict[str, Any], parent: int, handles: Sequence[int], serve: Serve, *, rooted: bool
) -> NoReturn:
    channel, births = _become_learner(request, parent, handles, rooted=rooted)
    os.register_at_fork(after_in_child=lambda: _announce(births))
    serve(channel)
    os._exit(0)


def _become_learner(
    request: dict[str, Any], parent: int, handles: Sequence[int], *, rooted: bool
) -> tuple[socket.socket, socket.socket]:
    """Turn this fork into the learner's process: root folder, streams, folder, limits, fences, in this order.

    Returns:
        Its channel, and the socket on which what it forks makes itself known.
    """
    os.setsid()
    channel, out, err, births = (fcntl.fcntl(number, fcntl.F_DUPFD_CLOEXEC, _FIRST_FREE) for number in handles)
    if rooted:
        root.enter(request["folder"], request["temp"], request["shared"])
    for number, target in ((os.open(os.devnull, os.O_RDONLY), 0), (out, 1), (err, 2)):
        os.dup2(number, target)
    guards.close_all_but({0, 1, 2, channel, births})
    os.chdir(request["folder"])
    os.environ.update(request["environment"])
    for name, limit in _LIMITS:
        lower(limit, int(request["limits"][name]), grace=name == "cpu")
    for number, most in _ALWAYS:
        lower(number, most)
    if request["user"] is not None:
        os.setgroups([])
        os.setgid(request["user"])
        os.setuid(request["user"])
    guards.prctl(guards.PR_SET_DUMPABLE, 1)  # else it could not read its own /proc/self/fd
    guards.die_with_parent(parent, signal.SIGKILL)
    guards.drop_capabilities()
    guards.refuse_new_privileges()
    fence = guards.Fence(guards.python_paths(), tuple(request["write"]), tuple(request["ports"]))
    fenced, filtered = guards.landlock(fence), guards.seccomp(tcp=bool(fence.ports))
    if (guards.landlock_abi() and not fenced) or (guards.seccomp_available() and not filtered):
        raise OSError(messages.GUARD_REFUSED)
    sys.modules["__main__"] = types.ModuleType("__main__")
    return socket.socket(fileno=channel), socket.socket(fileno=births)


def _announce(births: socket.socket) -> None:
    """Let the keeper know of this fork, which may be gone before it looks again; who sends is the kernel's word."""
    with contextlib.suppress(OSError):
        births.send(b"!", socket.MSG_DONTWAIT)


def lower(limit: int, value: int, *, grace: bool = False) -> None:
    """Set `limit` to `value`, or leave it where it is lower already.

    With `grace` the hard limit is a little higher: at the soft one there is a signal that tells what was exceeded.
    """
    _, hard = resource.getrlimit(limit)
    if hard == resource.RLIM_INFINITY:
        hard = value + 1
    resource.setrlimit(limit, (min(value, hard), min(value + grace, hard)))
