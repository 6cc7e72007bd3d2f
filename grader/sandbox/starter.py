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
from collections.abc import Callable
from typing import Any, Final

from grader.sandbox import guards, processes
from grader.sandbox.keeper import Keeper, become_keeper

_FIRST_FREE: Final = 20
"""File descriptors of ours start here, out of the way of 0, 1 and 2."""
_FDS: Final = 4
_ADDRESS_SPACE: Final = 16 * 2**30
_STACK: Final = 8 * 2**20
_LIMITS: Final = (
    ("cpu", resource.RLIMIT_CPU),
    ("file_size", resource.RLIMIT_FSIZE),
    ("files", resource.RLIMIT_NOFILE),
)


def main(serve_module: str, kind: str, handle: int) -> None:
    """Serve requests that come on file descriptor `handle` until nobody is left to send one.

    Args:
        serve_module: the module that runs in the learner's process; its ``prepare(kind)`` returns the function
            that is given the channel. It is named, not imported: nothing outside depends on it.
        kind: ``"bubble"`` or ``"real"``: which clock the learner's code meets.
        handle: the number of the request socket.
    """
    guards.prctl(guards.PR_SET_CHILD_SUBREAPER, 1)
    guards.prctl(guards.PR_SET_DUMPABLE, 0)
    _lower(resource.RLIMIT_STACK, _STACK)
    serve = importlib.import_module(serve_module).prepare(kind)
    requests = socket.socket(fileno=handle)
    gc.freeze()
    keepers: set[int] = set()
    poll = select.poll()
    poll.register(requests, select.POLLIN)
    while True:
        if poll.poll(1000):
            data, handles, _, _ = socket.recv_fds(requests, 65536, _FDS)
            if not data:
                os._exit(0)
            keepers.add(_start(json.loads(data), handles, serve))
            for number in handles:
                os.close(number)
        _reap(keepers)


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
    learner = os.fork()
    if learner == 0:
        _become_learner(request, keeper, (channel, out, err))
        serve(socket.socket(fileno=channel))
        os._exit(0)
    guards.close_all_but({2, report})
    Keeper(learner, socket.socket(fileno=report), request["limits"]).run()
    os._exit(0)


def _become_learner(request: dict[str, Any], keeper: int, handles: tuple[int, int, int]) -> None:
    """Turn this fork into the learner's process: streams, folder, limits, fences, in this order."""
    os.setsid()
    channel, out, err = handles
    null = os.open(os.devnull, os.O_RDONLY)
    for number, target in ((null, 0), (out, 1), (err, 2)):
        os.dup2(number, target)
    guards.close_all_but({0, 1, 2, channel})
    os.chdir(request["folder"])
    for name, value in request["environment"].items():
        os.environ[name] = value
    for name, limit in _LIMITS:
        _lower(limit, int(request["limits"][name]), grace=name == "cpu")
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_AS, _ADDRESS_SPACE)
    if request["user"] is not None:
        os.setgroups([])
        os.setgid(request["user"])
        os.setuid(request["user"])
    guards.prctl(guards.PR_SET_DUMPABLE, 1)  # else it could not read its own /proc/self/fd
    guards.die_with_parent(keeper, signal.SIGKILL)
    guards.drop_capabilities()
    guards.refuse_new_privileges()
    guards.landlock(guards.Fence(guards.python_paths(), tuple(request["write"]), tuple(request["ports"])))
    guards.seccomp()
    sys.modules["__main__"] = types.ModuleType("__main__")


def _lower(limit: int, value: int, *, grace: bool = False) -> None:
    """Set `limit` to `value`, or leave it where it is lower already.

    With `grace` the hard limit is a little higher: at the soft one there is a signal that tells what was exceeded.
    """
    _, hard = resource.getrlimit(limit)
    if hard == resource.RLIM_INFINITY:
        hard = value + 1
    resource.setrlimit(limit, (min(value, hard), min(value + grace, hard)))


def _reap(keepers: set[int]) -> None:
    """Reap keepers that have ended, and end what a killed one left, which the kernel has given to us."""
    with contextlib.suppress(ChildProcessError):
        while (pid := os.waitpid(-1, os.WNOHANG)[0]) != 0:
            keepers.discard(pid)
    for pid in processes.children(os.getpid()):
        if pid not in keepers:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
