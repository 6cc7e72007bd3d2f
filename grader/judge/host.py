"""Judges: processes that run one kata's checks. Forked from a host that has imported pytest, where that can be.

A judge is asked by one line of JSON, and answers on its pipe with one line a check, then ``{"done": true}``. What
is missing from that was not judged.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sys
from pathlib import Path
from typing import Final

import msgspec
import pytest

from grader.judge.orders import Line, Order
from grader.judge.plugin import NAME, JudgePlugin
from grader.judge.setup import Setup, Starters
from grader.sandbox import guards, processes

INI: Final = Path(__file__).with_name("pytest.toml")
_UNUSED: Final = (
    "cacheprovider terminal junitxml doctest pastebin stepwise debugging faulthandler logging setuponly setupplan "
    "subtests"
)


def judge(order: Order, starters: Starters, pipe: int) -> None:
    """Run the checks of `order` and write what comes of them to the file descriptor `pipe`."""

    def say(line: Line) -> None:
        data = memoryview(msgspec.json.encode(line) + b"\n")
        while data:
            data = data[os.write(pipe, data) :]

    say(Line(pid=os.getpid()))
    setup = Setup(
        module=order.module,
        file=order.file,
        waits=order.waits,
        probes=order.probes,
        answer=Path(order.answer),
        runs=Path(order.runs),
        starters=starters,
        time_scale=order.time_scale,
        user=order.user,
    )
    plugin = JudgePlugin(setup, lambda check, leftovers: say(Line(check=check, leftovers=leftovers)))
    pytest.main(arguments(order), plugins=[_Registered(plugin)])
    say(Line(done=True))


class _Registered:
    """Registers the judge's plugin by its name, before the plain one would."""

    def __init__(self, plugin: JudgePlugin) -> None:
        self._plugin = plugin

    @pytest.hookimpl(tryfirst=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        config.pluginmanager.register(self._plugin, NAME)


def arguments(order: Order) -> list[str]:
    """Return pytest's command line: our own settings, nothing of the learner's folder, no plugin but two."""
    folder = str(Path(order.test_file).parent)
    args = ["-c", str(INI), "--rootdir", folder, "--noconftest", "--import-mode=importlib", "--assert=plain"]
    args += ["-p", "pytest_timeout", "-p", "grader.judge.plugin", "--capture=no"]
    for name in _UNUSED.split():
        args += ["-p", f"no:{name}"]
    return [*args, *(f"{order.test_file}::{name}" for name in order.names)]


def serve_orders(handle: int, kinds: tuple[str, ...]) -> None:
    """Be a host: fork a judge for each order that comes on the socket `handle`, with its pipe beside it.

    Args:
        handle: file descriptor of a SEQPACKET socket; its end is the end of the run.
        kinds: the starters that will be needed: ``"bubble"``, ``"real"``.
    """
    guards.prctl(guards.PR_SET_CHILD_SUBREAPER, 1)
    guards.prctl(guards.PR_SET_DUMPABLE, 0)
    prepare()
    orders = socket.socket(fileno=handle)
    starters = Starters()
    for kind in kinds:
        starters.warm_up(kind)
    judges: set[int] = set()
    orders.settimeout(0.5)
    while True:
        try:
            data, handles, _, _ = socket.recv_fds(orders, 2**20, 1)
        except TimeoutError:
            _reap(judges)
            continue
        if not data:
            break
        judges.add(_fork(msgspec.json.decode(data, type=Order), starters, handles[0]))
        os.close(handles[0])
    for pid in judges:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    starters.close()
    _sweep()


def prepare() -> None:
    """Keep what pytest reads from its surroundings away from judged runs."""
    for name in ("PYTEST_ADDOPTS", "PYTEST_PLUGINS"):
        os.environ.pop(name, None)
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    sys.dont_write_bytecode = True


def _fork(order: Order, starters: Starters, pipe: int) -> int:
    host = os.getpid()
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        os.setsid()
        guards.die_with_parent(host, signal.SIGKILL)
        guards.prctl(guards.PR_SET_CHILD_SUBREAPER, 1)
        guards.prctl(guards.PR_SET_DUMPABLE, 0)
        judge(order, starters, pipe)
        code = 0
    finally:
        os._exit(code)


def _reap(judges: set[int]) -> None:
    with contextlib.suppress(ChildProcessError):
        while (pid := os.waitpid(-1, os.WNOHANG)[0]) != 0:
            judges.discard(pid)


def _sweep() -> None:
    """End every process that is left below this one."""
    for _ in range(100):
        left = processes.children(os.getpid())
        if not left:
            return
        for pid in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, 0)


def judge_once(text: str) -> None:
    """Be one judge, and answer on stdout: for systems that cannot fork."""
    prepare()
    pipe = os.dup(1)
    os.dup2(2, 1)
    starters = Starters()
    judge(msgspec.json.decode(text, type=Order), starters, pipe)
    starters.close()


def main(first: int | str, kinds: tuple[str, ...] = ()) -> None:
    """Be a host on a socket's number, or one judge for an order's text."""
    if isinstance(first, int):
        serve_orders(first, kinds)
    else:
        judge_once(first)
