"""The warm starter: a process that has everything imported and forks a learner's process per request (Linux).

Run as ``python -P -s -c "…main(serve_module, kind, fd)"`` by `grader.sandbox.launch`. A request is one SEQPACKET
message: JSON with the learner's folder, limits and fences, and four file descriptors (channel, stdout, stderr,
report). The starter forks a keeper for it, and the keeper the learner's process; the answers come from those.
Single-threaded, because it forks.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import resource
import select
import signal
import socket
import sys
import traceback
import types
from collections.abc import Callable, Collection
from typing import Any, Final

from grader.sandbox import guards, messages, processes, root
from grader.sandbox.keeper import Keeper, become_keeper

_FIRST_FREE: Final = 20
"""File descriptors of ours start here, out of the way of 0, 1 and 2."""
_FDS: Final = 4
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
    gc.freeze()
    keepers: dict[int, int] = {}
    poll = select.poll()
    poll.register(requests, select.POLLIN)
    while True:
        patience = _SWEEPING if _sweep(keepers) else _RESTING
        ready = [number for number, _ in poll.poll(patience)]
        if requests.fileno() in ready:
            data, handles, _, _ = socket.recv_fds(requests, 65536, _FDS)
            if not data:
                os._exit(0)
            pid = _start(json.loads(data) | {"rooted": rooted}, handles, serve)
            keepers[pid] = os.pidfd_open(pid)
            poll.register(keepers[pid], select.POLLIN)
            for number in handles:
                os.close(number)
        for pid in [pid for pid, handle in keepers.items() if handle in ready]:
            poll.unregister(keepers[pid])
            os.close(keepers.pop(pid))


def _start(request: dict[str, Any], handles: list[int], serve: Callable[[socket.socket], None]) -> int:
    """Fork a keeper, which forks the learner's process; return the keeper's pid."""
    pid = os.fork()
    if pid:
        return pid
    try:
        _keep(request, handles, serve)
    except BaseException:  # noqa: BLE001 - nothing may come back into the starter's loop
        traceback.print_exc()
    finally:
        os._exit(1)


def _keep(request: dict[str, Any], handles: list[int], serve: Callable[[socket.socket], None]) -> None:
    import fcntl  # noqa: PLC0415 - not there on Windows, where this never runs

    channel, out, err, report = (fcntl.fcntl(n, fcntl.F_DUPFD_CLOEXEC, _FIRST_FREE) for n in handles)
    become_keeper()
    keeper = os.getpid()
    births, births_end = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    births.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
    learner = os.fork()
    if learner == 0:
        _become_learner(request, keeper, (channel, out, err), births_end)
        os.register_at_fork(after_in_child=lambda: _announce(births_end))
        serve(socket.socket(fileno=channel))
        os._exit(0)
    guards.close_all_but({2, report, births.fileno()})
    births_end.detach()  # closed by now
    Keeper(learner, socket.socket(fileno=report), births, request).run()
    os._exit(0)


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


def _sweep(keepers: Collection[int]) -> bool:
    """Reap what has ended, and end what a killed keeper left, which the kernel has given to us; tell if there was any.

    A keeper that has ended is no child after this, and its pid is none of `keepers` once its pidfd was heard.
    """
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0] != 0:
            pass
    left = [pid for pid in processes.children(os.getpid()) if pid not in keepers]
    for pid in left:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return bool(left)
