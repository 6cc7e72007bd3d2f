"""One judge: pytest on one kata's checks, with our own settings, its verdicts written to a pipe."""

from __future__ import annotations

import os
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
        schedule=order.schedule,
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
