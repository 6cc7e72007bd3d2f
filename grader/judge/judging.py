"""One judge: pytest on one kata's checks, with our own settings, its verdicts written to a pipe."""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec
import pytest

from grader.judge.orders import Line, Order
from grader.judge.plugin import NAME, JudgePlugin
from grader.judge.setup import Setup, Starters

INI: Final = Path(__file__).with_name("pytest.toml")
_UNUSED: Final = (
    "cacheprovider terminal junitxml doctest pastebin stepwise debugging faulthandler logging setuponly setupplan "
    "subtests unraisableexception threadexception"
)
_PLUGINS: Final = (
    "_pytest.helpconfig",
    "_pytest.skipping",
    "_pytest.tracemalloc",
    "_pytest.unittest",
    "_pytest.warnings",
    "pytest_timeout",
    "unittest",
)
"""What pytest imports only when it is run: once, in place of once a judge."""


def prepare() -> None:
    """Import all of pytest, and keep what it reads from its surroundings away from judged runs."""
    for name in _PLUGINS:
        with contextlib.suppress(ModuleNotFoundError):  # another version of pytest has them elsewhere
            importlib.import_module(name)
    for name in ("PYTEST_ADDOPTS", "PYTEST_PLUGINS"):
        os.environ.pop(name, None)
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    sys.dont_write_bytecode = True


def judge(order: Order, starters: Starters, pipe: int) -> None:
    """Run the checks of `order` and write what comes of them to the file descriptor `pipe`."""
    say = _sayer(pipe)
    say(Line(pid=os.getpid()))
    plugin = JudgePlugin(_setup(order, starters), lambda check, left: say(Line(check=check, leftovers=left)))
    pytest.main(arguments(order), plugins=[_Registered(plugin)])
    say(Line(done=True))


Await = Callable[[], tuple[Order, int]]
"""Waits for an order; returns it and its pipe, in a process of its own."""


def judge_later(test_file: str, starters: Starters, await_order: Await) -> None:
    """Collect the checks of `test_file`, let `await_order` come back with an order in a fork of this, and judge it."""
    plugin = JudgePlugin(None, None)
    asked = _Asked(plugin, starters, await_order)
    pytest.main([*_settings(Path(test_file).parent), test_file], plugins=[_Registered(plugin), asked])
    if asked.say is not None:
        asked.say(Line(done=True))


class _Asked:
    """Waits for an order once the checks are collected."""

    def __init__(self, plugin: JudgePlugin, starters: Starters, await_order: Await) -> None:
        self.say: Callable[[Line], None] | None = None
        self._plugin = plugin
        self._starters = starters
        self._await = await_order

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> None:
        """Run the checks that are asked for."""
        if session.testsfailed:
            return  # the file can't be read: pytest ends, and who asks hears nothing
        order, pipe = self._await()
        self.say = say = _sayer(pipe)
        say(Line(pid=os.getpid()))
        self._plugin.serve(_setup(order, self._starters), lambda check, left: say(Line(check=check, leftovers=left)))
        session.items[:] = [item for item in session.items if item.name in order.names]


def _setup(order: Order, starters: Starters) -> Setup:
    return Setup(
        module=order.module,
        file=order.file,
        waits=order.waits,
        probes=order.probes,
        answer=Path(order.answer),
        runs=Path(order.runs),
        starters=starters,
        time_scale=order.time_scale,
        user=order.user,
        schedule=order.schedule,
    )


def _sayer(pipe: int) -> Callable[[Line], None]:
    def say(line: Line) -> None:
        data = memoryview(msgspec.json.encode(line) + b"\n")
        while data:
            data = data[os.write(pipe, data) :]

    return say


class _Registered:
    """Registers the judge's plugin by its name, before the plain one would."""

    def __init__(self, plugin: JudgePlugin) -> None:
        self._plugin = plugin

    @pytest.hookimpl(tryfirst=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        config.pluginmanager.register(self._plugin, NAME)


def arguments(order: Order) -> list[str]:
    """Return pytest's command line for the checks of `order`."""
    return [*_settings(Path(order.test_file).parent), *(f"{order.test_file}::{name}" for name in order.names)]


def _settings(folder: Path) -> list[str]:
    """Return how pytest runs the checks in `folder`: our own settings, nothing of a learner, no plugin but two."""
    args = ["-c", str(INI), "--rootdir", str(folder), "--noconftest", "--import-mode=importlib", "--assert=plain"]
    args += ["-p", "pytest_timeout", "-p", "grader.judge.plugin", "--capture=no"]
    for name in _UNUSED.split():
        args += ["-p", f"no:{name}"]
    return args
